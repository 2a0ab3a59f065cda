using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Gate;

/// <summary>What a gate needs to know of a ticket.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Session">Index of the session.</param>
/// <param name="Seat">The seat's name.</param>
/// <param name="Owner">Who has it; the organiser while it is unsold.</param>
/// <param name="Status">What can happen to it next.</param>
/// <param name="RedeemedAt">When its holder went in, in milliseconds since 1970; there exactly when it is redeemed.</param>
public readonly record struct RosterEntry(TicketId Ticket, int Session, string Seat, Address Owner, TicketStatus Status, long? RedeemedAt)
{
    /// <summary>A ticket of the ledger.</summary>
    public static RosterEntry Of(in TicketId id, Ticket ticket) => new(id, ticket.Session, ticket.Seat.ToString(), ticket.Owner, ticket.Status, ticket.Redemption?.At);

    /// <summary>The tickets of an event that changed after a block, in the order of their issue.</summary>
    /// <param name="state">The ledger.</param>
    /// <param name="id">The event.</param>
    /// <param name="since">Index of the block; null for all tickets.</param>
    public static IEnumerable<RosterEntry> AllOf(LedgerState state, EventId id, long? since)
    {
        foreach (var (_, ticketId) in state.TicketsOf(id))
        {
            var ticket = state.Tickets.Find(ticketId)!;
            if (since is null || ticket.ChangedIn > since) yield return Of(ticketId, ticket);
        }
    }
}
