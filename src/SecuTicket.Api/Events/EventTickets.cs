using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Tickets;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Events;

/// <summary>Reads an event's tickets page by page, in the order of their issue.</summary>
/// <param name="view">What is shown.</param>
internal sealed class EventTickets(LedgerView view)
{
    /// <summary>Reads one page.</summary>
    /// <param name="id">The event.</param>
    /// <param name="session">Index of the session that is wanted; null for all.</param>
    /// <param name="status">The status that is wanted; null for all.</param>
    /// <param name="limit">The most tickets.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public Page<TicketContract> Read(EventId id, int? session, TicketStatus? status, int limit, NumberPlace? after)
    {
        var page = new PageBuilder<TicketContract>(limit);
        var last = after;
        foreach (var (ordinal, ticketId) in view.State.TicketsOf(id, session, status, after?.Number))
        {
            if (!page.Fits(TicketContract.MaxBytes)) return page.ToPage(last.ToString());

            page.Add(TicketContract.Of(ticketId, view.State.Tickets.Find(ticketId)!, view), TicketContract.MaxBytes);
            last = new NumberPlace(ordinal.Value);
        }

        return page.ToPage(null);
    }
}
