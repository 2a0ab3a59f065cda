using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Blocks;

/// <summary>A tree of hashes over a block's transactions: its root commits to all of them and to their order.</summary>
/// <remarks>
/// A node is SHA-256(0x01 ‖ left ‖ right); leaves carry the tag 0x00 (see <see cref="Transactions.Transaction.Leaf"/>), so no node can be passed off as a leaf. A hash
/// without a partner goes up as it is and is never doubled: in Bitcoin's tree two lists of transactions can have one root (CVE-2012-2459). This is the tree
/// of RFC 6962, section 2.1. The root of no leaves is SHA-256 of nothing.
/// </remarks>
public static class MerkleTree
{
    private const byte NodeTag = 0x01;

    /// <summary>The root over <paramref name="leaves"/>, in order.</summary>
    public static Hash256 Root(IReadOnlyList<Hash256> leaves)
    {
        if (leaves.Count == 0) return Hash256.Sha256([]);

        var layer = leaves.ToArray();
        for (var count = layer.Length; count > 1; count = (count + 1) / 2)
        {
            for (var i = 0; i < count / 2; i++) layer[i] = Node(layer[2 * i], layer[(2 * i) + 1]);
            if (count % 2 == 1) layer[count / 2] = layer[count - 1];
        }

        return layer[0];
    }

    /// <summary>What leads from one leaf to the root.</summary>
    /// <param name="leaves">All leaves, in order.</param>
    /// <param name="index">Which one, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static MerklePath PathOf(IReadOnlyList<Hash256> leaves, int index) => PathsOf(leaves, [index])[0];

    /// <summary>What leads from each of some leaves to the root; the tree is made once for all of them.</summary>
    /// <param name="leaves">All leaves, in order.</param>
    /// <param name="indexes">Which ones, from 0.</param>
    /// <returns>A path for each index, in the order of <paramref name="indexes"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<MerklePath> PathsOf(IReadOnlyList<Hash256> leaves, IReadOnlyList<int> indexes)
    {
        var layers = new List<Hash256[]> { leaves.ToArray() };
        while (layers[^1].Length > 1)
        {
            var below = layers[^1];
            var layer = new Hash256[(below.Length + 1) / 2];
            for (var i = 0; i < layer.Length; i++) layer[i] = (2 * i) + 1 < below.Length ? Node(below[2 * i], below[(2 * i) + 1]) : below[2 * i];
            layers.Add(layer);
        }

        return [.. indexes.Select(index => PathIn(layers, index))];
    }

    private static MerklePath PathIn(List<Hash256[]> layers, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, layers[0].Length);
        var steps = new List<MerkleStep>();
        for (var (depth, at) = (0, index); layers[depth].Length > 1; depth++, at /= 2)
        {
            if (at % 2 == 1) steps.Add(new MerkleStep(layers[depth][at - 1], MerkleSide.Left));
            else if (at + 1 < layers[depth].Length) steps.Add(new MerkleStep(layers[depth][at + 1], MerkleSide.Right));
        }

        return new MerklePath(index, layers[0].Length, [.. steps]);
    }

    /// <summary>The hash of a node.</summary>
    internal static Hash256 Node(in Hash256 left, in Hash256 right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Hash256.Size)];
        bytes[0] = NodeTag;
        left.Span.CopyTo(bytes[1..]);
        right.Span.CopyTo(bytes[(1 + Hash256.Size)..]);
        return Hash256.Sha256(bytes);
    }
}
