using System.Runtime.InteropServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>What the transactions of a block changed so far, by key: what the block's delta is made of.</summary>
/// <remarks>Lists, not sets: a key stands there once for each change, and is told apart when the delta sorts them.</remarks>
internal sealed class TouchedKeys
{
    private (int Balances, int Events, int Tallies, int Tickets, int References, int Seen) _mark;

    public List<Address> Balances { get; } = [];

    public List<EventId> Events { get; } = [];

    public List<EventId> Tallies { get; } = [];

    public List<TicketId> Tickets { get; } = [];

    public List<Hash256> References { get; } = [];

    public List<NumberedHash> Seen { get; } = [];

    public List<NumberedHash> Forgotten { get; } = [];

    /// <summary>Begins a transaction.</summary>
    public void Mark() => _mark = (Balances.Count, Events.Count, Tallies.Count, Tickets.Count, References.Count, Seen.Count);

    /// <summary>Forgets what was noted since <see cref="Mark"/>.</summary>
    public void TakeBack()
    {
        Cut(Balances, _mark.Balances);
        Cut(Events, _mark.Events);
        Cut(Tallies, _mark.Tallies);
        Cut(Tickets, _mark.Tickets);
        Cut(References, _mark.References);
        Cut(Seen, _mark.Seen);
    }

    /// <summary>What led from one state to the other.</summary>
    public LedgerDelta Between(LedgerState before, LedgerState after) => new()
    {
        Supply = (before.Supply, after.Supply),
        Balances = Changes(Balances, before.BalanceOf, after.BalanceOf),
        Events = Changes(Events, before.Events.Find, after.Events.Find),
        Tallies = Changes(Tallies, before.Tallies.Find, after.Tallies.Find),
        Tickets = Changes(Tickets, before.Tickets.Find, after.Tickets.Find),
        References = [.. References],
        Seen = [.. Seen],
        Forgotten = [.. Forgotten],
    };

    private static void Cut<T>(List<T> keys, int count) => CollectionsMarshal.SetCount(keys, count);

    // Sorted, so that the same block gives the same delta on every node.
    private static EquatableArray<Change<TKey, TValue>> Changes<TKey, TValue>(List<TKey> keys, Lookup<TKey, TValue> before, Lookup<TKey, TValue> after)
        where TKey : struct, IComparable<TKey>, IEquatable<TKey>
    {
        keys.Sort();
        var changes = new List<Change<TKey, TValue>>(keys.Count);
        foreach (ref readonly var key in CollectionsMarshal.AsSpan(keys))
            if (changes.Count == 0 || !changes[^1].Key.Equals(key)) changes.Add(new Change<TKey, TValue>(key, before(key), after(key)));
        return [.. changes];
    }

    private delegate TValue? Lookup<TKey, out TValue>(in TKey key);
}
