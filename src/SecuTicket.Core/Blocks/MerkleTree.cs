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

    private static Hash256 Node(in Hash256 left, in Hash256 right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Hash256.Size)];
        bytes[0] = NodeTag;
        left.Span.CopyTo(bytes[1..]);
        right.Span.CopyTo(bytes[(1 + Hash256.Size)..]);
        return Hash256.Sha256(bytes);
    }
}
