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
