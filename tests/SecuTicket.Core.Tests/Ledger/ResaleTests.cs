using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S1.3: price cap, commission and reseller list are rules that every node enforces.
public class ResaleTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";
    private static readonly Person Clara = "clara";

    private readonly Scenario _story = new();

    [Fact]
    public void A_listed_ticket_is_bought_at_its_price_and_the_holder_is_paid()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 4_000));
        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Listed && ticket.Price == 4_000 && ticket.Owner == Anna.Address);

        _story.Does(Boris, Wish.Purchase(seat, 5_000));

        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Sold && ticket.Owner == Boris.Address && ticket.Resales == 1 && ticket.Listing == null && ticket.PaidOnChain);
        (_story.Balance(Anna), _story.Balance(Boris), _story.Balance(Organiser)).Should().Be((4_000, 1_000, 5_000));
        _story.Tally(concert).Should().Be(EventTally.Empty with { Issued = 1, Sold = 1, Sales = 1, Revenue = 5_000, Resales = 1, ResaleVolume = 4_000, ResalePremium = -1_000 });
        _story.History.TakeLast(2).Should().Equal(
            new TicketChange(seat, "list_ticket", TicketStatus.Listed, Anna.Address, Anna.Address, 4_000),
            new TicketChange(seat, "purchase_ticket", TicketStatus.Sold, Anna.Address, Boris.Address, 4_000));
    }

    [Theory]
    [InlineData("face_value", 0, 999, 999)]
    [InlineData("capped", 110, 999, 1_098)]
    [InlineData("capped", 0, 999, 0)]
    [InlineData("capped", 1_000, 1, 10)]
    [InlineData("capped", 50, 1, 0)]
    public void The_cap_may_be_met_exactly_and_not_passed(string mode, int percent, long face, long cap)
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { resale = mode, max_price_percent = percent }, face);

        _story.Refuses("price_above_cap", Anna, Wish.List(seat, cap + 1)).Field.Should().Be("price");
        _story.Does(Anna, Wish.List(seat, cap));
    }

    [Fact]
    public void A_free_resale_has_no_cap()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { resale = "free", max_price_percent = 0 }, 1);

        _story.Does(Anna, Wish.List(seat, (1L << 53) - 1));
    }

    [Fact]
    public void A_forbidden_resale_is_refused_even_for_nothing()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { resale = "forbidden" });

        _story.Refuses("resale_forbidden", Anna, Wish.List(seat, 0));
    }

    [Theory]
    [InlineData(5, 999, 49)]
    [InlineData(5, 19, 0)]
    [InlineData(5, 20, 1)]
    [InlineData(100, 999, 999)]
    [InlineData(0, 999, 0)]
    public void The_commission_is_of_the_price_paid_rounded_down_and_goes_to_the_organiser(int percent, long price, long commission)
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { resale = "free", commission_percent = percent }, 1);
        _story.Funds(Boris, price);
        _story.Does(Anna, Wish.List(seat, price));
        _story.Does(Boris, Wish.Purchase(seat, price));

        (_story.Balance(Anna), _story.Balance(Organiser), _story.Balance(Boris)).Should().Be((price - commission, 1 + commission, 0));
        _story.Tally(concert).Commission.Should().Be(commission);
    }

    [Fact]
    public void The_commission_goes_to_whom_the_rules_name()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { commission_percent = 10, commission_to = Clara.ToString() });
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        var outcome = _story.Does(Boris, Wish.Purchase(seat, 5_000));

        (_story.Balance(Anna), _story.Balance(Clara), _story.Balance(Organiser)).Should().Be((4_500, 500, 5_000));
        outcome.Effects.Parties.Should().BeEquivalentTo([Boris.Address, Anna.Address, Clara.Address]);
    }

    [Fact]
    public void A_buyer_needs_the_whole_price_even_when_the_commission_comes_back_to_him()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { commission_percent = 10, commission_to = Boris.ToString() });
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Funds(Boris, 4_999);
        _story.Refuses("insufficient_funds", Boris, Wish.Purchase(seat, 5_000));
        _story.Funds(Boris, 1);
        _story.Does(Boris, Wish.Purchase(seat, 5_000));

        (_story.Balance(Anna), _story.Balance(Boris)).Should().Be((4_500, 500));
    }

    [Fact]
    public void A_ticket_is_resold_as_often_as_the_rules_allow_and_not_once_more()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { max_resales = 2 });
        _story.Funds(Boris, 5_000);
        _story.Funds(Clara, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
        _story.Does(Boris, Wish.List(seat, 5_000));
        _story.Does(Clara, Wish.Purchase(seat, 5_000));

        _story[seat].Resales.Should().Be(2);
        _story.Refuses("resale_limit", Clara, Wish.List(seat, 5_000));
    }

    [Fact]
    public void A_limit_of_0_resales_allows_none()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { max_resales = 0 });

        _story.Refuses("resale_limit", Anna, Wish.List(seat, 1));
    }

    [Fact]
    public void After_a_return_resales_start_anew()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { max_resales = 1 });
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
        _story.Refuses("resale_limit", Boris, Wish.List(seat, 5_000));

        _story.Does(Boris, Wish.Return(seat));
        _story[seat].Resales.Should().Be(0);
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
        _story.Does(Boris, Wish.List(seat, 5_000));
    }

    [Fact]
    public void A_gift_is_no_resale()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { max_resales = 1 });
        _story.Does(Anna, Wish.Give(seat, Boris));
        _story[seat].Resales.Should().Be(0);
        _story.Does(Boris, Wish.List(seat, 5_000));
    }

    [Fact]
    public void Only_those_on_the_reseller_list_offer_tickets()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { resellers = new[] { Boris.ToString() } });

        _story.Refuses("reseller_not_allowed", Anna, Wish.List(seat, 5_000));
        _story.Does(Anna, Wish.Give(seat, Boris));
        _story.Does(Boris, Wish.List(seat, 5_000));
    }

    [Fact]
    public void Resale_opens_and_closes_to_the_second_for_listing_and_for_buying()
    {
        const long Opens = Scenario.Start + 100, Closes = Scenario.Start + 200;
        var (_, seat) = _story.Sold(Organiser, Anna, new { opens_at = Opens, closes_at = Closes });
        _story.Funds(Boris, 5_000);

        _story.Now = Opens - 1;
        _story.Refuses("outside_window", Anna, Wish.List(seat, 5_000)).Kind.Should().Be(RefusalKind.Transient);
        _story.Now = Opens;
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Now = Closes + 1;
        _story.Refuses("outside_window", Boris, Wish.Purchase(seat, 5_000)).Kind.Should().Be(RefusalKind.Invalid);
        _story.Does(Anna, Wish.Unlist(seat));
        _story.Refuses("outside_window", Anna, Wish.List(seat, 5_000));
        _story.Now = Closes;
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void A_window_that_opens_later_holds_back_buyers_of_what_is_listed_already()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna, new { closes_at = Scenario.Start + 10 });
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Now = Scenario.Start + 11;
        _story.Refuses("outside_window", Boris, Wish.Purchase(seat, 5_000));
        _story.Does(Organiser, Wish.UpdateEvent(concert, new { closes_at = Scenario.Start + 11 }));
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void A_window_s_ends_may_lie_beyond_any_calendar()
    {
        var far = ((1L << 53) - 1) / 1_000;
        var (_, seat) = _story.Sold(Organiser, Anna, new { opens_at = far });

        _story.Refuses("outside_window", Anna, Wish.List(seat, 1));
    }

    [Fact]
    public void An_offer_to_one_buyer_is_for_that_buyer_only()
    {
        var (_, seat) = _story.Sold(Organiser, Anna);
        _story.Funds(Boris, 5_000);
        _story.Funds(Clara, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000, buyer: Boris));

        _story.Refuses("ticket_not_available", Clara, Wish.Purchase(seat, 5_000));
        _story.Does(Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void Nobody_buys_from_oneself_or_above_max_price_or_without_money()
    {
        var (_, seat) = _story.Sold(Organiser, Anna);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Funds(Anna, 5_000);

        _story.Refuses("ticket_not_available", Anna, Wish.Purchase(seat, 5_000));
        _story.Refuses("price_above_max", Boris, Wish.Purchase(seat, 4_999));
        _story.Refuses("insufficient_funds", Boris, Wish.Purchase(seat, 5_000));
    }

    [Fact]
    public void The_organiser_may_buy_a_ticket_back_on_the_market()
    {
        var (_, seat) = _story.Sold(Organiser, Anna, new { commission_percent = 10 });
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Organiser, Wish.Purchase(seat, 5_000));

        (_story.Balance(Organiser), _story.Balance(Anna)).Should().Be((500, 4_500));
        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Sold && ticket.Owner == Organiser.Address);
    }

    [Fact]
    public void Only_the_holder_lists_and_unlists_and_each_once()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        var unsold = _story.Issues(Organiser, concert, "A-2");

        _story.Refuses("not_holder", Boris, Wish.List(seat, 1));
        _story.Refuses("not_holder", Organiser, Wish.List(unsold, 1));
        _story.Refuses("ticket_not_available", Anna, Wish.Unlist(seat));
        _story.Does(Anna, Wish.List(seat, 1));
        _story.Refuses("ticket_not_available", Anna, Wish.List(seat, 1));
        _story.Refuses("not_holder", Boris, Wish.Unlist(seat));
        _story.Does(Anna, Wish.Unlist(seat));
        _story[seat].Should().Match<Ticket>(ticket => ticket.Status == TicketStatus.Sold && ticket.Listing == null);
        _story.Refuses("not_found", Anna, Wish.List(new TicketId(new byte[16]), 1));
    }

    [Fact]
    public void For_a_cancelled_event_nothing_is_listed_or_bought_but_an_offer_can_be_withdrawn()
    {
        var (concert, seat) = _story.Sold(Organiser, Anna);
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Organiser, Wish.CancelEvent(concert));

        _story.Refuses("event_cancelled", Boris, Wish.Purchase(seat, 5_000));
        _story.Does(Anna, Wish.Unlist(seat));
        _story.Refuses("event_cancelled", Anna, Wish.List(seat, 5_000));
    }

    [Fact]
    public void A_new_holder_s_identity_replaces_the_old_one_s()
    {
        var commitment = Hash256.Sha256("anna"u8);
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1");
        _story.Funds(Anna, 5_000);
        _story.Funds(Boris, 5_000);
        _story.Does(Anna, Wish.Purchase(seat, 5_000, commitment));
        _story.Does(Anna, Wish.List(seat, 5_000));
        _story[seat].IdentityCommitment.Should().Be(commitment);
        _story.Does(Boris, Wish.Purchase(seat, 5_000));

        _story[seat].IdentityCommitment.Should().BeNull();
    }

    [Fact] // S1.2
    public void A_gift_takes_the_identity_of_whoever_gets_it_and_what_the_holder_does_with_a_ticket_leaves_theirs()
    {
        var (anna, boris) = (Hash256.Sha256("anna"u8), Hash256.Sha256("boris"u8));
        var concert = _story.Creates(Organiser);
        var seat = _story.Issues(Organiser, concert, "A-1");
        _story.Does(Organiser, Wish.Sell(seat, Anna, commitment: anna));

        _story.Does(Anna, Wish.List(seat, 5_000));
        _story.Does(Anna, Wish.Unlist(seat));
        _story[seat].IdentityCommitment.Should().Be(anna);
        _story.Does(Anna, Wish.Give(seat, Boris, boris));
        _story[seat].IdentityCommitment.Should().Be(boris);
        _story.Does(Boris, Wish.Give(seat, Anna));
        _story[seat].IdentityCommitment.Should().BeNull();
    }
}
