using System.Runtime.InteropServices;
using SecuTicket.Core.Cryptography.Lanes;
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

    // A power of two, so that its root is a node of the tree: 64 KiB, which stay in a core's cache while their layers are made.
    private const int SubtreeLeaves = 2_048;

    /// <summary>The root over <paramref name="leaves"/>, in order.</summary>
    public static Hash256 Root(IReadOnlyList<Hash256> leaves) => Root(leaves, LaneWidths.ForNodes);

    /// <summary>The same in lanes of one width.</summary>
    internal static Hash256 Root(IReadOnlyList<Hash256> leaves, LaneWidth width)
    {
        if (leaves.Count == 0) return Hash256.Sha256([]);

        var nodes = leaves as Hash256[] ?? leaves.ToArray();
        var layer = new HashLayer(Math.Min(nodes.Length, SubtreeLeaves));
        while (nodes.Length > 1)
        {
            // What each subtree has for its root are the leaves of the next round.
            var roots = new Hash256[(nodes.Length + SubtreeLeaves - 1) / SubtreeLeaves];
            for (var i = 0; i < roots.Length; i++)
            {
                layer.Load(MemoryMarshal.AsBytes(nodes.AsSpan(i * SubtreeLeaves, Math.Min(SubtreeLeaves, nodes.Length - (i * SubtreeLeaves)))));
                while (layer.Count > 1) layer.Rise(NodeTag, layer, width);
                roots[i] = In(layer, 0);
            }

            nodes = roots;
        }

        return nodes[0];
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
        var layers = new List<HashLayer> { new(leaves.Count) };
        layers[0].Load(MemoryMarshal.AsBytes<Hash256>(leaves as Hash256[] ?? leaves.ToArray()));
        while (layers[^1].Count > 1)
        {
            var above = new HashLayer((layers[^1].Count + 1) / 2);
            layers[^1].Rise(NodeTag, above, LaneWidths.ForNodes);
            layers.Add(above);
        }

        return [.. indexes.Select(index => PathIn(layers, index))];
    }

    private static MerklePath PathIn(List<HashLayer> layers, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, layers[0].Count);
        var steps = new List<MerkleStep>();
        for (var (depth, at) = (0, index); layers[depth].Count > 1; depth++, at /= 2)
        {
            if (at % 2 == 1) steps.Add(new MerkleStep(In(layers[depth], at - 1), MerkleSide.Left));
            else if (at + 1 < layers[depth].Count) steps.Add(new MerkleStep(In(layers[depth], at + 1), MerkleSide.Right));
        }

        return new MerklePath(index, layers[0].Count, [.. steps]);
    }

    private static Hash256 In(HashLayer layer, int index)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        layer.CopyTo(index, hash);
        return new Hash256(hash);
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
