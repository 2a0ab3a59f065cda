using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>What several blocks in a row changed: the last value of each key, and of tickets the first too.</summary>
/// <param name="tickets">How many tickets there will be, more or less.</param>
internal sealed class LedgerChanges(int tickets = 0)
{
    /// <summary>Balances in minor units; 0 where there is none any more.</summary>
    public Dictionary<Address, long> Balances { get; } = [];

    /// <summary>Events; null where there is none any more.</summary>
    public Dictionary<EventId, EventTerms?> Events { get; } = [];

    /// <summary>Counts and sums of events; null where there is none any more.</summary>
    public Dictionary<EventId, EventTally?> Tallies { get; } = [];

    /// <summary>Tickets before the first of the blocks and after the last; null where there is none.</summary>
    public Dictionary<TicketId, (Ticket? Before, Ticket? After)> Tickets { get; } = new(tickets);

    /// <summary>What is at stake.</summary>
    public StakeChanges Stakes { get; } = new();

    /// <summary>Adds the next block.</summary>
    public void Add(LedgerDelta delta)
    {
        if (delta.Stakes is { } stakes) Stakes.Add(stakes);
        foreach (ref readonly var change in delta.Balances.Span) Balances[change.Key] = change.After;
        foreach (ref readonly var change in delta.Events.Span) Events[change.Key] = change.After;
        foreach (ref readonly var change in delta.Tallies.Span) Tallies[change.Key] = change.After;
        foreach (ref readonly var change in delta.Tickets.Span)
            Tickets[change.Key] = (Tickets.TryGetValue(change.Key, out var earlier) ? earlier.Before : change.Before, change.After);
    }
}
