using Microsoft.Extensions.Localization;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Wallet;

/// <summary>Something that a holder may want to do with a ticket.</summary>
/// <param name="What">What it would mean, in a sentence.</param>
/// <param name="Why">Why it is not possible now; null when it is.</param>
public sealed record TicketAction(string What, string? Why)
{
    /// <summary>Whether it is possible now.</summary>
    public bool IsPossible => Why is null;
}

/// <summary>Says in plain words what a ticket's holder may do now and, where something is not possible, which rule, state or moment stands against it.</summary>
/// <remarks>The ledger's rules decide, when a transaction comes; this says beforehand what they would. Reasons are in the order in which the rules are asked.</remarks>
/// <param name="words">The words of wallets.</param>
/// <param name="rules">The words of rules.</param>
/// <param name="page">How money and moments are written.</param>
public sealed class TicketActions(IStringLocalizer<WalletWords> words, RulesInWords rules, PageWords page)
{
    // In minor units; the form takes nothing less (wallet/forms.js).
    private const long LeastPrice = 1;

    /// <summary>Giving it away.</summary>
    public TicketAction Give(Ticket ticket, EventTerms terms) => new(
        words["give.what"],
        WhyFinal(ticket)
        ?? (terms.Cancelled ? words["why.cancelled"].Value
        : ticket.Status == TicketStatus.Listed ? words["why.listed"].Value
        : !terms.Resale.TransferAllowed ? words["why.transfer"].Value
        : null));

    /// <summary>Offering it for resale.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="terms">Its event.</param>
    /// <param name="now">Unix seconds.</param>
    public TicketAction List(Ticket ticket, EventTerms terms, long now)
    {
        var resale = terms.Resale;
        var most = resale.Cap(ticket.FacePrice);
        var cap = resale.Mode is ResaleMode.FaceValue or ResaleMode.Capped ? words["list.cap", page.Money(most), resale.Mode == ResaleMode.Capped ? resale.MaxPricePercent : 100, page.Money(ticket.FacePrice)] : words["list.any"];
        return new TicketAction(
            resale.Mode == ResaleMode.Forbidden ? words["list.never"] : resale.CommissionPercent > 0 ? $"{cap} {words["list.commission", resale.CommissionPercent]}" : cap,
            WhyFinal(ticket)
            ?? (terms.Cancelled ? words["why.cancelled"].Value
            : ticket.Status == TicketStatus.Listed ? words["why.listed.already"].Value
            : resale.Mode == ResaleMode.Forbidden ? words["why.resale"].Value
            : !resale.MayResell(ticket.Owner) ? words["why.reseller"].Value
            : resale.OpensAt > now ? words["why.opens", rules.MomentOf(resale.OpensAt.Value)].Value
            : resale.ClosesAt < now ? words["why.closed", rules.MomentOf(resale.ClosesAt.Value)].Value
            : ticket.Resales >= resale.MaxResales ? words["why.resales", resale.MaxResales.Value].Value
            : most < LeastPrice ? words["why.free", page.Money(most), page.Money(LeastPrice)].Value
            : null));
    }

    /// <summary>Taking the offer back.</summary>
    public TicketAction Unlist(Ticket ticket) => new(
        ticket.Listing is { } offer ? words["unlist.what", page.Money(offer.Price)] : words["unlist.none"],
        WhyFinal(ticket) ?? (ticket.Status == TicketStatus.Listed ? null : words["why.not_listed"].Value));

    /// <summary>Giving it back to the organiser.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="terms">Its event.</param>
    /// <param name="held">What the organiser has, in minor units.</param>
    /// <param name="now">Unix seconds.</param>
    public TicketAction Return(Ticket ticket, EventTerms terms, long held, long now)
    {
        var refund = !ticket.PaidOnChain ? 0 : terms.Cancelled ? ticket.FacePrice : terms.Resale.Refund(ticket.FacePrice);
        var what = ticket.PaidOnChain
            ? words[terms.Cancelled ? "return.cancelled" : "return.what", page.Money(refund), terms.Resale.RefundPercent, page.Money(ticket.FacePrice)]
            : words["return.outside"];
        return new TicketAction(
            what,
            WhyFinal(ticket)
            ?? (ticket.Status == TicketStatus.Listed ? words["why.listed"].Value
            : !terms.Cancelled && terms.Resale.ReturnUntil < now ? words["why.return", rules.MomentOf(terms.Resale.ReturnUntil.Value)].Value
            : refund > held ? words["why.funds", page.Money(refund)].Value
            : null));
    }

    private string? WhyFinal(Ticket ticket) => ticket.Status switch
    {
        TicketStatus.Unsold => words["why.unsold"].Value,
        TicketStatus.Redeemed => words["why.redeemed", page.Moment(DateTimeOffset.FromUnixTimeMilliseconds(ticket.Redemption!.At))].Value,
        TicketStatus.Revoked => words["why.revoked"].Value,
        _ => null,
    };
}
