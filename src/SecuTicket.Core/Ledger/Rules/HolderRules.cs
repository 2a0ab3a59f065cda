using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>What a holder does with a ticket, and what a gate does with it.</summary>
internal static class HolderRules
{
    public static Verdict Transfer(Draft draft, TransferTicket operation)
    {
        if (!Find.HeldTicket(draft, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (terms.Cancelled) return Find.Cancelled(ticket.Event);
        if (ticket.Status == TicketStatus.Listed) return Find.NotAvailable(operation.Ticket, ticket, "must be unlisted before it is given away");
        if (!terms.Resale.TransferAllowed) return new Refusal(RefusalCodes.TransferForbidden, "The event's rules forbid giving tickets away.");
        if (operation.Recipient == draft.Sender) return new Refusal(RefusalCodes.InvalidField, "recipient: the sender holds the ticket already.", Field: "recipient");

        draft.Put(operation.Ticket, ticket, ticket with { Owner = operation.Recipient, IdentityCommitment = operation.IdentityCommitment }, null);
        return Verdict.Accepted;
    }

    public static Verdict List(Draft draft, ListTicket operation)
    {
        if (!Find.HeldTicket(draft, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (terms.Cancelled) return Find.Cancelled(ticket.Event);
        if (ticket.Status == TicketStatus.Listed) return Find.NotAvailable(operation.Ticket, ticket, "is listed already");

        var rules = terms.Resale;
        if (rules.Mode == ResaleMode.Forbidden) return new Refusal(RefusalCodes.ResaleForbidden, "The event's rules forbid resale.");
        if (!rules.MayResell(draft.Sender)) return new Refusal(RefusalCodes.ResellerNotAllowed, $"{draft.Sender} is not among the event's resellers.");
        if (draft.InWindow(rules.OpensAt, rules.ClosesAt, "Resale") is { IsAccepted: false } closed) return closed;
        if (rules.MaxResales is { } most && ticket.Resales >= most) return new Refusal(RefusalCodes.ResaleLimit, $"The ticket was resold {ticket.Resales} times, the rules allow {most}.");

        var cap = rules.Cap(ticket.FacePrice);
        if (operation.Price > cap)
            return new Refusal(RefusalCodes.PriceAboveCap, $"The price is {operation.Price}, the rules allow at most {cap} minor units for a face price of {ticket.FacePrice}.", Field: "price");

        draft.Put(operation.Ticket, ticket, ticket with { Status = TicketStatus.Listed, Listing = new Listing(operation.Price, operation.Buyer) }, operation.Price);
        return Verdict.Accepted;
    }

    public static Verdict Unlist(Draft draft, UnlistTicket operation)
    {
        if (!Find.HeldTicket(draft, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var ticket = found.Ticket;
        if (ticket.Status != TicketStatus.Listed) return Find.NotAvailable(operation.Ticket, ticket, "is not listed");

        draft.Put(operation.Ticket, ticket, ticket with { Status = TicketStatus.Sold, Listing = null }, null);
        return Verdict.Accepted;
    }

    public static Verdict Return(Draft draft, ReturnTicket operation)
    {
        if (!Find.HeldTicket(draft, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (ticket.Status == TicketStatus.Listed) return Find.NotAvailable(operation.Ticket, ticket, "must be unlisted before it is returned");
        if (!terms.Cancelled && draft.InWindow(null, terms.Resale.ReturnUntil, "Returning tickets") is { IsAccepted: false } closed)
            return new Refusal(RefusalCodes.ReturnForbidden, closed.Refusal.Detail);

        // Who cancels an event owes the whole price, whatever the rules say about second thoughts.
        var refund = !ticket.PaidOnChain ? 0 : terms.Cancelled ? ticket.FacePrice : terms.Resale.Refund(ticket.FacePrice);
        if (draft.Pay(terms.Organiser, draft.Sender, refund).Refusal is { } lacking) return lacking;

        var unsold = ticket with { Status = TicketStatus.Unsold, Owner = terms.Organiser, PaidOnChain = false, Resales = 0, IdentityCommitment = null };
        draft.Put(operation.Ticket, ticket, unsold, refund);
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with { Returns = tally.Returns + 1, Sold = tally.Sold - 1, Refunds = EventTally.Add(tally.Refunds, refund) });
        return Verdict.Accepted;
    }

    public static Verdict Redeem(Draft draft, RedeemTicket operation)
    {
        if (!Find.Ticket(draft.Ledger, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (!terms.Gates.Contains(draft.Sender)) return new Refusal(RefusalCodes.NotGate, $"{draft.Sender} is no gate of this event.");
        if (terms.Cancelled) return Find.Cancelled(ticket.Event);
        if (ticket.Status == TicketStatus.Redeemed) return Find.Redeemed(operation.Ticket, ticket);
        if (ticket.Status is TicketStatus.Unsold or TicketStatus.Revoked) return Find.NotAvailable(operation.Ticket, ticket, "lets nobody in");

        var redemption = new Redemption(draft.Sender, draft.NameBlock().Time, draft.Transaction.Id);
        draft.Put(operation.Ticket, ticket, ticket with { Status = TicketStatus.Redeemed, Listing = null, Redemption = redemption }, null);
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with { Redeemed = tally.Redeemed + 1 });
        return Verdict.Accepted;
    }
}
