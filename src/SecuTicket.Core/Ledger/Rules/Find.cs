using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>What several rules look up and refuse in the same words.</summary>
internal static class Find
{
    public static Verdict<EventTerms> OwnEvent(Draft draft, in EventId id)
    {
        if (draft.Ledger.Find(id) is not { } terms) return new Refusal(RefusalCodes.NotFound, $"There is no event {id}.", Field: "event_id");
        if (draft.Sender != terms.Organiser) return NotOrganiser(draft, terms);

        return terms.Cancelled ? Cancelled(id) : terms;
    }

    public static Verdict<(Ticket Ticket, EventTerms Terms)> Ticket(LedgerEdit ledger, in TicketId id)
    {
        if (ledger.Find(id) is not { } ticket) return new Refusal(RefusalCodes.NotFound, $"There is no ticket {id}.", Field: "ticket_id");

        return (ticket, ledger.Find(ticket.Event)!);
    }

    /// <summary>A ticket that the sender holds.</summary>
    public static Verdict<(Ticket Ticket, EventTerms Terms)> HeldTicket(Draft draft, in TicketId id)
    {
        if (!Ticket(draft.Ledger, id).TryGet(out var found, out var refusal)) return refusal;

        var ticket = found.Ticket;
        if (ticket.Status == TicketStatus.Unsold || ticket.Owner != draft.Sender)
            return new Refusal(RefusalCodes.NotHolder, ticket.Status == TicketStatus.Unsold ? $"Ticket {id} is unsold: nobody holds it." : $"{draft.Sender} does not hold ticket {id}.");
        if (ticket.Status == TicketStatus.Redeemed) return Redeemed(id, ticket);
        if (ticket.Status == TicketStatus.Revoked) return NotAvailable(id, ticket, "was revoked by the organiser");

        return found;
    }

    public static Refusal NotOrganiser(Draft draft, EventTerms terms) =>
        new(RefusalCodes.NotOrganiser, $"{draft.Sender} is not the organiser of the event: that is {terms.Organiser}.");

    public static Refusal Cancelled(in EventId id) => new(RefusalCodes.EventCancelled, $"Event {id} is cancelled: holders can claim the face price with return_ticket.");

    public static Refusal Redeemed(in TicketId id, Ticket ticket) => new(
        RefusalCodes.AlreadyRedeemed,
        $"Ticket {id} was redeemed at {DateTimeOffset.FromUnixTimeMilliseconds(ticket.Redemption!.At):yyyy-MM-dd'T'HH:mm:ss.fff'Z'} by gate {ticket.Redemption.Gate} in transaction {ticket.Redemption.Transaction}.");

    public static Refusal NotAvailable(in TicketId id, Ticket ticket, string why) =>
        new(RefusalCodes.TicketNotAvailable, $"Ticket {id} {why}; its status is {ticket.Status.ToString().ToLowerInvariant()}.");

    /// <summary>Whether a moment lies in a window whose ends are unix seconds, both inclusive; null for no end.</summary>
    public static Verdict InWindow(long seconds, long? opensAt, long? closesAt, string what)
    {
        if (opensAt is { } opening && seconds < opening)
            return new Refusal(RefusalCodes.OutsideWindow, $"{what} opens at {Moment(opening)}.", RefusalKind.Transient);
        if (closesAt is { } closing && seconds > closing)
            return new Refusal(RefusalCodes.OutsideWindow, $"{what} closed at {Moment(closing)}.");

        return Verdict.Accepted;
    }

    // A moment may be any integer that JSON keeps exact; a calendar ends earlier.
    private static string Moment(long seconds) => seconds <= 253_402_300_799
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")
        : $"unix second {seconds}";
}
