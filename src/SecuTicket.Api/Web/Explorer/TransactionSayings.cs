using Microsoft.Extensions.Localization;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Explorer;

/// <summary>Says in a sentence what a transaction wishes.</summary>
/// <param name="words">The explorer's words.</param>
/// <param name="page">Writes money.</param>
/// <param name="state">Knows what tickets and events are called.</param>
internal sealed class TransactionSayings(IStringLocalizer<ExplorerWords> words, PageWords page, LedgerState state)
{
    /// <summary>The sentence.</summary>
    public Saying Of(Payload payload)
    {
        var sender = Part.Of(payload.Sender);
        return payload.Operation switch
        {
            CreateEvent create => Say(create, sender, Event(EventId.Of(payload.Id), create.Name)),
            UpdateEvent update => Say(update, sender, Event(update.Event)),
            IssueTickets issue => Say(issue, sender, new Part(page.Number(issue.Seats.Count)), Event(issue.Event), Money(issue.Price)),
            SellTicket { Price: { } price } sell => Say("said.sell_ticket", sender, Ticket(sell.Ticket), Part.Of(sell.Recipient), Money(price)),
            SellTicket sell => Say("said.sell_ticket.unpriced", sender, Ticket(sell.Ticket), Part.Of(sell.Recipient)),
            PurchaseTicket purchase => Say(purchase, sender, Ticket(purchase.Ticket), Money(purchase.MaxPrice)),
            TransferTicket transfer => Say(transfer, sender, Ticket(transfer.Ticket), Part.Of(transfer.Recipient)),
            ListTicket { Buyer: { } buyer } list => Say("said.list_ticket.reserved", sender, Ticket(list.Ticket), Money(list.Price), Part.Of(buyer)),
            ListTicket list => Say(list, sender, Ticket(list.Ticket), Money(list.Price)),
            UnlistTicket unlist => Say(unlist, sender, Ticket(unlist.Ticket)),
            ReturnTicket back => Say(back, sender, Ticket(back.Ticket)),
            RedeemTicket redeem => Say(redeem, sender, Ticket(redeem.Ticket)),
            RevokeTicket revoke => Say(revoke, sender, Ticket(revoke.Ticket)),
            CancelEvent cancel => Say(cancel, sender, Event(cancel.Event)),
            TransferCoins coins => Say(coins, sender, Money(coins.Amount), Part.Of(coins.Recipient)),
            TopUp topUp => Say(topUp, sender, Money(topUp.Amount), Part.Of(topUp.Recipient)),
            Stake stake => Say(stake, sender, Money(stake.Amount)),
            Unstake unstake => Say(unstake, sender, Money(unstake.Amount)),
            Vote vote => Say(vote, sender, Block(vote.TargetIndex)),
            Reward reward => Say(reward, Part.Of(reward.Recipient), Money(reward.Amount), Block(reward.BlockIndex)),
            _ => Say(payload.Operation, sender),
        };
    }

    private Saying Say(Operation operation, params Part[] parts) => Say($"said.{operation.Type}", parts);

    private Saying Say(string name, params Part[] parts) => new(words[name], parts);

    private Part Money(long amount) => new(page.Money(amount));

    private Part Block(long index) => new(page.Number(index), $"/explorer/blocks/{index}");

    private Part Event(in EventId id, string? name = null) => Part.Of(id.ToString(), "events") is var part && (name ?? state.Events.Find(id)?.Name) is { } known && Visible.Is(known) ? part with { Text = known } : part;

    private Part Ticket(in TicketId id) => Part.Of(id.ToString(), "tickets") is var part && state.Tickets.Find(id) is { } ticket ? part with { Text = words["seat", ticket.Seat] } : part;
}
