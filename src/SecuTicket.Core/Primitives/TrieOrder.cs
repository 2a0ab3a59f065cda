using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>Puts many keys in order.</summary>
/// <remarks>
/// <para>
/// What is moved is not the entries but their places with eight bytes of each key: by counting, a byte of the key at a time, in place (after McIlroy, Bostic and McIlroy, «Engineering Radix
/// Sort», 1993). Comparing would go wrong at every second step, and moving entries tells the collector of each.
/// </para>
/// <para>Compiled in full at the first call, and once for keys of all types: a start puts some millions in order by few calls, before the runtime would find out that they are worth it.</para>
/// </remarks>
internal sealed class TrieOrder
{
    // So few are put in order one by one.
    private const int Few = 24;

    private readonly int _size;
    private readonly Func<int, int, ulong> _bitsOf;

    private TrieOrder(int size, Func<int, int, ulong> bitsOf) => (_size, _bitsOf) = (size, bitsOf);

    /// <summary>A key's place, and the bytes of it that are looked at.</summary>
    public struct Item
    {
        /// <summary>Eight of its bytes, big-endian; zeros past its end.</summary>
        public ulong Bits;

        /// <summary>Its place.</summary>
        public int At;
    }

    /// <summary>The places of some keys in the order of their bytes; equal ones lie side by side.</summary>
    /// <param name="places">The places. Their bits are worked out here, and are of no use after.</param>
    /// <param name="keyOf">The key at a place.</param>
    public static void Sort<TKey>(Span<Item> places, Func<int, TKey> keyOf)
        where TKey : struct, ITrieKey<TKey> =>
        new TrieOrder(Unsafe.SizeOf<TKey>(), [MethodImpl(MethodImplOptions.AggressiveOptimization)] (at, from) => Bits(keyOf(at), from)).Load(places, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits<TKey>(in TKey key, int from)
        where TKey : struct
    {
        var rest = TrieKeys.BytesOf(key)[from..];
        if (rest.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(rest);

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        rest.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    // Those whose bytes are the same up to here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Load(Span<Item> items, int from)
    {
        if (from >= _size) return;

        foreach (ref var item in items) item.Bits = _bitsOf(item.At, from);
        Sort(items, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort(Span<Item> items, int from)
    {
        if (items.Length <= Few)
        {
            Insert(items, from);
            return;
        }

        var differences = 0UL;
        foreach (ref readonly var item in items) differences |= item.Bits ^ items[0].Bits;
        if (differences == 0)
        {
            Load(items, from + sizeof(ulong));
            return;
        }

        Span<int> ends = stackalloc int[byte.MaxValue + 1];
        Deal(items, 56 - (BitOperations.LeadingZeroCount(differences) & ~7), ends);
        for (int i = 0, start = 0; i < ends.Length; start = ends[i++])
            if (ends[i] - start > 1) Sort(items[start..ends[i]], from);
    }

    // Items of one byte end up side by side; ends says where those of each end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deal(Span<Item> items, int shift, Span<int> ends)
    {
        ends.Clear();
        foreach (ref readonly var item in items) ends[(byte)(item.Bits >> shift)]++;
        Span<int> next = stackalloc int[byte.MaxValue + 1];
        next[0] = 0;
        for (var i = 1; i < ends.Length; i++)
        {
            next[i] = ends[i - 1];
            ends[i] += ends[i - 1];
        }

        for (var i = 0; i < ends.Length; i++)
        {
            while (next[i] < ends[i])
            {
                var item = items[next[i]];
                for (int place = (byte)(item.Bits >> shift); place != i; place = (byte)(item.Bits >> shift))
                {
                    ref var there = ref items[next[place]++];
                    (item, there) = (there, item);
                }

                items[next[i]++] = item;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Insert(Span<Item> few, int from)
    {
        for (var i = 1; i < few.Length; i++)
        {
            var item = few[i];
            var at = i;
            for (; at > 0 && few[at - 1].Bits > item.Bits; at--) few[at] = few[at - 1];
            few[at] = item;
        }

        // Some may part only after these bytes.
        for (int start = 0, end; start < few.Length; start = end)
        {
            for (end = start + 1; end < few.Length && few[end].Bits == few[start].Bits;) end++;
            if (end - start > 1) Load(few[start..end], from + sizeof(ulong));
        }
    }
}
