using System.Buffers;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>One value before and after; null where there is none.</summary>
/// <param name="Key">Whose value it is.</param>
/// <param name="Before">What was.</param>
/// <param name="After">What is.</param>
public readonly record struct Change<TKey, TValue>(TKey Key, TValue? Before, TValue? After);

/// <summary>What one block changed: applying it forwards is what the store does, backwards is undoing the block.</summary>
public sealed record LedgerDelta
{
    /// <summary>Supply before and after, in minor units.</summary>
    public required (long Before, long After) Supply { get; init; }

    /// <summary>Balances, in minor units.</summary>
    public required EquatableArray<Change<Address, long>> Balances { get; init; }

    /// <summary>Events.</summary>
    public required EquatableArray<Change<EventId, EventTerms>> Events { get; init; }

    /// <summary>Counts and sums of events.</summary>
    public required EquatableArray<Change<EventId, EventTally>> Tallies { get; init; }

    /// <summary>Tickets.</summary>
    public required EquatableArray<Change<TicketId, Ticket>> Tickets { get; init; }

    /// <summary>Top-up references used.</summary>
    public required EquatableArray<Hash256> References { get; init; }

    /// <summary>Transactions that came in.</summary>
    public required EquatableArray<NumberedHash> Seen { get; init; }

    /// <summary>Transactions forgotten because they expired.</summary>
    public required EquatableArray<NumberedHash> Forgotten { get; init; }

    /// <summary>Stakes; null on chains without.</summary>
    public StakeDelta? Stakes { get; init; }

    /// <summary>What led from one state to another that was made of it.</summary>
    /// <remarks>It is read off the two states, so whatever way led there gives the same, and it is sorted: the same block gives the same delta on every node.</remarks>
    internal static LedgerDelta Between(LedgerState before, LedgerState after) => new()
    {
        Supply = (before.Supply, after.Supply),
        Balances = Changes(before.Balances, after.Balances),
        Events = Changes(before.Events, after.Events),
        Tallies = Changes(before.Tallies, after.Tallies),
        Tickets = Changes(before.Tickets, after.Tickets),
        References = Keys(before.References, after.References, static change => change.IsThere),
        Seen = Keys(before.Seen, after.Seen, static change => change.IsThere),
        Forgotten = Keys(before.Seen, after.Seen, static change => change.WasThere),
        Stakes = before.Stakes is { } former && after.Stakes is { } later ? StakeDelta.Between(former, later) : null,
    };

    internal static EquatableArray<Change<TKey, TValue>> Changes<TKey, TValue>(Trie<TKey, TValue> before, Trie<TKey, TValue> after)
        where TKey : struct, ITrieKey<TKey> => Gathered(before.ChangesTo(after).Select(static change => new Change<TKey, TValue>(change.Key, change.Before, change.After)));

    private static EquatableArray<TKey> Keys<TKey>(Trie<TKey, Present> before, Trie<TKey, Present> after, Func<TrieChange<TKey, Present>, bool> isMeant)
        where TKey : struct, ITrieKey<TKey> => Gathered(before.ChangesTo(after).Where(isMeant).Select(static change => change.Key));

    // In borrowed memory first: a block's thousands would leave it many times over, and beyond what is collected cheaply.
    private static EquatableArray<T> Gathered<T>(IEnumerable<T> items)
    {
        var (gathered, count) = (ArrayPool<T>.Shared.Rent(256), 0);
        foreach (var item in items)
        {
            if (count == gathered.Length)
            {
                var larger = ArrayPool<T>.Shared.Rent(2 * count);
                gathered.CopyTo(larger, 0);
                ArrayPool<T>.Shared.Return(gathered, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
                gathered = larger;
            }

            gathered[count++] = item;
        }

        EquatableArray<T> exact = [.. gathered.AsSpan(0, count)];
        ArrayPool<T>.Shared.Return(gathered, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        return exact;
    }

    /// <summary>What transactions did that wait, done to another state in which they do the same.</summary>
    /// <param name="state">That state; other transactions may have moved coins of the same accounts there.</param>
    /// <param name="isTheirs">Whether a ticket is theirs to change.</param>
    internal LedgerState Onto(LedgerState state, Func<Ticket, bool> isTheirs)
    {
        var ledger = state.Edit();
        ledger.Supply += Supply.After - Supply.Before;
        foreach (ref readonly var change in Balances.Span) ledger.SetBalance(change.Key, ledger.BalanceOf(change.Key) + change.After - change.Before);
        foreach (ref readonly var change in Events.Span) ledger.SetEvent(change.Key, change.After);
        foreach (ref readonly var change in Tallies.Span) ledger.SetTally(change.Key, change.After);
        foreach (ref readonly var change in Tickets.Span)
            if (isTheirs(change.After!)) ledger.SetTicket(change.Key, change.After);
        foreach (ref readonly var reference in References.Span) ledger.SetReference(reference, true);
        return ledger.ToState();
    }

    /// <summary>The state before the block, from the state after it.</summary>
    public LedgerState Undo(LedgerState state)
    {
        var ledger = state.Edit();
        ledger.Supply = Supply.Before;
        foreach (var change in Balances) ledger.SetBalance(change.Key, change.Before);
        foreach (var change in Events) ledger.SetEvent(change.Key, change.Before);
        foreach (var change in Tallies) ledger.SetTally(change.Key, change.Before);
        foreach (var change in Tickets) ledger.SetTicket(change.Key, change.Before);
        foreach (var reference in References) ledger.SetReference(reference, false);
        foreach (var forgotten in Forgotten) ledger.SetSeen(forgotten, true);
        foreach (var seen in Seen) ledger.SetSeen(seen, false);
        if (Stakes is { } stakes) ledger.Stakes!.Undo(stakes);
        return ledger.ToState();
    }
}
