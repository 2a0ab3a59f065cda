using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>Keccak-256 of many short messages of one length, as many at once as there are lanes of 64 bits.</summary>
internal static class ManyKeccaks
{
    /// <summary>Bytes of the longest message: it fits one block with the padding.</summary>
    public const int MaxSize = Rate - 1;

    /// <summary>Bytes of a digest.</summary>
    public const int DigestSize = Keccak256.Size;

    private const int Rate = 136;
    private const int Words = 25;

    /// <summary>Hashes messages that lie one after the other.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="size">Bytes of each, at most <see cref="MaxSize"/>.</param>
    /// <param name="digests">Where the digests are put, 32 bytes each, in order.</param>
    public static void Hash(ReadOnlySpan<byte> messages, int size, Span<byte> digests) => Hash(messages, size, digests, LaneWidths.Widest);

    /// <summary>The same in lanes of one width; those of 128 bits would hold two words, which is not worth a vector.</summary>
    public static void Hash(ReadOnlySpan<byte> messages, int size, Span<byte> digests, LaneWidth width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)MaxSize, nameof(size));
        var lanes = width switch { LaneWidth.Vector512 => Vector512<ulong>.Count, LaneWidth.Vector256 => Vector256<ulong>.Count, _ => 1 };
        Span<ulong> state = stackalloc ulong[Words * Vector512<ulong>.Count];
        for (var (first, count) = (0, digests.Length / DigestSize); first < count; first += lanes)
        {
            var some = Math.Min(lanes, count - first);
            if (lanes == 1 || some == 1)
            {
                for (var i = first; i < first + some; i++) Keccak256.Hash(messages.Slice(i * size, size), digests.Slice(i * DigestSize, DigestSize));
                continue;
            }

            var words = state[..(Words * lanes)];
            words.Clear();
            for (var lane = 0; lane < some; lane++) Load(messages.Slice((first + lane) * size, size), words[lane..], lanes);
            if (lanes == Vector512<ulong>.Count) KeccakPermutation<Vector512Words, Vector512<ulong>>.Permute(MemoryMarshal.Cast<ulong, Vector512<ulong>>(words));
            else KeccakPermutation<Vector256Words, Vector256<ulong>>.Permute(MemoryMarshal.Cast<ulong, Vector256<ulong>>(words));
            for (var lane = 0; lane < some; lane++)
                for (var word = 0; word < DigestSize / sizeof(ulong); word++) BinaryPrimitives.WriteUInt64LittleEndian(digests[(((first + lane) * DigestSize) + (word * sizeof(ulong)))..], words[(word * lanes) + lane]);
        }
    }

    // The first words of all lanes stand together, then all second ones.
    private static void Load(ReadOnlySpan<byte> message, Span<ulong> lane, int lanes)
    {
        Span<byte> block = stackalloc byte[Rate];
        block.Clear();
        message.CopyTo(block);
        block[message.Length] = 0x01;
        block[^1] |= 0x80;
        for (var word = 0; word < Rate / sizeof(ulong); word++) lane[word * lanes] = BinaryPrimitives.ReadUInt64LittleEndian(block[(word * sizeof(ulong))..]);
    }
}
