using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>Tickets change hands for money: from the organiser through an official seller or the ledger, and between holders.</summary>
internal static class SaleRules
{
    public static Verdict Sell(Draft draft, SellTicket operation)
    {
        if (!Find.Ticket(draft.Ledger, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (terms.Cancelled) return Find.Cancelled(ticket.Event);
        if (!terms.IsSeller(draft.Sender)) return new Refusal(RefusalCodes.NotSeller, $"{draft.Sender} is no official seller of this event.");
        if (RefuseSigners(draft, terms) is { } unsigned) return unsigned;
        if (ticket.Status != TicketStatus.Unsold) return Find.NotAvailable(operation.Ticket, ticket, "is not for sale by the organiser any more");

        var sold = ticket with { Status = TicketStatus.Sold, Owner = operation.Recipient, PaidOnChain = false, Resales = 0, IdentityCommitment = operation.IdentityCommitment };
        draft.Put(operation.Ticket, ticket, sold, operation.Price);
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with { Sales = tally.Sales + 1, Sold = tally.Sold + 1, OutsideRevenue = EventTally.Add(tally.OutsideRevenue, operation.Price ?? 0) });
        return Verdict.Accepted;
    }

    public static Verdict Purchase(Draft draft, PurchaseTicket operation)
    {
        if (!Find.Ticket(draft.Ledger, operation.Ticket).TryGet(out var found, out var refusal)) return refusal;

        var (ticket, terms) = found;
        if (terms.Cancelled) return Find.Cancelled(ticket.Event);
        if (ticket.Price is not { } price) return Find.NotAvailable(operation.Ticket, ticket, "is not for sale");
        if (ticket.Owner == draft.Sender) return Find.NotAvailable(operation.Ticket, ticket, "belongs to the buyer already");
        if (ticket.Listing?.Buyer is { } only && only != draft.Sender) return Find.NotAvailable(operation.Ticket, ticket, "is offered to another buyer only");

        var opened = ticket.Status == TicketStatus.Unsold
            ? draft.InWindow(terms.SaleOpensAt, null, "The sale")
            : draft.InWindow(terms.Resale.OpensAt, terms.Resale.ClosesAt, "Resale");
        if (!opened.IsAccepted) return opened;
        if (price > operation.MaxPrice)
            return new Refusal(RefusalCodes.PriceAboveMax, $"Ticket {operation.Ticket} costs {price} minor units, max_price is {operation.MaxPrice}.", Field: "max_price");

        return ticket.Status == TicketStatus.Unsold
            ? FromOrganiser(draft, operation, ticket, terms, price)
            : FromHolder(draft, operation, ticket, terms, price);
    }

    private static Verdict FromOrganiser(Draft draft, PurchaseTicket operation, Ticket ticket, EventTerms terms, long price)
    {
        if (draft.Pay(draft.Sender, terms.Organiser, price).Refusal is { } lacking) return lacking;

        var sold = ticket with { Status = TicketStatus.Sold, Owner = draft.Sender, PaidOnChain = true, Resales = 0, IdentityCommitment = operation.IdentityCommitment };
        draft.Put(operation.Ticket, ticket, sold, price);
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with { Sales = tally.Sales + 1, Sold = tally.Sold + 1, Revenue = EventTally.Add(tally.Revenue, price) });
        return Verdict.Accepted;
    }

    private static Verdict FromHolder(Draft draft, PurchaseTicket operation, Ticket ticket, EventTerms terms, long price)
    {
        var commission = terms.Resale.Commission(price);
        if (draft.Pay(draft.Sender, ticket.Owner, price - commission).Refusal is not null
            || draft.Pay(draft.Sender, terms.Resale.CommissionTo ?? terms.Organiser, commission).Refusal is not null)
            return new Refusal(RefusalCodes.InsufficientFunds, $"{draft.Sender} does not have the {price} minor units that the ticket costs.");

        var sold = ticket with { Status = TicketStatus.Sold, Owner = draft.Sender, Listing = null, Resales = ticket.Resales + 1, IdentityCommitment = operation.IdentityCommitment };
        draft.Put(operation.Ticket, ticket, sold, price);
        draft.Resold(new Resale(ticket.Event, price, ticket.FacePrice));
        var tally = draft.Ledger.TallyOf(ticket.Event);
        draft.Put(ticket.Event, tally with
        {
            Resales = tally.Resales + 1,
            ResaleVolume = EventTally.Add(tally.ResaleVolume, price),
            ResalePremium = EventTally.Add(tally.ResalePremium, price - ticket.FacePrice),
            Commission = EventTally.Add(tally.Commission, commission),
        });
        return Verdict.Accepted;
    }

    private static Refusal? RefuseSigners(Draft draft, EventTerms terms)
    {
        var signers = draft.Transaction.Signers;
        if (terms.EventKey == draft.Sender)
            return signers.Count == 1 ? null : new Refusal(RefusalCodes.SignatureInvalid, $"The seller holds the event's key: one signature is enough, the second by {signers[1]} is not asked for.");
        if (signers.Count < 2)
            return new Refusal(RefusalCodes.EventSignatureMissing, $"The seller's signature is there; the one of the event's key {terms.EventKey} is missing.");
        if (signers[1] != terms.EventKey)
            return new Refusal(RefusalCodes.EventSignatureMissing, $"The second signature is by {signers[1]}, expected the event's key {terms.EventKey}.");

        return null;
    }
}
