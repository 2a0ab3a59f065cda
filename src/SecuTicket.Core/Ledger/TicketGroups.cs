using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Makes an index of all tickets by something that several of them share, at once.</summary>
/// <remarks>The tickets of each group are brought together by counting, so that a million of them make no lists on the way; compiled in full at once, as a start calls it once.</remarks>
internal static class TicketGroups<TOuter>
    where TOuter : struct, ITrieKey<TOuter>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Trie<TOuter, Trie<TInner, TValue>> Of<TInner, TValue>(
        KeyValuePair<TicketId, Ticket>[] tickets, Func<Ticket, TOuter> outerOf, Func<TicketId, Ticket, KeyValuePair<TInner, TValue>> innerOf)
        where TInner : struct, ITrieKey<TInner>
    {
        var groupOf = new int[tickets.Length];
        var outers = new List<TOuter>();
        var starts = Number(tickets, outerOf, groupOf, outers);
        var entries = new KeyValuePair<TInner, TValue>[tickets.Length];
        for (var i = tickets.Length - 1; i >= 0; i--) entries[--starts[groupOf[i]]] = innerOf(tickets[i].Key, tickets[i].Value);

        var groups = new TrieBuilder<TOuter, Trie<TInner, TValue>>(outers.Count);
        for (var i = 0; i < outers.Count; i++)
            groups.Add(outers[i], Trie<TInner, TValue>.OfPart(entries.AsMemory(starts[i]..(i + 1 < outers.Count ? starts[i + 1] : entries.Length))));
        return groups.ToTrie();
    }

    // Groups in the order in which they come first, and where each ends when they lie one after the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Span<int> Number(KeyValuePair<TicketId, Ticket>[] tickets, Func<Ticket, TOuter> outerOf, int[] groupOf, List<TOuter> outers)
    {
        var numbers = new Dictionary<TOuter, int>();
        var ends = new List<int>();
        for (var i = 0; i < tickets.Length; i++)
        {
            var outer = outerOf(tickets[i].Value);
            // Neighbours are often of one group.
            if (i > 0 && outers[groupOf[i - 1]].Equals(outer))
            {
                groupOf[i] = groupOf[i - 1];
            }
            else if (!numbers.TryGetValue(outer, out groupOf[i]))
            {
                groupOf[i] = outers.Count;
                numbers.Add(outer, outers.Count);
                outers.Add(outer);
                ends.Add(0);
            }

            ends[groupOf[i]]++;
        }

        for (var i = 1; i < ends.Count; i++) ends[i] += ends[i - 1];
        return CollectionsMarshal.AsSpan(ends);
    }
}
