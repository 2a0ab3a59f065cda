using System.Buffers.Binary;
using System.Security.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Blocks;

/// <summary>Names a transaction within one block: the first 6 bytes of SHA-256(block hash ‖ leaf), as a big-endian number.</summary>
/// <param name="Value">0 to 2^48 − 1.</param>
public readonly record struct ShortId(ulong Value)
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 6;

    /// <summary>The short id of a transaction.</summary>
    /// <param name="block">The block's hash.</param>
    /// <param name="leaf">The transaction's <see cref="Transactions.Transaction.Leaf"/>.</param>
    public static ShortId Of(in Hash256 block, in Hash256 leaf)
    {
        Span<byte> input = stackalloc byte[2 * Hash256.Size];
        block.Span.CopyTo(input);
        leaf.Span.CopyTo(input[Hash256.Size..]);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(input, digest);
        return Read(digest);
    }

    /// <summary>Reads the first 6 bytes.</summary>
    public static ShortId Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[sizeof(ushort)..]));

    /// <summary>Writes 6 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[sizeof(ushort)..], (uint)Value);
    }
}
