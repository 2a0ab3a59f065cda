using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>SHA-256 of many messages of different lengths, as many at once as there are lanes.</summary>
/// <remarks>
/// A lane that is through with its message takes the next one, after «multi-buffer» hashing (Gulley, Gopal, Yap, Feghali and Guilford, Intel, 2012). Asking the platform costs more than hashing
/// a message as short as a transaction does, so this is what a block's ids are made by. Where SHA instructions can be had without asking, up to eight lanes cost more than they do (<see cref="LaneWidths.ForMessages"/>):
/// they reach a compression of the same cost, but a message has to be put into a lane word by word.
/// </remarks>
internal static class ManyHashes
{
    private const int Size = SHA256.HashSizeInBytes;

    // Fewer cost less one by one.
    private const int LeastInLanes = 4;

    // A longer one alone in its lane would keep the others waiting, and is worth asking the platform for.
    private const int MostBytes = 1_024;

    /// <summary>Hashes each of some parts of a text.</summary>
    /// <param name="text">What they are parts of.</param>
    /// <param name="parts">Where each begins and how long it is; they may overlap.</param>
    /// <param name="digests">Where the digests are put, 32 bytes each, in order.</param>
    public static void Hash(ReadOnlySpan<byte> text, ReadOnlySpan<TextPart> parts, Span<byte> digests) => Hash(text, parts, digests, LaneWidths.ForMessages);

    /// <summary>The same in lanes of one width.</summary>
    public static void Hash(ReadOnlySpan<byte> text, ReadOnlySpan<TextPart> parts, Span<byte> digests, LaneWidth width)
    {
        switch (parts.Length < LeastInLanes ? LaneWidth.Scalar : width)
        {
            case LaneWidth.Vector512:
                HashInLanes<Vector512Lanes, Vector512<uint>>(text, parts, digests);
                break;
            case LaneWidth.Vector256:
                HashInLanes<Vector256Lanes, Vector256<uint>>(text, parts, digests);
                break;
            case LaneWidth.Vector128:
                HashInLanes<Vector128Lanes, Vector128<uint>>(text, parts, digests);
                break;
            default:
                for (var i = 0; i < parts.Length; i++) Sha256.Hash(parts[i].Of(text), digests.Slice(i * Size, Size));
                break;
        }
    }

    private static void HashInLanes<TLanes, TWords>(ReadOnlySpan<byte> text, ReadOnlySpan<TextPart> parts, Span<byte> digests)
        where TLanes : ILanes<TWords>
        where TWords : unmanaged
    {
        Span<TWords> state = stackalloc TWords[Sha256Rounds.StateWords], block = stackalloc TWords[Sha256Rounds.BlockWords];
        Span<uint> stateWords = MemoryMarshal.Cast<TWords, uint>(state), blockWords = MemoryMarshal.Cast<TWords, uint>(block);
        Span<Work> lanes = stackalloc Work[TLanes.Count];
        var (next, busy) = (0, 0);
        for (var lane = 0; lane < lanes.Length; lane++) Begin(lane, ref lanes[lane], text, parts, digests, ref next, ref busy, stateWords);

        while (busy > 0)
        {
            for (var lane = 0; lane < lanes.Length; lane++)
                if (lanes[lane].Left > 0) Load(lane, lanes.Length, parts[lanes[lane].Part].Of(text), lanes[lane].At, blockWords);
            if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(blockWords, blockWords);
            LaneCompression<TLanes, TWords>.Compress(state, block);
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                ref var work = ref lanes[lane];
                if (work.Left == 0) continue;

                work = work with { At = work.At + Sha256Rounds.BlockSize, Left = work.Left - 1 };
                if (work.Left > 0) continue;

                var digest = digests.Slice(work.Part * Size, Size);
                for (var word = 0; word < Sha256Rounds.StateWords; word++) BinaryPrimitives.WriteUInt32BigEndian(digest[(word * sizeof(uint))..], stateWords[(word * lanes.Length) + lane]);
                busy--;
                Begin(lane, ref work, text, parts, digests, ref next, ref busy, stateWords);
            }
        }
    }

    // Gives a lane the next message, if there is one.
    private static void Begin(int lane, ref Work work, ReadOnlySpan<byte> text, ReadOnlySpan<TextPart> parts, Span<byte> digests, ref int next, ref int busy, Span<uint> state)
    {
        for (; next < parts.Length && parts[next].Length > MostBytes; next++) Sha256.Hash(parts[next].Of(text), digests.Slice(next * Size, Size));
        if (next == parts.Length) return;

        // A byte and eight follow each message: the bit that ends it, and its length.
        work = new Work(next, 0, (parts[next].Length + sizeof(byte) + sizeof(ulong) + Sha256Rounds.BlockSize - 1) / Sha256Rounds.BlockSize);
        var lanes = state.Length / Sha256Rounds.StateWords;
        for (var word = 0; word < Sha256Rounds.StateWords; word++) state[(word * lanes) + lane] = Sha256Rounds.InitialState[word];
        next++;
        busy++;
    }

    // Puts 64 bytes of a message, as they are, into a lane: the first words of all lanes stand together, then all second ones.
    private static void Load(int lane, int lanes, ReadOnlySpan<byte> message, int at, Span<uint> block)
    {
        Span<byte> last = stackalloc byte[Sha256Rounds.BlockSize];
        scoped ReadOnlySpan<byte> bytes;
        if (message.Length - at >= Sha256Rounds.BlockSize)
        {
            bytes = message.Slice(at, Sha256Rounds.BlockSize);
        }
        else
        {
            last.Clear();
            if (at <= message.Length)
            {
                message[at..].CopyTo(last);
                last[message.Length - at] = 0x80;
            }

            if (message.Length - at < Sha256Rounds.BlockSize - sizeof(ulong)) BinaryPrimitives.WriteUInt64BigEndian(last[^sizeof(ulong)..], (ulong)message.Length * 8);
            bytes = last;
        }

        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        for (var word = 0; word < words.Length; word++) block[(word * lanes) + lane] = words[word];
    }

    // What a lane is at: which message, from which byte on, and how many blocks of it are left.
    private readonly record struct Work(int Part, int At, int Left);
}

/// <summary>A part of a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Bytes of it.</param>
internal readonly record struct TextPart(int Start, int Length)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);

    /// <summary>The bytes, to be written.</summary>
    public Span<byte> Of(Span<byte> text) => text.Slice(Start, Length);
}
