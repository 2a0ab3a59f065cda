using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S0.11, S1.6, S1.7: the organiser's tickets find their first holder.
public class SaleTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";
    private static readonly Person Seller = "seller";
    private static readonly Person EventKey = "event key";
    private static readonly TicketId Unknown = new(new byte[TicketId.Size]);
    private static readonly Hash256 Commitment = Hash256.Sha256("salt and name"u8);

    private readonly Scenario _story = new();

    [Fact]
    public void Buying_from_the_organiser_moves_the_face_price_and_the_ticket()
    {
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1", 5_000);
        _story.Funds(Anna, 6_000);

        var outcome = _story.Does(Anna, Wish.Purchase(seat, 5_000, Commitment));

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Sold && ticket.Owner == Anna.Address && ticket.PaidOnChain && ticket.IdentityCommitment == Commitment && ticket.Price == null);
        (_story.Balance(Anna), _story.Balance(Organiser)).Should().Be((1_000, 5_000));
        outcome.Effects.Changes.Should().Equal(new TicketChange(seat, "purchase_ticket", TicketStatus.Sold, Organiser.Address, Anna.Address, 5_000));
        outcome.Effects.Parties.Should().Equal(Anna.Address, Organiser.Address);
        _story.Tally(concert).Should().Be(EventTally.Empty with { Issued = 1, Sold = 1, Sales = 1, Revenue = 5_000 });
    }

    [Fact]
    public void The_price_may_equal_max_price_but_not_pass_it()
    {
        var seat = _story.Issues(Organiser, _story.Creates(Organiser), "A-1", 5_000);
        _story.Funds(Anna, 5_000);

        _story.Refuses("price_above_max", Anna, Wish.Purchase(seat, 4_999)).Field.Should().Be("max_price");
        _story.Does(Anna, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void Money_that_is_not_there_buys_nothing()
    {
        var seat = _story.Issues(Organiser, _story.Creates(Organiser), "A-1", 5_000);
        _story.Refuses("insufficient_funds", Anna, Wish.Purchase(seat, 5_000));
        _story.Funds(Anna, 4_999);
        _story.Refuses("insufficient_funds", Anna, Wish.Purchase(seat, 5_000));
        _story.Funds(Anna, 1);
        _story.Does(Anna, Wish.Purchase(seat, 5_000));

        _story.Balance(Anna).Should().Be(0);
        _story.State.Balances.Contains(Anna.Address).Should().BeFalse("who has nothing needs no entry");
    }

    [Fact]
    public void A_ticket_of_price_0_costs_nothing()
    {
        var seat = _story.Issues(Organiser, _story.Creates(Organiser), "A-1", 0);

        _story.Does(Anna, Wish.Purchase(seat, 0));
        _story[seat].Owner.Should().Be(Anna.Address);
    }

    [Fact]
    public void A_ticket_is_bought_once_and_not_from_oneself()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        _story.Funds(Boris, 5_000);
        _story.Funds(Organiser, 5_000);

        _story.Refuses("ticket_not_available", Boris, Wish.Purchase(seat, 5_000));
        _story.Refuses("ticket_not_available", Anna, Wish.Purchase(seat, 5_000));
        var other = _story.Issues(Organiser, concert, "A-2");
        _story.Refuses("ticket_not_available", Organiser, Wish.Purchase(other, 5_000));
        _story.Refuses("not_found", Boris, Wish.Purchase(Unknown, 5_000));
    }

    [Fact]
    public void The_sale_opens_to_the_second()
    {
        var opening = Scenario.Start + 100;
        var seat = _story.Issues(Organiser, _story.Creates(Organiser, saleOpensAt: opening), "A-1");
        _story.Funds(Anna, 5_000);

        _story.Now = opening - 1;
        _story.Refuses("outside_window", Anna, Wish.Purchase(seat, 5_000)).Kind.Should().Be(RefusalKind.Transient);
        _story.Now = opening;
        _story.Does(Anna, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void Nothing_is_sold_for_a_cancelled_event()
    {
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1");
        _story.Funds(Anna, 5_000);
        _story.Does(Organiser, Wish.CancelEvent(concert));

        _story.Refuses("event_cancelled", Anna, Wish.Purchase(seat, 5_000));
        _story.Refuses("event_cancelled", Organiser, Wish.Sell(seat, Anna));
    }

    [Fact]
    public void An_official_sale_needs_the_seller_s_and_the_event_s_signature()
    {
        var concert = _story.Creates(Organiser, sellers: [Seller], eventKey: EventKey);
        var seat = _story.Issues(Organiser, concert, "A-1", 5_000);

        _story.Refuses("event_signature_missing", Seller, Wish.Sell(seat, Anna));
        _story.Refuses("event_signature_missing", Seller, Wish.Sell(seat, Anna), with: "another event's key");
        _story.Refuses("event_signature_missing", Organiser, Wish.Sell(seat, Anna));
        _story.Refuses("not_seller", Boris, Wish.Sell(seat, Anna), with: EventKey);
        _story.Refuses("not_seller", EventKey, Wish.Sell(seat, Anna));

        var outcome = _story.Does(Seller, Wish.Sell(seat, Anna, 4_000, "till 7", Commitment), with: EventKey);
        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Sold && ticket.Owner == Anna.Address && !ticket.PaidOnChain && ticket.IdentityCommitment == Commitment);
        outcome.Effects.Changes.Should().Equal(new TicketChange(seat, "sell_ticket", TicketStatus.Sold, Organiser.Address, Anna.Address, 4_000));
        outcome.Effects.Parties.Should().Equal(Seller.Address, Organiser.Address, Anna.Address);
        _story.Tally(concert).Should().Be(EventTally.Empty with { Issued = 1, Sold = 1, Sales = 1, OutsideRevenue = 4_000 });
        _story.State.Supply.Should().Be(0, "it was paid outside the chain");
    }

    // S1.7: a bad one is reported, at admission and in a block that somebody made by hand alike.
    [Theory]
    [InlineData("", "signature_missing", "sender SELLER is missing")]
    [InlineData("event", "signature_invalid", "by EVENT, expected the sender SELLER")]
    [InlineData("event seller", "signature_invalid", "by EVENT, expected the sender SELLER")]
    [InlineData("seller seller", "signature_invalid", "SELLER signed twice")]
    [InlineData("seller* event", "signature_invalid", "signature of SELLER is not")]
    [InlineData("seller event*", "signature_invalid", "signature of EVENT is not")]
    [InlineData("seller", "event_signature_missing", "key EVENT is missing")]
    [InlineData("seller other", "event_signature_missing", "by OTHER, expected the event's key EVENT")]
    [InlineData("seller event", null, "")]
    public void A_sale_that_is_not_signed_by_both_names_whose_signature_is_missing_or_wrong(string signers, string? code, string detail)
    {
        var concert = _story.Sign(Organiser, Wish.CreateEvent(sellers: [Seller], eventKey: EventKey));
        var issue = _story.Sign(Organiser, Wish.Issue(EventId.Of(concert.Id), 5_000, "A-1"));
        var seat = IssueTickets.TicketOf(EventId.Of(concert.Id), 0, "A-1");
        var payload = _story.Sign(Seller, Wish.Sell(seat, Anna), with: EventKey).Transaction.Payload;
        var sale = new Transaction(payload, [.. signers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(who => Signature(who, payload.Id))]);
        detail = detail.Replace("SELLER", $"{Seller}").Replace("EVENT", $"{EventKey}").Replace("OTHER", $"{Boris}");
        foreach (var before in new[] { concert, issue }) _story.Applies(before);

        Said(Scenario.Verifier.Verify(sale).TryGet(out var verified, out var refusal) ? LedgerRules.Apply(_story.State, verified, new RuleContext(_story.Spec, 1, _story.Now * 1_000)).Refusal : refusal);

        // The header commits to it, whatever it is.
        var chain = new TestChain();
        var block = chain.Block(transactions: [concert, issue, TransactionVerifier.Restore(sale)], at: _story.Now * 1_000);
        var received = VerifiedBlock.Verify(Block.Decode(block.Block.Encode(), int.MaxValue).Value, Scenario.Verifier);
        Said(received.TryGet(out var found, out refusal) ? chain.Offers(found).Verdict.Refusal : refusal);

        void Said(Refusal? said)
        {
            (said?.Code).Should().Be(code, said?.Detail);
            if (said is not null) said.Detail.Should().Contain(detail);
        }

        static TransactionSignature Signature(string who, Hash256 id)
        {
            var signed = who.EndsWith('*') ? Hash256.Sha256("something else"u8) : id;
            return (who.TrimEnd('*') switch { "seller" => Seller, "event" => EventKey, _ => Boris }).Sign(signed);
        }
    }

    [Fact]
    public void One_signature_is_enough_where_seller_and_event_have_one_key_and_a_second_is_not_taken()
    {
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1");

        _story.Refuses("signature_invalid", Organiser, Wish.Sell(seat, Anna), with: "somebody");
        _story.Does(Organiser, Wish.Sell(seat, Anna));
    }

    [Fact]
    public void The_organiser_sells_officially_with_the_event_s_key_without_being_on_the_list()
    {
        var seat = _story.Issues(Organiser, _story.Creates(Organiser, eventKey: EventKey), "A-1");

        _story.Does(Organiser, Wish.Sell(seat, Anna), with: EventKey);
    }

    [Fact]
    public void A_seller_who_is_taken_off_the_list_sells_no_more()
    {
        var concert = _story.Creates(Organiser, sellers: [Seller], eventKey: EventKey);
        var seat = _story.Issues(Organiser, concert, "A-1");
        _story.Does(Organiser, Wish.UpdateEvent(concert, sellers: []));

        _story.Refuses("not_seller", Seller, Wish.Sell(seat, Anna), with: EventKey);
    }

    [Fact]
    public void Only_an_unsold_ticket_is_sold_officially()
    {
        var (_, seat) = _story.Sold(Organiser, Anna);

        _story.Refuses("ticket_not_available", Organiser, Wish.Sell(seat, Boris));
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Refuses("ticket_not_available", Organiser, Wish.Sell(seat, Boris));
        _story.Refuses("not_found", Organiser, Wish.Sell(Unknown, Boris));
    }

    [Fact]
    public void An_official_sale_does_not_wait_for_the_public_one()
    {
        var seat = _story.Issues(Organiser, _story.Creates(Organiser, saleOpensAt: Scenario.Start + 1_000), "A-1");

        _story.Does(Organiser, Wish.Sell(seat, Anna));
    }
}
