using System.Runtime.CompilerServices;
using static SecuTicket.Core.Primitives.TrieKeys;

namespace SecuTicket.Core.Primitives;

/// <summary>Makes the nodes of many entries at once.</summary>
/// <remarks>Compiled in full at the first call: a start makes maps of a million entries by few calls, before the runtime would find out that they are worth it.</remarks>
internal static class TrieBuild<TKey, TValue>
    where TKey : struct, ITrieKey<TKey>
{
    /// <summary>The nodes of <paramref name="entries"/>, at least one, in any order.</summary>
    /// <param name="entries">Left in key order.</param>
    /// <remarks>
    /// Each level of the trie is one pass that deals the entries out to its children, in place (after McIlroy, Bostic and McIlroy, «Engineering Radix Sort», 1993):
    /// no node is made that is not kept.
    /// </remarks>
    /// <exception cref="ArgumentException">A key stands there twice.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object Of(Span<TrieEntry<TKey, TValue>> entries)
    {
        if (entries.Length <= TrieNodes<TKey, TValue>.MaxLeaf)
        {
            Sort(entries);
            return entries.ToArray();
        }

        var fork = int.MaxValue;
        foreach (ref readonly var entry in entries[1..]) fork = Math.Min(fork, FirstDifference(entries[0].Key, entry.Key));
        if (fork == int.MaxValue) throw Twice(entries[0].Key);

        Span<int> ends = stackalloc int[TrieBranch.Width];
        Deal(entries, fork, ends);
        var branch = new TrieBranch(fork, null);
        for (int i = 0, start = 0; i < ends.Length; start = ends[i++])
            if (start < ends[i]) branch.Children[i] = Of(entries[start..ends[i]]);
        return branch;
    }

    // Entries of one nibble end up side by side; ends says where those of each end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deal(Span<TrieEntry<TKey, TValue>> entries, int depth, Span<int> ends)
    {
        ends.Clear();
        foreach (ref readonly var entry in entries) ends[Nibble(entry.Key, depth)]++;
        Span<int> next = stackalloc int[TrieBranch.Width];
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
                ref var here = ref entries[next[i]];
                var nibble = Nibble(here.Key, depth);
                if (nibble != i) (here, entries[next[nibble]]) = (entries[next[nibble]], here);
                next[nibble]++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sort(Span<TrieEntry<TKey, TValue>> few)
    {
        for (var i = 1; i < few.Length; i++)
        {
            var entry = few[i];
            var at = i;
            for (; at > 0; at--)
            {
                var order = Compare(few[at - 1].Key, entry.Key);
                if (order == 0) throw Twice(entry.Key);
                if (order < 0) break;

                few[at] = few[at - 1];
            }

            few[at] = entry;
        }
    }

    private static ArgumentException Twice(in TKey key) => new($"The key {key} stands there twice.");
}
