using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tickets;

/// <summary>Whether a ticket lets its owner in.</summary>
/// <param name="Valid">Whether it does.</param>
/// <param name="Reason"><c>valid</c>, or the first that applies of <c>unknown</c>, <c>not_owner</c>, <c>unsold</c>, <c>already_redeemed</c>, <c>revoked</c>, <c>event_cancelled</c>.</param>
public sealed record VerificationContract(bool Valid, string Reason)
{
    private static readonly VerificationContract Fine = new(true, "valid");
    private static readonly VerificationContract Unknown = new(false, "unknown");
    private static readonly VerificationContract NotOwner = new(false, "not_owner");
    private static readonly VerificationContract Unsold = new(false, "unsold");
    private static readonly VerificationContract AlreadyRedeemed = new(false, "already_redeemed");
    private static readonly VerificationContract Revoked = new(false, "revoked");
    private static readonly VerificationContract EventCancelled = new(false, "event_cancelled");

    /// <summary>Judges in the contract's order: who does not own the ticket learns nothing else of it here.</summary>
    /// <param name="state">The ledger.</param>
    /// <param name="id">The ticket.</param>
    /// <param name="owner">Who says that it is theirs.</param>
    /// <remarks>A listed ticket is valid: until it is bought its holder may enter with it. The owner of an unsold one is the organiser.</remarks>
    public static VerificationContract Of(LedgerState state, in TicketId id, in Address owner)
    {
        if (!state.Tickets.TryGet(id, out var ticket)) return Unknown;
        if (ticket.Owner != owner) return NotOwner;

        return ticket.Status switch
        {
            TicketStatus.Unsold => Unsold,
            TicketStatus.Redeemed => AlreadyRedeemed,
            TicketStatus.Revoked => Revoked,
            _ => state.Events.Find(ticket.Event)!.Cancelled ? EventCancelled : Fine,
        };
    }
}
