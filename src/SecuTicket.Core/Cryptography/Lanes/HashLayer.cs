using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>SHA-256 digests in order, from which a layer above is made: SHA-256(tag ‖ left ‖ right) of each two neighbours, as many at once as there are lanes.</summary>
/// <remarks>
/// The first words of all digests stand together, then all second ones: so a vector is filled by two loads and what comes out of one layer goes into the next as it is.
/// 65 bytes are two blocks, of which the second holds one byte of the message; it costs a compression all the same.
/// </remarks>
internal sealed class HashLayer
{
    private const int Size = SHA256.HashSizeInBytes;
    private const int PairSize = 1 + (2 * Size);

    // A batch costs about as much as one pair hashed by .NET, or six by libcrypto.
    private const int LeastBatch = 4;

    // Whole batches are read, two digests a lane, and written: what lies behind the last digest means nothing.
    private const int Alignment = 2 * (int)LaneWidth.Vector512;

    private readonly uint[] _words;
    private readonly int _stride;

    /// <summary>Room for some digests, none of them set.</summary>
    public HashLayer(int capacity)
    {
        // An odd multiple: columns whose distance is a power of two share few places of a processor's cache.
        _stride = checked((((capacity + Alignment - 1) / Alignment) | 1) * Alignment);
        _words = GC.AllocateUninitializedArray<uint>(checked(_stride * Sha256Rounds.StateWords));
    }

    /// <summary>How many digests there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes digests in place of those that it had.</summary>
    /// <param name="digests">32 bytes each, for as many as there is room.</param>
    public void Load(ReadOnlySpan<byte> digests)
    {
        Count = digests.Length / Size;
        for (var first = 0; first < Count; first += Alignment)
        {
            // Some digests at a time: each column is then written in whole cache lines.
            var some = MemoryMarshal.Cast<byte, uint>(digests[(first * Size)..(Math.Min(first + Alignment, Count) * Size)]);
            for (var word = 0; word < Sha256Rounds.StateWords; word++)
            {
                var column = _words.AsSpan((word * _stride) + first, some.Length / Sha256Rounds.StateWords);
                for (var i = 0; i < column.Length; i++) column[i] = some[(i * Sha256Rounds.StateWords) + word];
                if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(column, column);
            }
        }
    }

    /// <summary>Writes one digest, 32 bytes.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <param name="destination">Where to.</param>
    public void CopyTo(int index, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        for (var word = 0; word < Sha256Rounds.StateWords; word++) BinaryPrimitives.WriteUInt32BigEndian(destination[(word * sizeof(uint))..], _words[(word * _stride) + index]);
    }

    /// <summary>Makes the layer above; a digest without a neighbour goes up as it is.</summary>
    /// <param name="tag">The byte before each pair.</param>
    /// <param name="above">Where the layer is put: it has room for half of these, rounded up. It may be this one, which is then replaced.</param>
    /// <param name="width">How many are made at once.</param>
    public void Rise(byte tag, HashLayer above, LaneWidth width)
    {
        var (count, pairs) = (Count, Count / 2);
        Span<byte> pair = stackalloc byte[PairSize];
        pair[0] = tag;
        Span<byte> single = stackalloc byte[Size], digest = stackalloc byte[Size];
        if (count % 2 == 1) CopyTo(count - 1, single);

        var done = 0;
        for (; width != LaneWidth.Scalar && pairs - done >= LeastBatch; done += (int)width) RiseBatch(tag, above, done, width);
        for (; done < pairs; done++)
        {
            CopyTo(2 * done, pair[1..]);
            CopyTo((2 * done) + 1, pair[(1 + Size)..]);
            Sha256.Hash(pair, digest);
            above.Set(done, digest);
        }

        if (count % 2 == 1) above.Set(pairs, single);
        above.Count = pairs + (count % 2);
    }

    private void RiseBatch(byte tag, HashLayer above, int first, LaneWidth width)
    {
        switch (width)
        {
            case LaneWidth.Vector512:
                RiseBatch<Vector512Lanes, Vector512<uint>>(tag, above, first);
                break;
            case LaneWidth.Vector256:
                RiseBatch<Vector256Lanes, Vector256<uint>>(tag, above, first);
                break;
            default:
                RiseBatch<Vector128Lanes, Vector128<uint>>(tag, above, first);
                break;
        }
    }

    private void RiseBatch<TLanes, TWords>(byte tag, HashLayer above, int first)
        where TLanes : ILanes<TWords>
        where TWords : unmanaged
    {
        Span<TWords> state = stackalloc TWords[Sha256Rounds.StateWords], block = stackalloc TWords[Sha256Rounds.BlockWords];
        for (var word = 0; word < Sha256Rounds.StateWords; word++)
        {
            var source = _words.AsSpan((word * _stride) + (2 * first));
            block[word] = TLanes.LoadEven(source);
            block[Sha256Rounds.StateWords + word] = TLanes.LoadOdd(source);
            state[word] = TLanes.All(Sha256Rounds.InitialState[word]);
        }

        // The tag moves everything by a byte, and the last byte into a block of its own, with the bit that ends the message and its length.
        var last = TLanes.LastByteThen(block[^1], TLanes.All(0x80000000));
        for (var word = Sha256Rounds.BlockWords - 1; word > 0; word--) block[word] = TLanes.LastByteThen(block[word - 1], block[word]);
        block[0] = TLanes.LastByteThen(TLanes.All(tag), block[0]);
        LaneCompression<TLanes, TWords>.Compress(state, block);

        block.Fill(TLanes.All(0));
        (block[0], block[^1]) = (last, TLanes.All(PairSize * 8));
        LaneCompression<TLanes, TWords>.Compress(state, block);

        for (var word = 0; word < Sha256Rounds.StateWords; word++) TLanes.Store(state[word], above._words.AsSpan((word * above._stride) + first));
    }

    private void Set(int index, ReadOnlySpan<byte> digest)
    {
        for (var word = 0; word < Sha256Rounds.StateWords; word++) _words[(word * _stride) + index] = BinaryPrimitives.ReadUInt32BigEndian(digest[(word * sizeof(uint))..]);
    }
}
