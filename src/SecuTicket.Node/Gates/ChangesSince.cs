using SecuTicket.Core.Chain;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Gates;

/// <summary>The tickets of an event that changed after a block, found in what the blocks since then changed.</summary>
/// <remarks>A gate asks after each block, for a few changes among all tickets of its event. Looking at all tickets instead costs more the larger the event is.</remarks>
internal static class ChangesSince
{
    // In tickets that could be looked at instead: reading what a block changed, and each ticket that it changed.
    private const int BlockCost = 200;
    private const int ChangeCost = 4;

    /// <summary>What <see cref="RosterEntry.AllOf"/> gives.</summary>
    /// <param name="store">What the blocks changed; it may be ahead of <paramref name="chain"/>.</param>
    /// <param name="chain">Our branch.</param>
    /// <param name="id">The event.</param>
    /// <param name="since">Index of the block.</param>
    /// <returns>The tickets in the order of their issue; null where looking at all of them costs less, and where it is not known any more what a block changed.</returns>
    public static IEnumerable<RosterEntry>? Find(IBlockStore store, Blockchain chain, EventId id, long since)
    {
        var left = (long)chain.Ledger.TicketsOf(id).Count;
        var changed = new SortedDictionary<int, TicketId>();
        var at = chain.Tip;
        while (at.Header.Index > since)
        {
            left -= BlockCost;
            if (left < 0 || store.FindDelta(at.Hash) is not { } delta || chain.Find(at.Header.Previous) is not { } before) return null;

            left -= (long)ChangeCost * delta.Tickets.Count;
            foreach (var change in delta.Tickets)
                if (change.After is { } ticket && ticket.Event == id) changed[ticket.Ordinal] = change.Key;
            at = before;
        }

        return changed.Values.Select(ticket => RosterEntry.Of(ticket, chain.Ledger.Tickets.Find(ticket)!));
    }
}
