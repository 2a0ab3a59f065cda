using SecuTicket.Core.Tests.Transactions;
using static SecuTicket.Core.Tests.Ledger.Story;

namespace SecuTicket.Core.Tests.Ledger;

// S1.3: every field of `resale` at its boundary, as the rules, the pending set and a block's checks see it.
public class ResaleBoundaryTests
{
    private const long Open = Scenario.Start + 100;
    private const long Close = Scenario.Start + 200;

    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";
    private static readonly Person Clara = "clara";

    // What is told, the code that its last step is refused with (null: accepted), and the story.
    private static readonly (string Name, string? Code, Func<Story, Story> Tell)[] Cases =
    [
        ("face value, met", null, s => s.Sold(Anna).Lists(Anna, 5_000)),
        ("face value, one above", "price_above_cap", s => s.Sold(Anna).Lists(Anna, 5_001)),
        ("face value, whatever the percentage says", "price_above_cap", s => s.Sold(Anna, new { resale = "face_value", max_price_percent = 500 }).Lists(Anna, 5_001)),
        ("cap rounded down, met", null, s => s.Sold(Anna, new { resale = "capped", max_price_percent = 110 }, 999).Lists(Anna, 1_098)),
        ("cap rounded down, one above", "price_above_cap", s => s.Sold(Anna, new { resale = "capped", max_price_percent = 110 }, 999).Lists(Anna, 1_099)),
        ("cap of 99 % of 1", "price_above_cap", s => s.Sold(Anna, new { resale = "capped", max_price_percent = 99 }, 1).Lists(Anna, 1)),
        ("cap of 0 %, for nothing", null, s => s.Sold(Anna, new { resale = "capped", max_price_percent = 0 }).Lists(Anna, 0).Buys(Boris, 0)),
        ("cap of 0 %, one above", "price_above_cap", s => s.Sold(Anna, new { resale = "capped", max_price_percent = 0 }).Lists(Anna, 1)),
        ("cap of 1000 %, met", null, s => s.Sold(Anna, new { resale = "capped", max_price_percent = 1_000 }).Lists(Anna, 50_000)),
        ("cap of 1000 %, one above", "price_above_cap", s => s.Sold(Anna, new { resale = "capped", max_price_percent = 1_000 }).Lists(Anna, 50_001)),
        ("cap without a percentage is 100, met", null, s => s.Sold(Anna, new { resale = "capped" }).Lists(Anna, 5_000)),
        ("cap without a percentage is 100, one above", "price_above_cap", s => s.Sold(Anna, new { resale = "capped" }).Lists(Anna, 5_001)),
        ("cap is of the face price, not of the price paid", "price_above_cap", s => s.Sold(Anna, new { resale = "capped", max_price_percent = 110 }).Resold(Anna, Boris, 5_500).Lists(Boris, 5_501)),
        ("cap raised after listing binds who lists again", null, s => s.Sold(Anna, new { resale = "capped", max_price_percent = 110 }).Lists(Anna, 5_500).Updates(new { resale = "capped", max_price_percent = 120 }).Does(Anna, Wish.Unlist(s.Seat)).Lists(Anna, 6_000)),
        ("free, the largest price", null, s => s.Sold(Anna, new { resale = "free", max_price_percent = 0 }).Lists(Anna, (1L << 53) - 1)),
        ("forbidden, even for nothing", "resale_forbidden", s => s.Sold(Anna, new { resale = "forbidden" }).Lists(Anna, 0)),
        ("forbidden, until allowed", null, s => s.Sold(Anna, new { resale = "forbidden" }).Updates(new { resale = "face_value" }).Lists(Anna, 5_000)),
        ("forbidden, but returned", null, s => s.Sold(Anna, new { resale = "forbidden", transfer = "forbidden" }).Returns(Anna)),

        ("reseller list, not on it", "reseller_not_allowed", s => s.Sold(Anna, new { resellers = new[] { $"{Clara}" } }).Lists(Anna, 1)),
        ("reseller list, on it, and anyone buys", null, s => s.Sold(Clara, new { resellers = new[] { $"{Clara}" } }).Resold(Clara, Boris, 5_000)),
        ("reseller list, the second on it", null, s => s.Sold(Clara, new { resellers = new[] { $"{Boris}", $"{Clara}" } }).Lists(Clara, 1)),
        ("reseller list, the organiser is not on it either", "reseller_not_allowed", s => s.Sold(Anna, new { resellers = new[] { $"{Clara}" } }).Gives(Anna, Organiser).Lists(Organiser, 1)),
        ("reseller list, added by an update", null, s => s.Sold(Anna, new { resellers = new[] { $"{Clara}" } }).Updates(new { resellers = new[] { $"{Clara}", $"{Anna}" } }).Lists(Anna, 1)),
        ("reseller list, taken off it before the first sale", "reseller_not_allowed", s => s.Opens(new { resellers = new[] { $"{Anna}" } }).Updates(new { resellers = new[] { $"{Clara}" } }).Funds(Anna, 5_000).Buys(Anna, 5_000).Lists(Anna, 1)),

        ("no resale allowed", "resale_limit", s => s.Sold(Anna, new { max_resales = 0 }).Lists(Anna, 1)),
        ("last resale allowed", null, s => s.Sold(Anna, new { max_resales = 2 }).Resold(Anna, Boris, 5_000).Resold(Boris, Clara, 5_000)),
        ("one resale more", "resale_limit", s => s.Sold(Anna, new { max_resales = 2 }).Resold(Anna, Boris, 5_000).Resold(Boris, Clara, 5_000).Lists(Clara, 1)),
        ("one resale more, after one more is allowed", null, s => s.Sold(Anna, new { max_resales = 1 }).Resold(Anna, Boris, 5_000).Updates(new { max_resales = 2 }).Lists(Boris, 1)),
        ("resales anew after a return", null, s => s.Sold(Anna, new { max_resales = 1 }).Resold(Anna, Boris, 5_000).Returns(Boris).Buys(Boris, 5_000).Lists(Boris, 1)),
        ("resales not anew after a gift", "resale_limit", s => s.Sold(Anna, new { max_resales = 1 }).Resold(Anna, Boris, 5_000).Gives(Boris, Clara).Lists(Clara, 1)),
        ("a listing withdrawn is no resale", null, s => s.Sold(Anna, new { max_resales = 1 }).Lists(Anna, 1).Does(Anna, Wish.Unlist(s.Seat)).Lists(Anna, 1)),

        ("listed a second before the window", "outside_window", s => At(s.Sold(Anna, Window), Open - 1).Lists(Anna, 1)),
        ("listed in its first second", null, s => At(s.Sold(Anna, Window), Open).Lists(Anna, 1)),
        ("listed in its last second", null, s => At(s.Sold(Anna, Window), Close).Lists(Anna, 1)),
        ("listed a second after it", "outside_window", s => At(s.Sold(Anna, Window), Close + 1).Lists(Anna, 1)),
        ("bought in its last second", null, s => At(s.Sold(Anna, Window).Funds(Boris, 1), Close).Lists(Anna, 1).Buys(Boris, 1)),
        ("listed inside, bought outside", "outside_window", s => At(At(s.Sold(Anna, Window).Funds(Boris, 1), Close).Lists(Anna, 1), Close + 1).Buys(Boris, 1)),
        ("listed inside, bought outside, after it was prolonged", null, s => At(At(s.Sold(Anna, Window).Funds(Boris, 1), Close).Lists(Anna, 1), Close + 1).Updates(new { opens_at = Open, closes_at = Close + 1 }).Buys(Boris, 1)),
        ("listed earlier, after it was advanced", null, s => At(s.Sold(Anna, Window), Open - 1).Updates(new { opens_at = Open - 1, closes_at = Close }).Lists(Anna, 1)),
        ("listed inside, bought before it, for a block may be timed before the one it follows", "outside_window", s => At(At(s.Sold(Anna, Window).Funds(Boris, 1), Open).Lists(Anna, 1), Open - 1).Buys(Boris, 1)),
        ("the organiser's own sale knows no resale window", null, s => s.Sold(Anna, Window)),
        ("withdrawn outside", null, s => At(At(s.Sold(Anna, Window), Close).Lists(Anna, 1), Close + 1).Does(Anna, Wish.Unlist(s.Seat))),
        ("given away outside", null, s => s.Sold(Anna, Window).Gives(Anna, Boris)),

        ("offered to one, bought by another", "ticket_not_available", s => s.Sold(Anna).Funds(Clara, 1).Lists(Anna, 1, Boris).Buys(Clara, 1)),
        ("offered to one and bought", null, s => s.Sold(Anna).Funds(Boris, 1).Lists(Anna, 1, Boris).Buys(Boris, 1)),
        ("offered to oneself and bought", "ticket_not_available", s => s.Sold(Anna).Funds(Anna, 1).Lists(Anna, 1, Anna).Buys(Anna, 1)),
        ("offered to one, then to all", null, s => s.Sold(Anna).Funds(Clara, 1).Lists(Anna, 1, Boris).Does(Anna, Wish.Unlist(s.Seat)).Lists(Anna, 1).Buys(Clara, 1)),
        ("the price is above what the buyer would pay", "price_above_max", s => s.Sold(Anna).Funds(Boris, 5_000).Lists(Anna, 5_000).Buys(Boris, 4_999)),

        ("a gift where gifts are forbidden", "transfer_forbidden", s => s.Sold(Anna, new { resale = "free", transfer = "forbidden" }).Gives(Anna, Boris)),
        ("a resale where gifts are forbidden", null, s => s.Sold(Anna, new { transfer = "forbidden" }).Resold(Anna, Boris, 5_000)),
        ("a gift once gifts are allowed", null, s => s.Sold(Anna, new { transfer = "forbidden" }).Updates(new { transfer = "allowed" }).Gives(Anna, Boris)),

        ("returned in the last second", null, s => At(s.Sold(Anna, new { @return = new { until = Close } }), Close).Returns(Anna)),
        ("returned a second later", "return_forbidden", s => At(s.Sold(Anna, new { @return = new { until = Close } }), Close + 1).Returns(Anna)),
        ("returned a second later, after it was prolonged", null, s => At(s.Sold(Anna, new { @return = new { until = Close } }), Close + 1).Updates(new { @return = new { until = Close + 1 } }).Returns(Anna)),
        ("a tenfold refund, one short", "insufficient_funds", s => s.Sold(Anna, new { @return = new { refund_percent = 1_000 } }).Funds(Organiser, 44_999).Returns(Anna)),

        ("a buyer one short", "insufficient_funds", s => s.Sold(Anna, new { commission_percent = 10 }).Funds(Boris, 4_999).Lists(Anna, 5_000).Buys(Boris, 5_000)),
        ("a buyer one short who would get the commission", "insufficient_funds", s => s.Sold(Anna, new { commission_percent = 10, commission_to = $"{Boris}" }).Funds(Boris, 4_999).Lists(Anna, 5_000).Buys(Boris, 5_000)),

        ("seller not official", "not_seller", s => s.Opens(sellers: [Clara], eventKey: "event key").Does(Boris, Wish.Sell(s.Seat, Anna), with: "event key")),
        ("event's signature missing", "event_signature_missing", s => s.Opens(sellers: [Clara], eventKey: "event key").Does(Clara, Wish.Sell(s.Seat, Anna))),
        ("event's signature by a wrong key", "event_signature_missing", s => s.Opens(sellers: [Clara], eventKey: "event key").Does(Clara, Wish.Sell(s.Seat, Anna), with: Boris)),
        ("event's signature by the organiser, who gave it away", "event_signature_missing", s => s.Opens(sellers: [Clara], eventKey: "event key").Does(Clara, Wish.Sell(s.Seat, Anna), with: Organiser)),
        ("a second signature where seller and event have one key", "signature_invalid", s => s.Opens().Does(Organiser, Wish.Sell(s.Seat, Anna), with: Boris)),
        ("seller taken off the list", "not_seller", s => s.Opens(sellers: [Clara], eventKey: "event key").Updates(sellers: []).Does(Clara, Wish.Sell(s.Seat, Anna), with: "event key")),
        ("both signatures", null, s => s.Opens(sellers: [Clara], eventKey: "event key").Does(Clara, Wish.Sell(s.Seat, Anna), with: "event key")),
    ];

