using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S0.11, S0.12: what a holder, a gate and the organiser do with a ticket that was sold.
public class HolderTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";
    private static readonly Person Gate = "gate";
    private static readonly TicketId Unknown = new(new byte[TicketId.Size]);

    private readonly Scenario _story = new();

    [Fact]
    public void A_gift_changes_the_holder_and_nothing_else()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        var before = _story[seat];
        var tally = _story.Tally(concert);
        _story.BlockIndex = 7;

        var outcome = _story.Does(Anna, Wish.Give(seat, Boris));

        _story[seat].Should().Be(before with { Owner = Boris.Address, ChangedIn = 7 });
        _story.Tally(concert).Should().Be(tally);
        outcome.Effects.Changes.Should().Equal(new TicketChange(seat, "transfer_ticket", TicketStatus.Sold, Anna.Address, Boris.Address, null));
        outcome.Effects.Parties.Should().Equal(Anna.Address, Boris.Address);
        _story.State.TicketsOf(Anna.Address).Should().BeEmpty();
        _story.State.TicketsOf(Boris.Address).Select(entry => entry.Key).Should().Equal(seat);
    }

    [Fact]
    public void Only_the_holder_gives_and_not_to_oneself_not_while_listed_and_not_where_it_is_forbidden()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        var unsold = _story.Issues(Organiser, concert, "A-2");

        _story.Refuses("not_holder", Boris, Wish.Give(seat, Boris));
        _story.Refuses("not_holder", Organiser, Wish.Give(unsold, Boris));
        _story.Refuses("not_found", Anna, Wish.Give(Unknown, Boris));
        _story.Refuses("invalid_field", Anna, Wish.Give(seat, Anna)).Field.Should().Be("recipient");
        _story.Does(Anna, Wish.List(seat, 1));
        _story.Refuses("ticket_not_available", Anna, Wish.Give(seat, Boris));
        _story.Does(Anna, Wish.Unlist(seat));
        _story.Does(Anna, Wish.Give(seat, Boris));
        _story.Refuses("not_holder", Anna, Wish.Give(seat, Boris));
    }

    [Fact]
    public void Where_the_rules_forbid_gifts_a_ticket_stays_with_its_holder_until_they_allow_them()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { transfer = "forbidden" });

        _story.Refuses("transfer_forbidden", Anna, Wish.Give(seat, Boris));
        _story.Does(Organiser, Wish.UpdateEvent(concert, new { transfer = "allowed" }));
        _story.Does(Anna, Wish.Give(seat, Boris));
    }

    [Theory]
    [InlineData(100, 999, 999)]
    [InlineData(50, 999, 499)]
    [InlineData(0, 999, 0)]
    [InlineData(110, 999, 1_098)]
    public void A_returned_ticket_is_the_organiser_s_again_and_refunded_by_rule(int percent, long face, long refund)
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { @return = new { refund_percent = percent } }, face);
        _story.Funds(Organiser, 1_000);

        _story.Does(Anna, Wish.Return(seat));

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Unsold && ticket.Owner == Organiser.Address && !ticket.PaidOnChain && ticket.Price == face && ticket.IdentityCommitment == null);
        (_story.Balance(Anna), _story.Balance(Organiser)).Should().Be((refund, face + 1_000 - refund));
        _story.History.Last().Should().Be(new TicketChange(seat, "return_ticket", TicketStatus.Unsold, Anna.Address, Organiser.Address, refund));
        _story.Tally(concert).Should().Match<EventTally>(tally => tally.Returns == 1 && tally.Sold == 0 && tally.Refunds == refund);
    }

    [Fact]
    public void The_refund_is_of_the_face_price_not_of_what_the_holder_paid()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { resale = "free" }, 1_000);
        _story.Funds(Boris, 9_000);
        _story.Does(Anna, Wish.List(seat, 9_000));
        _story.Does(Boris, Wish.Purchase(seat, 9_000));
        _story.Does(Boris, Wish.Return(seat));

        _story.Balance(Boris).Should().Be(1_000);
    }

    [Fact]
    public void What_was_paid_outside_the_chain_is_refunded_outside_too()
    {
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1");
        _story.Does(Organiser, Wish.Sell(seat, Anna, 5_000));
        _story.Does(Anna, Wish.Return(seat));

        _story.Balance(Anna).Should().Be(0);
        _story[seat].Status.Should().Be(TicketStatus.Unsold);
        _story.Does(Organiser, Wish.Sell(seat, Anna));
        _story.Does(Organiser, Wish.CancelEvent(concert));
        _story.Does(Anna, Wish.Return(seat));
        _story.Tally(concert).Refunds.Should().Be(0);
    }

    [Fact]
    public void An_organiser_without_money_can_not_take_a_ticket_back()
    {
        var (_, seat) = _story.Sold(Organiser, Anna);
        _story.Does(Organiser, Wish.Pay("the hall's owner", 1));

        _story.Refuses("insufficient_funds", Anna, Wish.Return(seat));
        _story.Refuses("insufficient_funds", Organiser, Wish.Revoke(seat));
        _story.Funds(Organiser, 1);
        _story.Does(Anna, Wish.Return(seat));
    }

    [Fact]
    public void Returning_ends_to_the_second()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { @return = new { until = Scenario.Start + 100 } });

        _story.Now = Scenario.Start + 101;
        _story.Refuses("return_forbidden", Anna, Wish.Return(seat));
        _story.Now = Scenario.Start + 100;
        _story.Does(Anna, Wish.Return(seat));
    }

    [Fact]
    public void Only_the_holder_returns_and_not_while_listed()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        var unsold = _story.Issues(Organiser, concert, "A-2");

        _story.Refuses("not_holder", Boris, Wish.Return(seat));
        _story.Refuses("not_holder", Organiser, Wish.Return(unsold));
        _story.Refuses("not_found", Anna, Wish.Return(Unknown));
        _story.Does(Anna, Wish.List(seat, 1));
        _story.Refuses("ticket_not_available", Anna, Wish.Return(seat));
    }

    [Fact]
    public void Holders_of_a_cancelled_event_claim_the_whole_face_price_whatever_the_rules_said()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { @return = new { refund_percent = 10, until = Scenario.Start } });
        _story.Now = Scenario.Start + 1_000;
        _story.Refuses("return_forbidden", Anna, Wish.Return(seat));
        _story.Does(Organiser, Wish.CancelEvent(concert));
        _story.Balance(Anna).Should().Be(0, "cancelling only marks the event");

        _story.Refuses("event_cancelled", Anna, Wish.Give(seat, Boris));
        _story.Does(Anna, Wish.Return(seat));
        _story.Balance(Anna).Should().Be(5_000);
        _story.Refuses("not_holder", Anna, Wish.Return(seat));
        _story.Refuses("event_cancelled", Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void A_gate_lets_a_ticket_in_once_and_the_second_refusal_names_the_first_entry()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, gates: [Gate, "other gate"]);
        var entry = _story.Sign(Gate, Wish.Redeem(seat));
        _story.Applies(entry);

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Redeemed && ticket.Owner == Anna.Address && ticket.Price == null);
        _story[seat].Redemption.Should().Be(new Redemption(Gate.Address, Scenario.Start * 1_000, entry.Id));
        _story.Tally(concert).Should().Match<EventTally>(tally => tally.Redeemed == 1 && tally.Sold == 1);
        var second = _story.Refuses("already_redeemed", "other gate", Wish.Redeem(seat));
        second.Detail.Should().Contain(Gate.Address.ToString()).And.Contain(entry.Id.ToString()).And.Contain("2027-01-15T08:16:40.000Z");
    }

    [Fact]
    public void Redeemed_is_final()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, gates: [Gate]);
        _story.Does(Gate, Wish.Redeem(seat));
        _story.Funds(Boris, 5_000);

        _story.Refuses("already_redeemed", Anna, Wish.Give(seat, Boris));
        _story.Refuses("already_redeemed", Anna, Wish.List(seat, 1));
        _story.Refuses("already_redeemed", Anna, Wish.Unlist(seat));
        _story.Refuses("already_redeemed", Anna, Wish.Return(seat));
        _story.Refuses("already_redeemed", Organiser, Wish.Revoke(seat));
        _story.Refuses("ticket_not_available", Boris, Wish.Purchase(seat, 5_000));
        _story.Refuses("ticket_not_available", Organiser, Wish.Sell(seat, Boris));
        _story.Does(Organiser, Wish.CancelEvent(concert));
        _story.Refuses("already_redeemed", Anna, Wish.Return(seat));
    }

    [Fact]
    public void Only_a_gate_of_the_event_redeems()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, gates: [Gate]);

        foreach (var other in new[] { Organiser, Anna, "gate of another event" }) _story.Refuses("not_gate", other, Wish.Redeem(seat));
        _story.Refuses("not_found", Gate, Wish.Redeem(Unknown));
        _story.Does(Organiser, Wish.UpdateEvent(concert, gates: []));
        _story.Refuses("not_gate", Gate, Wish.Redeem(seat));
    }

    [Fact]
    public void A_listed_ticket_may_be_redeemed_which_takes_it_off_the_market()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, gates: [Gate]);
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Gate, Wish.Redeem(seat));

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Redeemed && ticket.Listing == null);
        _story.Refuses("ticket_not_available", Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void Unsold_revoked_and_cancelled_let_nobody_in()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, gates: [Gate]);
        var unsold = _story.Issues(Organiser, concert, "A-2");
        _story.Refuses("ticket_not_available", Gate, Wish.Redeem(unsold));
        _story.Does(Organiser, Wish.Revoke(seat));
        _story.Refuses("ticket_not_available", Gate, Wish.Redeem(seat));

        _story.Does(Organiser, Wish.CancelEvent(concert));
        _story.Refuses("event_cancelled", Gate, Wish.Redeem(unsold));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Revoking_refunds_the_face_price_at_once(bool listed)
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { @return = new { refund_percent = 0 } });
        if (listed) _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Organiser, Wish.Revoke(seat));

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Revoked && ticket.Owner == Anna.Address && ticket.Listing == null && ticket.Price == null);
        (_story.Balance(Anna), _story.Balance(Organiser)).Should().Be((5_000, 0));
        _story.History.Last().Should().Be(new TicketChange(seat, "revoke_ticket", TicketStatus.Revoked, Anna.Address, Anna.Address, 5_000));
        _story.Tally(concert).Should().Match<EventTally>(tally => tally.Revoked == 1 && tally.Sold == 0 && tally.Refunds == 5_000);
    }

    [Fact]
    public void Revoking_what_is_unsold_or_was_paid_outside_costs_nothing()
    {
        var concert = _story.Creates(Organiser);
        var unsold = _story.Issues(Organiser, concert, "A-1");
        var outside = _story.Issues(Organiser, concert, "A-2");
        _story.Does(Organiser, Wish.Sell(outside, Anna));
        _story.Does(Organiser, Wish.Revoke(unsold));
        _story.Does(Organiser, Wish.Revoke(outside));

        _story.State.Supply.Should().Be(0);
        _story.Tally(concert).Should().Be(EventTally.Empty with { Issued = 2, Sales = 1, Revoked = 2 });
    }

    [Fact]
    public void Revoked_is_final_and_only_the_organiser_s_to_do()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, gates: [Gate]);
        foreach (var other in new[] { Anna, Gate }) _story.Refuses("not_organiser", other, Wish.Revoke(seat));
        _story.Refuses("not_found", Organiser, Wish.Revoke(Unknown));
        _story.Does(Organiser, Wish.Revoke(seat));
        _story.Funds(Boris, 5_000);

        _story.Refuses("ticket_not_available", Organiser, Wish.Revoke(seat));
        _story.Refuses("ticket_not_available", Anna, Wish.Give(seat, Boris));
        _story.Refuses("ticket_not_available", Anna, Wish.List(seat, 1));
        _story.Refuses("ticket_not_available", Anna, Wish.Return(seat));
        _story.Refuses("ticket_not_available", Boris, Wish.Purchase(seat, 5_000));
        _story.Refuses("ticket_not_available", Organiser, Wish.Sell(seat, Boris));
    }

    [Fact]
    public void A_ticket_of_a_cancelled_event_can_be_revoked_which_refunds_it()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        _story.Does(Organiser, Wish.CancelEvent(concert));
        _story.Does(Organiser, Wish.Revoke(seat));

        _story.Balance(Anna).Should().Be(5_000);
        _story.Refuses("ticket_not_available", Anna, Wish.Return(seat), because: "it was refunded already");
    }
}
