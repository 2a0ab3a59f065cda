using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S1.3: after a first sale the rules may only become kinder to those who hold tickets.
public class ResaleTermsTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Address Anna = ((Person)"anna").Address;
    private static readonly Address Boris = ((Person)"boris").Address;

    private static readonly ResaleRules Middle = new(true, ResaleMode.Capped, 110, 5, null, [Anna], 2, 1_000, 2_000, 80, 3_000);

    public static TheoryData<string, ResaleRules, ResaleRules> Worse => new()
    {
        { "transfer", Middle, Middle with { TransferAllowed = false } },
        { "resale", Middle, Middle with { Mode = ResaleMode.FaceValue } },
        { "resale", Middle, Middle with { Mode = ResaleMode.Forbidden } },
        { "resale", Middle with { Mode = ResaleMode.Free }, Middle with { Mode = ResaleMode.Capped, MaxPricePercent = 1_000 } },
        { "resale", Middle with { Mode = ResaleMode.FaceValue }, Middle with { Mode = ResaleMode.Forbidden } },
        { "max_price_percent", Middle, Middle with { MaxPricePercent = 109 } },
        { "max_price_percent", Middle with { Mode = ResaleMode.FaceValue }, Middle with { MaxPricePercent = 99 } },
        { "commission_percent", Middle, Middle with { CommissionPercent = 6 } },
        { "resellers", Middle, Middle with { Resellers = [Boris] } },
        { "resellers", Middle with { Resellers = [Anna, Boris] }, Middle with { Resellers = [Boris] } },
        { "resellers", Middle with { Resellers = null }, Middle },
        { "max_resales", Middle, Middle with { MaxResales = 1 } },
        { "max_resales", Middle with { MaxResales = null }, Middle with { MaxResales = int.MaxValue - 1 } },
        { "opens_at", Middle, Middle with { OpensAt = 1_001 } },
        { "opens_at", Middle with { OpensAt = null }, Middle with { OpensAt = 1 } },
        { "closes_at", Middle, Middle with { ClosesAt = 1_999 } },
        { "closes_at", Middle with { ClosesAt = null }, Middle },
        { "return.refund_percent", Middle, Middle with { RefundPercent = 79 } },
        { "return.until", Middle, Middle with { ReturnUntil = 2_999 } },
        { "return.until", Middle with { ReturnUntil = null }, Middle },
    };

    public static TheoryData<ResaleRules, ResaleRules> Kinder => new()
    {
        { Middle, Middle },
        { Middle with { TransferAllowed = false }, Middle },
        { Middle, Middle with { Mode = ResaleMode.Free, MaxPricePercent = 0 } },
        { Middle with { Mode = ResaleMode.FaceValue, MaxPricePercent = 500 }, Middle with { MaxPricePercent = 100 } },
        { Middle with { Mode = ResaleMode.Forbidden, MaxPricePercent = 500 }, Middle with { MaxPricePercent = 0 } },
        { Middle with { Mode = ResaleMode.Forbidden }, Middle with { Mode = ResaleMode.FaceValue } },
        { Middle, Middle with { MaxPricePercent = 111 } },
        { Middle, Middle with { CommissionPercent = 4 } },
        { Middle, Middle with { CommissionTo = Boris } },
        { Middle, Middle with { Resellers = [Boris, Anna] } },
        { Middle, Middle with { Resellers = null } },
        { Middle, Middle with { MaxResales = 3 } },
        { Middle, Middle with { MaxResales = null } },
        { Middle, Middle with { OpensAt = 999 } },
        { Middle, Middle with { OpensAt = null } },
        { Middle with { OpensAt = null }, Middle with { OpensAt = 0 } },
        { Middle, Middle with { ClosesAt = 2_001 } },
        { Middle, Middle with { ClosesAt = null } },
        { Middle, Middle with { RefundPercent = 81 } },
        { Middle, Middle with { ReturnUntil = 3_001 } },
        { Middle, Middle with { ReturnUntil = null } },
    };

    [Theory]
    [MemberData(nameof(Worse))]
    public void Worse_in_one_field_is_worse_and_that_field_is_named(string field, ResaleRules before, ResaleRules after) => before.FirstWorse(after).Should().Be(field);

    [Theory]
    [MemberData(nameof(Kinder))]
    public void Kinder_or_equal_in_every_field_is_not_worse(ResaleRules before, ResaleRules after) => before.FirstWorse(after).Should().BeNull();

    [Fact]
    public void Before_the_first_sale_rules_may_become_anything()
    {
        var story = new Scenario();
        var concert = story.Creates(Organiser, new { resale = "free" });
        story.Issues(Organiser, concert, "A-1");

        story.Does(Organiser, Wish.UpdateEvent(concert, new { resale = "forbidden", transfer = "forbidden", @return = new { refund_percent = 0 } }));
        story.Does(Organiser, Wish.UpdateEvent(concert, new { resale = "free" }));
    }

    [Fact]
    public void After_a_first_sale_only_kinder_rules_are_accepted_even_when_the_ticket_came_back()
    {
        var story = new Scenario();
        var (concert, ticket) = story.Sold(Organiser, "anna", new { resale = "capped", max_price_percent = 110 });

        story.Refuses("rules_worse", Organiser, Wish.UpdateEvent(concert, new { resale = "capped", max_price_percent = 109 })).Field.Should().Be("resale.max_price_percent");
        story.Does("anna", Wish.Return(ticket));
        story.Refuses("rules_worse", Organiser, Wish.UpdateEvent(concert, new { resale = "capped", max_price_percent = 109 }));
        story.Does(Organiser, Wish.UpdateEvent(concert, new { resale = "capped", max_price_percent = 111 }));
    }

    [Fact]
    public void An_official_sale_counts_as_a_first_sale_too()
    {
        var story = new Scenario();
        var concert = story.Creates(Organiser, new { resale = "free" });
        var ticket = story.Issues(Organiser, concert, "A-1");
        story.Does(Organiser, Wish.Sell(ticket, "anna"));

        story.Refuses("rules_worse", Organiser, Wish.UpdateEvent(concert, new { resale = "face_value" }));
    }

    [Fact]
    public void New_rules_replace_the_old_ones_whole_so_what_is_left_out_is_the_default()
    {
        var story = new Scenario();
        var (concert, _) = story.Sold(Organiser, "anna", new { resale = "capped", max_price_percent = 110, max_resales = 1 });

        story.Refuses("rules_worse", Organiser, Wish.UpdateEvent(concert, new { max_resales = 2 })).Field.Should().Be("resale.resale");
        story.Does(Organiser, Wish.UpdateEvent(concert, new { resale = "capped", max_price_percent = 110 }));
        story.State.Events.Find(concert)!.Resale.MaxResales.Should().BeNull();
    }

    [Fact]
    public void Sellers_gates_and_the_opening_of_the_sale_may_change_after_a_sale()
    {
        var story = new Scenario();
        var (concert, _) = story.Sold(Organiser, "anna", gates: ["gate"]);

        story.Does(Organiser, Wish.UpdateEvent(concert, gates: [], sellers: ["seller"], saleOpensAt: Scenario.Start + 1_000));
    }

    // Percentages round down to the minor unit.
    [Theory]
    [InlineData(999, 110, 1_098)]
    [InlineData(1, 110, 1)]
    [InlineData(1, 99, 0)]
    [InlineData(101, 50, 50)]
    [InlineData(9_007_199_254_740_991, 1_000, 90_071_992_547_409_910)]
    [InlineData(0, 1_000, 0)]
    [InlineData(5_000, 0, 0)]
    public void Percentages_round_down_and_never_overflow(long price, int percent, long expected)
    {
        (ResaleRules.Default with { Mode = ResaleMode.Capped, MaxPricePercent = percent }).Cap(price).Should().Be(expected);
        (ResaleRules.Default with { RefundPercent = percent }).Refund(price).Should().Be(expected);
        (ResaleRules.Default with { CommissionPercent = percent }).Commission(price).Should().Be(expected);
    }

    [Fact]
    public void An_empty_list_of_resellers_means_anyone()
    {
        var story = new Scenario();
        var (_, ticket) = story.Sold(Organiser, "anna", new { resellers = Array.Empty<string>() });

        story.Does("anna", Wish.List(ticket, 5_000));
    }
}
