using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Tickets;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Events;

/// <summary>Reads an event's tickets page by page, in the order of their issue.</summary>
/// <param name="view">What is shown.</param>
/// <param name="maxScanned">Tickets looked at for one page, at the most: a filter that few pass ends a page early, with a next to go on from.</param>
internal sealed class EventTickets(LedgerView view, int maxScanned = EventTickets.MaxScanned)
{
    /// <summary>What is looked at for one page: some ten milliseconds of work.</summary>
    public const int MaxScanned = 50_000;

    /// <summary>Reads one page.</summary>
    /// <param name="id">The event.</param>
    /// <param name="belongs">Which tickets are wanted.</param>
    /// <param name="limit">The most tickets.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public Page<TicketContract> Read(EventId id, Func<Ticket, bool> belongs, int limit, NumberPlace? after)
    {
        var inOrder = view.State.TicketsOf(id);
        var page = new PageBuilder<TicketContract>(limit);
        var (last, scanned) = (after, 0);
        foreach (var (ordinal, ticketId) in after is { } place ? inOrder.After(new Ordinal(place.Number)) : inOrder)
        {
            var ticket = view.State.Tickets.Find(ticketId)!;
            var isWanted = belongs(ticket);
            if (scanned++ == maxScanned || (isWanted && !page.Fits(TicketContract.MaxBytes))) return page.ToPage(last.ToString());

            if (isWanted) page.Add(TicketContract.Of(ticketId, ticket, view), TicketContract.MaxBytes);
            last = new NumberPlace(ordinal.Value);
        }

        return page.ToPage(null);
    }
}
