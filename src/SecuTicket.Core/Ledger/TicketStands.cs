using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>The places of an event's tickets in its order of issue, by session and status: whoever wants the few of a kind does not look at the others.</summary>
/// <remarks>One entry stands for 64 neighbouring places and has a bit for each, so that a million tickets take some hundred kilobytes and a sale changes two entries.</remarks>
internal static class TicketStands
{
    private const int PlacesShift = 6;
    private const int StatusShift = 32;
    private const int SessionShift = 40;

    /// <summary>The entry that a ticket has its bit in.</summary>
    public static long KeyOf(Ticket ticket) => FirstOf(ticket.Session, ticket.Status) + (ticket.Ordinal >> PlacesShift);

    /// <summary>Its bit there.</summary>
    public static ulong BitOf(Ticket ticket) => 1UL << ticket.Ordinal;

    /// <summary>Makes an index of values that several tickets of an event share, of all tickets at once.</summary>
    /// <param name="tickets">All tickets; those of one key mostly lie together.</param>
    /// <param name="keyOf">Which value a ticket belongs to, not negative.</param>
    /// <param name="add">The value with one more ticket.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Trie<EventId, Trie<Ordinal, T>> Gather<T>(KeyValuePair<TicketId, Ticket>[] tickets, Func<Ticket, long> keyOf, Func<T, Ticket, T> add)
        where T : struct
    {
        var events = new Dictionary<EventId, Dictionary<long, T>>();
        var (id, values, key, value) = (default(EventId), new Dictionary<long, T>(), -1L, default(T));
        foreach (var (_, ticket) in tickets)
        {
            var next = keyOf(ticket);
            if (key != next || id != ticket.Event)
            {
                if (key >= 0) values[key] = value;
                (id, key) = (ticket.Event, next);
                values = CollectionsMarshal.GetValueRefOrAddDefault(events, id, out _) ??= [];
                value = values.GetValueOrDefault(key);
            }

            value = add(value, ticket);
        }

        if (key >= 0) values[key] = value;
        return Trie<EventId, Trie<Ordinal, T>>.Of(events.Select(static one =>
            KeyValuePair.Create(one.Key, Trie<Ordinal, T>.Of(one.Value.Select(static entry => KeyValuePair.Create(new Ordinal(entry.Key), entry.Value))))));
    }

    /// <summary>The places of some kinds of tickets, in order of issue. Each kind that has any costs one look-up, each place one step.</summary>
    /// <param name="stands">Of one event.</param>
    /// <param name="kinds">Sessions and statuses.</param>
    /// <param name="from">The first place that is wanted.</param>
    public static IEnumerable<long> Places(Trie<Ordinal, ulong> stands, IEnumerable<(int Session, TicketStatus Status)> kinds, long from)
    {
        var next = new PriorityQueue<IEnumerator<long>, long>();
        foreach (var (session, status) in kinds) Advance(Places(stands, session, status, from).GetEnumerator());
        while (next.TryDequeue(out var places, out var place))
        {
            yield return place;
            Advance(places);
        }

        void Advance(IEnumerator<long> places)
        {
            if (places.MoveNext()) next.Enqueue(places, places.Current);
        }
    }

    private static IEnumerable<long> Places(Trie<Ordinal, ulong> stands, int session, TicketStatus status, long from)
    {
        var first = FirstOf(session, status);
        foreach (var (key, bits) in stands.After(new Ordinal(first + (from >> PlacesShift) - 1)))
        {
            var entry = key.Value - first;
            if (entry >> StatusShift > 0) yield break;

            var rest = entry == from >> PlacesShift ? bits & (ulong.MaxValue << (int)from) : bits;
            for (; rest != 0; rest &= rest - 1) yield return (entry << PlacesShift) + BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>How many places a kind has: one step for each entry.</summary>
    public static int Count(Trie<Ordinal, ulong> stands, int session, TicketStatus status)
    {
        var first = FirstOf(session, status);
        return stands.After(new Ordinal(first - 1)).TakeWhile(entry => entry.Key.Value - first >> StatusShift == 0).Sum(static entry => BitOperations.PopCount(entry.Value));
    }

    // Never 0, so that what comes before it is a key too.
    private static long FirstOf(int session, TicketStatus status) => ((session + 1L) << SessionShift) + ((long)status << StatusShift);
}