    private static object Window => new { opens_at = Open, closes_at = Close };

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rules_pending_set_and_blocks_say_the_same(string name)
    {
        var (_, code, tell) = Cases.Single(one => one.Name == name);

        tell(new Story()).Ends(code);
    }

    // Whose money is where after a resale, in the one step in which the ticket moves.
    [Theory]
    [InlineData(5, 999, null, 950, 0, 49)]
    [InlineData(5, 19, null, 19, 0, 0)]
    [InlineData(5, 20, null, 19, 0, 1)]
    [InlineData(1, 99, null, 99, 0, 0)]
    [InlineData(100, 999, null, 0, 0, 999)]
    [InlineData(0, 999, "clara", 999, 0, 0)]
    [InlineData(10, 999, "clara", 900, 0, 0)]
    [InlineData(10, 999, "boris", 900, 99, 0)]
    [InlineData(10, 999, "anna", 999, 0, 0)]
    [InlineData(10, 999, "organiser", 900, 0, 99)]
    public void A_resale_splits_the_price_with_the_rest_of_the_commission_s_rounding_to_the_seller(int percent, long price, string? to, long seller, long buyer, long organiser)
    {
        var rules = to is null ? new { resale = "free", commission_percent = percent } : (object)new { resale = "free", commission_percent = percent, commission_to = $"{(Person)to}" };

        foreach (var end in new Story().Sold(Anna, rules, face: 0).Resold(Anna, Boris, price).Ends(null))
        {
            (end.BalanceOf(Anna.Address), end.BalanceOf(Boris.Address), end.BalanceOf(Organiser.Address)).Should().Be((seller, buyer, organiser));
            end.BalanceOf(Clara.Address).Should().Be(price - seller - buyer - organiser);
            end.Tickets.Single().Value.Owner.Should().Be(Boris.Address);
        }
    }

