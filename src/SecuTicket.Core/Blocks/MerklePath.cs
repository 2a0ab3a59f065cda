using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Blocks;

/// <summary>On which side of the path its partner stands.</summary>
public enum MerkleSide
{
    /// <summary>The partner is hashed first.</summary>
    Left,

    /// <summary>The partner is hashed last.</summary>
    Right,
}

/// <summary>One step up a <see cref="MerkleTree"/>.</summary>
/// <param name="Hash">The partner.</param>
/// <param name="Side">Where the partner stands.</param>
public readonly record struct MerkleStep(Hash256 Hash, MerkleSide Side);

/// <summary>What leads from a leaf to the root of a <see cref="MerkleTree"/>: proof that the leaf is under that root, and which of how many it is.</summary>
/// <remarks>
/// RFC 6962, section 2.1.1. Index and count fix how many steps there are and on which side each partner stands; a path of another shape is refused, so that
/// one leaf of one tree has one path.
/// </remarks>
/// <param name="Index">Which leaf, from 0.</param>
/// <param name="Count">How many leaves the tree has.</param>
/// <param name="Steps">From the leaf upwards; a hash without a partner goes up without a step.</param>
public sealed record MerklePath(int Index, int Count, EquatableArray<MerkleStep> Steps)
{
    /// <summary>Most steps there can be: a tree has fewer than 2^31 leaves.</summary>
    public const int MaxSteps = 31;

    /// <summary>Where the path leads from <paramref name="leaf"/>.</summary>
    /// <returns>The root, or <c>invalid_root</c>: the path has not the shape that index and count give it, so it leads nowhere.</returns>
    public Verdict<Hash256> RootOf(in Hash256 leaf)
    {
        if (Count < 1 || Index < 0 || Index >= Count) return Refuse($"there is no leaf {Index} of {Count}");

        var (hash, taken) = (leaf, 0);
        for (var (at, count) = (Index, Count); count > 1; at /= 2, count -= count / 2)
        {
            if (at % 2 == 0 && at + 1 == count) continue;
            if (taken == Steps.Count) return Refuse($"it ends after {taken} steps, below the root");

            var side = at % 2 == 1 ? MerkleSide.Left : MerkleSide.Right;
            var step = Steps[taken++];
            if (step.Side != side) return Refuse($"the partner of step {taken} stands on the {step.Side}, expected {side}");

            hash = side == MerkleSide.Left ? MerkleTree.Node(step.Hash, hash) : MerkleTree.Node(hash, step.Hash);
        }

        return taken == Steps.Count ? hash : Refuse($"it has {Steps.Count} steps, {taken} lead to the root");
    }

    private static Refusal Refuse(string why) => new(RefusalCodes.InvalidRoot, $"The Merkle path does not fit its leaf's index and count: {why}.");
}
