using System.Runtime.CompilerServices;
using static SecuTicket.Core.Primitives.TrieKeys;

namespace SecuTicket.Core.Primitives;

/// <summary>Makes the nodes of many entries at once: no node is made that is not kept.</summary>
/// <remarks>Compiled in full at the first call: a start makes maps of a million entries by few calls, before the runtime would find out that they are worth it.</remarks>
internal static class TrieBuild<TKey, TValue>
    where TKey : struct, ITrieKey<TKey>
{
    /// <summary>The nodes of <paramref name="entries"/>, at least one, in any order.</summary>
    /// <exception cref="ArgumentException">A key stands there twice.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object Of(ReadOnlyMemory<KeyValuePair<TKey, TValue>> entries)
    {
        var unsorted = entries.Span;
        if (unsorted.Length <= TrieNodes<TKey, TValue>.MaxLeaf) return Leaf(unsorted);
        if (IsSorted(unsorted)) return OfSorted(unsorted);

        var places = new TrieOrder.Item[entries.Length];
        for (var i = 0; i < places.Length; i++) places[i].At = i;
        TrieOrder.Sort(places, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (at) => entries.Span[at].Key);

        var sorted = new KeyValuePair<TKey, TValue>[places.Length];
        for (var i = 0; i < places.Length; i++) sorted[i] = unsorted[places[i].At];
        return OfSorted(sorted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSorted(ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
    {
        for (var i = 1; i < entries.Length; i++)
            if (Compare(entries[i - 1].Key, entries[i].Key) > 0) return false;

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static object OfSorted(ReadOnlySpan<KeyValuePair<TKey, TValue>> sorted)
    {
        if (sorted.Length <= TrieNodes<TKey, TValue>.MaxLeaf) return Leaf(sorted);

        var fork = FirstDifference(sorted[0].Key, sorted[^1].Key);
        if (fork == int.MaxValue) throw Twice(sorted[0].Key);

        var branch = new TrieBranch(fork, null);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            var nibble = Nibble(sorted[start].Key, fork);
            for (end = start + 1; end < sorted.Length && Nibble(sorted[end].Key, fork) == nibble;) end++;
            branch.Children[nibble] = OfSorted(sorted[start..end]);
        }

        return branch;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TrieEntry<TKey, TValue>[] Leaf(ReadOnlySpan<KeyValuePair<TKey, TValue>> few)
    {
        var leaf = new TrieEntry<TKey, TValue>[few.Length];
        for (var i = 0; i < leaf.Length; i++)
        {
            var entry = new TrieEntry<TKey, TValue>(few[i].Key, few[i].Value);
            var at = i;
            for (; at > 0; at--)
            {
                var order = Compare(leaf[at - 1].Key, entry.Key);
                if (order == 0) throw Twice(entry.Key);
                if (order < 0) break;

                leaf[at] = leaf[at - 1];
            }

            leaf[at] = entry;
        }

        return leaf;
    }

    private static ArgumentException Twice(in TKey key) => new($"The key {key} stands there twice.");
}