    // The rules of the purchase's own block count, not those under which it was listed.
    [Fact]
    public void A_commission_lowered_after_listing_is_the_lower_one()
    {
        var story = new Story().Sold(Anna, new { commission_percent = 10 }).Funds(Boris, 5_000).Lists(Anna, 5_000).Updates(new { commission_percent = 4, commission_to = $"{Clara}" }).Buys(Boris, 5_000);

        foreach (var end in story.Ends(null)) (end.BalanceOf(Anna.Address), end.BalanceOf(Organiser.Address), end.BalanceOf(Clara.Address)).Should().Be((4_800, 5_000, 200));
    }

    [Theory]
    [InlineData(0, 999, 0)]
    [InlineData(50, 999, 499)]
    [InlineData(99, 1, 0)]
    [InlineData(100, 999, 999)]
    [InlineData(1_000, 999, 9_990)]
    public void A_refund_is_of_the_face_price_rounded_down(int percent, long face, long refund)
    {
        var story = new Story().Sold(Anna, new { @return = new { refund_percent = percent } }, face);
        if (refund > face) story.Funds(Organiser, refund - face);

        foreach (var end in story.Returns(Anna).Ends(null)) (end.BalanceOf(Anna.Address), end.BalanceOf(Organiser.Address)).Should().Be((refund, Math.Max(face, refund) - refund));
    }

