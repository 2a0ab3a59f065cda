using System.Buffers.Binary;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Blocks one after the other, each as length (4 bytes, big-endian) ‖ stored form: how <c>GET /chain/export</c> and a chain's file hold them.</summary>
public static class BlockFrames
{
    /// <summary>Bytes before each block.</summary>
    public const int LengthSize = sizeof(uint);

    /// <summary>Writes one block.</summary>
    public static void Write(Stream destination, ReadOnlySpan<byte> block)
    {
        Span<byte> length = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)block.Length);
        destination.Write(length);
        destination.Write(block);
    }

    /// <summary>Takes what <see cref="Write"/> wrote apart.</summary>
    /// <param name="bytes">Whole blocks.</param>
    /// <param name="maxBlockSize">More bytes are no block of the chain.</param>
    /// <returns>Each block's stored form, or <c>invalid_block</c>: the last one is cut short, or one says that it is longer than any may be.</returns>
    public static Verdict<EquatableArray<ReadOnlyMemory<byte>>> Split(ReadOnlyMemory<byte> bytes, int maxBlockSize)
    {
        var blocks = new List<ReadOnlyMemory<byte>>();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < LengthSize) return CutShort;

            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
            if (length > maxBlockSize) return TooLong(length, maxBlockSize);
            if (bytes.Length - LengthSize < length) return CutShort;

            blocks.Add(bytes.Slice(LengthSize, (int)length));
            bytes = bytes[(LengthSize + (int)length)..];
        }

        return new EquatableArray<ReadOnlyMemory<byte>>([.. blocks]);
    }

    internal static Refusal CutShort { get; } = new(RefusalCodes.InvalidBlock, "The last block is cut short.");

    internal static Refusal TooLong(uint length, int maxBlockSize) => new(RefusalCodes.InvalidBlock, $"A block says that it takes {length} bytes, at most {maxBlockSize} are allowed on this chain.");
}
