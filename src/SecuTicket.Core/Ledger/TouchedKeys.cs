using System.Runtime.InteropServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>What transactions changed so far, by key and with the value before: so that the last of them can be taken back, and that a block's delta is known.</summary>
/// <remarks>Lists, not sets: a key stands there once for each change, and is told apart when the delta sorts them.</remarks>
internal sealed class TouchedKeys
{
    private (long Supply, int Balances, int Events, int Tallies, int Tickets, int References, int Seen) _mark;

    public List<(Address Key, long Before)> Balances { get; } = [];

    public List<(EventId Key, EventTerms? Before)> Events { get; } = [];

    public List<(EventId Key, EventTally? Before)> Tallies { get; } = [];

    public List<(TicketId Key, Ticket? Before)> Tickets { get; } = [];

    public List<Hash256> References { get; } = [];

    public List<NumberedHash> Seen { get; } = [];

    /// <summary>Begins a transaction.</summary>
    public void Mark(LedgerEdit ledger) => _mark = (ledger.Supply, Balances.Count, Events.Count, Tallies.Count, Tickets.Count, References.Count, Seen.Count);

    /// <summary>Gives everything that was changed since <see cref="Mark"/> the value that it had then.</summary>
    public void TakeBack(LedgerEdit ledger)
    {
        ledger.Supply = _mark.Supply;
        foreach (var (key, before) in Last(Balances, _mark.Balances)) ledger.SetBalance(key, before);
        foreach (var (key, before) in Last(Events, _mark.Events)) ledger.SetEvent(key, before);
        foreach (var (key, before) in Last(Tallies, _mark.Tallies)) ledger.SetTally(key, before);
        foreach (var (key, before) in Last(Tickets, _mark.Tickets)) ledger.SetTicket(key, before);
        foreach (var key in Last(References, _mark.References)) ledger.SetReference(key, false);
        foreach (var key in Last(Seen, _mark.Seen)) ledger.SetSeen(key, false);
    }

    /// <summary>What led from one state to another, all of it noted here; nothing is forgotten.</summary>
    public LedgerDelta Since(LedgerState start, LedgerState end) => new()
    {
        Supply = (start.Supply, end.Supply),
        Balances = Changes(Balances, start.BalanceOf, end.BalanceOf),
        Events = Changes(Events, start.Events.Find, end.Events.Find),
        Tallies = Changes(Tallies, start.Tallies.Find, end.Tallies.Find),
        Tickets = Changes(Tickets, start.Tickets.Find, end.Tickets.Find),
        References = [.. References],
        Seen = [.. Seen],
        Forgotten = [],
    };

    // Takes them out, the last one first.
    private static T[] Last<T>(List<T> notes, int from)
    {
        if (notes.Count == from) return [];

        var last = CollectionsMarshal.AsSpan(notes)[from..].ToArray();
        Array.Reverse(last);
        CollectionsMarshal.SetCount(notes, from);
        return last;
    }

    // Sorted, so that the same block gives the same delta on every node.
    private static EquatableArray<Change<TKey, TValue>> Changes<TKey, TValue>(List<(TKey Key, TValue? Before)> notes, Lookup<TKey, TValue> before, Lookup<TKey, TValue> after)
        where TKey : struct, IComparable<TKey>, IEquatable<TKey>
    {
        var keys = new TKey[notes.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = notes[i].Key;
        Array.Sort(keys);
        var changes = new List<Change<TKey, TValue>>(keys.Length);
        foreach (ref readonly var key in keys.AsSpan())
            if (changes.Count == 0 || !changes[^1].Key.Equals(key)) changes.Add(new Change<TKey, TValue>(key, before(key), after(key)));
        return [.. changes];
    }

    private delegate TValue? Lookup<TKey, out TValue>(in TKey key);
}