    // One field worse for whoever holds a ticket, and one better; the others stay as they are.
    public static TheoryData<string, string, string> Changes => new()
    {
        { "transfer", "\"transfer\":\"forbidden\"", "\"transfer\":\"allowed\"" },
        { "resale", "\"resale\":\"face_value\"", "\"resale\":\"free\"" },
        { "max_price_percent", "\"max_price_percent\":109", "\"max_price_percent\":111" },
        { "commission_percent", "\"commission_percent\":6", "\"commission_percent\":4" },
        { "resellers", "\"resellers\":[ANNA]", "\"resellers\":[BORIS,ANNA,CLARA]" },
        { "resellers", "\"resellers\":[BORIS,CLARA]", "\"resellers\":[]" },
        { "max_resales", "\"max_resales\":1", "\"max_resales\":3" },
        { "opens_at", "\"opens_at\":1001", "\"opens_at\":999" },
        { "closes_at", "\"closes_at\":1999", "\"closes_at\":2001" },
        { "return.refund_percent", "\"return\":{\"refund_percent\":79,\"until\":3000}", "\"return\":{\"refund_percent\":81,\"until\":3000}" },
        { "return.until", "\"return\":{\"refund_percent\":80,\"until\":2999}", "\"return\":{\"refund_percent\":80,\"until\":3001}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void After_a_first_sale_each_field_may_only_become_kinder(string field, string worse, string better)
    {
        new Story().Sold(Anna, Middle()).Updates(Middle(worse)).Ends("rules_worse").Should().OnlyContain(end => end.Events.Single().Value.Resale.MaxResales == 2, "{0} is worse", field);
        new Story().Sold(Anna, Middle()).Updates(Middle(better)).Ends(null);
        new Story().Opens(Middle()).Updates(Middle(worse)).Ends(null);
    }

    private static System.Text.Json.Nodes.JsonNode Middle(string? change = null)
    {
        var rules = System.Text.Json.Nodes.JsonNode.Parse($$"""
            {"transfer":"allowed","resale":"capped","max_price_percent":110,"commission_percent":5,"resellers":["{{Anna}}","{{Boris}}"],"max_resales":2,"opens_at":1000,"closes_at":2000,
            "return":{"refund_percent":80,"until":3000} }
            """)!;
        if (change is null) return rules;

        var changed = System.Text.Json.Nodes.JsonNode.Parse($"{{{change.Replace("ANNA", $"\"{Anna}\"").Replace("BORIS", $"\"{Boris}\"").Replace("CLARA", $"\"{Clara}\"")}}}")!.AsObject();
        foreach (var (name, value) in changed) rules[name] = value?.DeepClone();
        return rules;
    }

    private static Story At(Story story, long second)
    {
        story.Now = second;
        return story;
    }
}
