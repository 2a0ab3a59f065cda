using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>What an organiser does with an event.</summary>
internal static class EventRules
{
    public static Verdict Create(Draft draft, CreateEvent operation)
    {
        var id = EventId.Of(draft.Transaction.Id);
        // 16 of 32 bytes name an event: as good as impossible to meet by chance, but a chain must not depend on chance.
        if (draft.Ledger.Find(id) is not null) return new Refusal(RefusalCodes.TransactionExists, $"Event {id} exists already: send it with another nonce.");

        var last = draft.Ledger.EventCount;
        draft.Put(id, new EventTerms(
            last, draft.Transaction.Id, draft.NameBlock().BlockIndex, draft.Sender, operation.Name, operation.Venue, operation.Sessions, operation.TimeZone,
            operation.Sellers, operation.Gates, operation.EventKey ?? draft.Sender, operation.SaleOpensAt, operation.Resale, false));
        return Verdict.Accepted;
    }

    public static Verdict Update(Draft draft, UpdateEvent operation)
    {
        if (!Find.OwnEvent(draft, operation.Event).TryGet(out var terms, out var refusal)) return refusal;

        if (operation.Resale is { } rules && draft.Ledger.TallyOf(operation.Event).Sales > 0 && terms.Resale.FirstWorse(rules) is { } field)
            return new Refusal(RefusalCodes.RulesWorse, $"Tickets were sold under the present rules; {field} would become worse for their holders.", Field: $"resale.{field}");

        draft.Put(operation.Event, terms with
        {
            Sellers = operation.Sellers ?? terms.Sellers,
            Gates = operation.Gates ?? terms.Gates,
            SaleOpensAt = operation.SaleOpensAt ?? terms.SaleOpensAt,
            Resale = operation.Resale ?? terms.Resale,
        });
        return Verdict.Accepted;
    }

    public static Verdict Cancel(Draft draft, CancelEvent operation)
    {
        if (!Find.OwnEvent(draft, operation.Event).TryGet(out var terms, out var refusal)) return refusal;

        draft.Put(operation.Event, terms with { Cancelled = true });
        return Verdict.Accepted;
    }

    public static Verdict Issue(Draft draft, IssueTickets operation)
    {
        if (!Find.OwnEvent(draft, operation.Event).TryGet(out var terms, out var refusal)) return refusal;
        if (operation.Session >= terms.Sessions.Count)
            return new Refusal(RefusalCodes.InvalidField, $"session: the event has sessions 0 to {terms.Sessions.Count - 1}, found {operation.Session}.", Field: "session");

        var tally = draft.Ledger.TallyOf(operation.Event);
        var ordinal = tally.Issued;
        var issue = new TicketIssue(operation.Event, operation.Session, operation.Price, draft.NameBlock().BlockIndex);
        var ids = operation.TicketIds();
        for (var i = 0; i < ids.Length; i++)
        {
            var seat = operation.Seats[i];
            if (draft.Ledger.Find(ids[i]) is not null)
                return new Refusal(RefusalCodes.TicketExists, $"Seat {seat} of session {operation.Session} has its ticket already: {ids[i]}.", Field: "seats");

            draft.Put(ids[i], null, new Ticket(issue, ordinal++, SeatName.Of(seat), terms.Organiser), operation.Price);
        }

        draft.Put(operation.Event, tally with { Issued = ordinal });
        return Verdict.Accepted;
    }

    public static Verdict Revoke(Draft draft, RevokeTicket operation)
    {
        if (!Find.Ticket(draft.Ledger, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (draft.Sender != terms.Organiser) return Find.NotOrganiser(draft, terms);
        if (ticket.Status == TicketStatus.Redeemed) return Find.Redeemed(operation.Ticket, ticket);
        if (ticket.Status == TicketStatus.Revoked) return Find.NotAvailable(operation.Ticket, ticket, "is revoked already");

        var held = ticket.Status is TicketStatus.Sold or TicketStatus.Listed;
        var refund = ticket.Refundable;
        if (draft.Pay(terms.Organiser, ticket.Owner, refund).Refusal is { } lacking) return lacking;

        draft.Put(operation.Ticket, ticket, ticket with { Status = TicketStatus.Revoked, Listing = null }, refund);
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with { Revoked = tally.Revoked + 1, Sold = tally.Sold - (held ? 1 : 0), Refunds = EventTally.Add(tally.Refunds, refund) });
        return Verdict.Accepted;
    }
}
