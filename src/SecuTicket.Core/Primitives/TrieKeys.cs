using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecuTicket.Core.Primitives;

/// <summary>The bits of a <see cref="Trie{TKey,TValue}"/>'s keys.</summary>
internal static class TrieKeys
{
    // Not the key's own Span: through an interface the compiler copies a read-only key first, and may put two copies in one place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> BytesOf<TKey>(in TKey key)
        where TKey : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key));

    /// <summary>The order of two keys' bytes: eight of them at a time, because keys are too short for what the platform does to compare long texts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare<TKey>(in TKey left, in TKey right)
        where TKey : struct
    {
        ReadOnlySpan<byte> a = BytesOf(left), b = BytesOf(right);
        var at = 0;
        for (; at + sizeof(ulong) <= a.Length; at += sizeof(ulong))
        {
            var order = BinaryPrimitives.ReadUInt64BigEndian(a[at..]).CompareTo(BinaryPrimitives.ReadUInt64BigEndian(b[at..]));
            if (order != 0) return order;
        }

        return at == a.Length ? 0 : a[at..].SequenceCompareTo(b[at..]);
    }

    /// <summary>The half byte at <paramref name="depth"/>, from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Nibble<TKey>(in TKey key, int depth)
        where TKey : struct => (BytesOf(key)[depth >> 1] >> (4 - ((depth & 1) * 4))) & 0xf;

    /// <summary>The nibble in which two keys part; past the last one when they are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstDifference<TKey>(in TKey left, in TKey right)
        where TKey : struct
    {
        ReadOnlySpan<byte> a = BytesOf(left), b = BytesOf(right);
        var same = a.CommonPrefixLength(b);
        return same == a.Length ? int.MaxValue : (same * 2) + ((a[same] ^ b[same]) < 0x10 ? 1 : 0);
    }
}
