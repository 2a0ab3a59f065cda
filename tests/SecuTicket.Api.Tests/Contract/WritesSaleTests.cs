using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>The official sale: the seller's proof and the event's signature over one payload.</summary>
public sealed class WritesSaleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_official_seller_and_the_events_key_together_sell_and_so_does_the_organiser(bool areKept) // S1.7
    {
        using var scenario = await WritesScenario.OpenAsync(areKept);
        var seller = scenario.Sign(scenario.Seller, "sell_ticket", Sale(scenario, 0), scenario.EventKey);
        seller.Find("hmac").Should().Match(hmac => hmac == null != areKept, "a kept seller sends hmac, and the event's signature beside it");
        seller.Find("signatures")!.Items.Should().HaveCount(areKept ? 1 : 2);

        await scenario.Node.Api.PostAsync("/tickets/sell", seller);
        await scenario.PostAsync(scenario.Organiser, "sell_ticket", Sale(scenario, 1), scenario.EventKey);

        foreach (var ticket in scenario.Tickets.Take(2).Select(scenario.TicketOf))
        {
            ticket.Status.Should().Be(TicketStatus.Sold);
            ticket.Owner.Should().Be(scenario.Fan.Address);
        }

        var stored = scenario.Node.Node.FindTransaction(WritesScenario.IdOf(seller))!.Transaction;
        stored.Signatures.Select(signature => Address.Of(signature.Key)).Should().Equal(scenario.Seller.Address, scenario.EventKey.Address);
        scenario.BalanceOf(scenario.Fan).Should().Be(WritesScenario.Money, "it was paid outside the chain");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_signature_is_enough_where_seller_and_event_have_one_key(bool areKept)
    {
        using var scenario = await WritesScenario.OpenAsync(areKept);
        var (_, ofSeller) = await scenario.CreateAsync(null, 2, new { event_key = scenario.Seller.Id });
        var (_, ofOrganiser) = await scenario.CreateAsync(null, 2, new { event_key = scenario.Organiser.Id });

        await scenario.PostAsync(scenario.Seller, "sell_ticket", new { ticket_id = ofSeller[0], recipient = scenario.Fan.Id });
        await scenario.PostAsync(scenario.Organiser, "sell_ticket", new { ticket_id = ofOrganiser[0], recipient = scenario.Fan.Id });

        await scenario.PostRefusedAsync(scenario.Seller, "sell_ticket", new { ticket_id = ofSeller[1], recipient = scenario.Fan.Id }, 401, "signature_invalid", scenario.EventKey);
        await scenario.PostRefusedAsync(scenario.Organiser, "sell_ticket", new { ticket_id = ofSeller[1], recipient = scenario.Fan.Id }, 403, "event_signature_missing");
    }

    [Fact]
    public async Task The_node_signs_for_the_event_when_its_key_is_kept_here_and_the_organiser_opted_in()
    {
        using var scenario = await WritesScenario.OpenAsync(areKept: true);
        var eventKey = scenario.Node.KeepAccount();
        var own = scenario.Node.OwnAccount("a seller with a key");
        var (id, tickets) = await scenario.CreateAsync(null, 4, new { event_key = eventKey.Id, sellers = new[] { scenario.Seller.Id, own.Id } });
        await scenario.PostRefusedAsync(scenario.Seller, "sell_ticket", To(tickets[0]), 403, "event_signature_missing");

        await DelegateAsync(scenario, id, true, HttpStatusCode.OK);
        var sale = scenario.Sign(scenario.Seller, "sell_ticket", To(tickets[0]));
        await scenario.Node.Api.PostAsync("/tickets/sell", sale);

        scenario.Node.Node.FindTransaction(WritesScenario.IdOf(sale))!.Transaction.Signatures.Select(signature => Address.Of(signature.Key))
            .Should().Equal(scenario.Seller.Address, eventKey.Address);
        await scenario.PostRefusedAsync(scenario.Fan, "sell_ticket", To(tickets[1]), 403, "not_seller");
        await scenario.PostRefusedAsync(own, "sell_ticket", To(tickets[1]), 403, "event_signature_missing");
        await scenario.PostRefusedAsync(
            "/tickets/sell", scenario.Sign(scenario.Seller, "sell_ticket", To(tickets[1])).With("hmac", JsonValue.Of(new string('a', 64))), 401, "signature_invalid");

        await DelegateAsync(scenario, id, false, HttpStatusCode.OK);
        await scenario.PostRefusedAsync(scenario.Seller, "sell_ticket", To(tickets[1]), 403, "event_signature_missing");

        object To(string ticket) => new { ticket_id = ticket, recipient = scenario.Fan.Id };
    }

    [Fact]
    public async Task Opting_in_is_no_use_where_the_events_key_is_not_kept_here()
    {
        using var scenario = await WritesScenario.OpenAsync(areKept: true);

        await DelegateAsync(scenario, scenario.EventId, true, HttpStatusCode.OK);

        await scenario.PostRefusedAsync(scenario.Seller, "sell_ticket", Sale(scenario, 0), 403, "event_signature_missing");
    }

    [Fact]
    public async Task Who_sells_and_has_the_events_key_may_sign_as_both_and_a_wrong_second_signature_is_refused()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var (_, tickets) = await scenario.CreateAsync(null, 2, new { event_key = scenario.Organiser.Id });
        var sale = scenario.Sign(scenario.Organiser, "sell_ticket", To(0));
        var (one, other) = (sale.Find("signatures")!.Items[0], scenario.Sign(scenario.Organiser, "sell_ticket", To(1)).Find("signatures")!.Items[0]);

        await scenario.PostRefusedAsync("/tickets/sell", sale.With("signatures", JsonValue.Array([one, other])), 401, "signature_invalid");
        await scenario.Node.Api.PostAsync("/tickets/sell", sale.With("signatures", JsonValue.Array([one, one])));

        scenario.Node.Node.FindTransaction(WritesScenario.IdOf(sale))!.Transaction.Signatures.Should().ContainSingle("a block takes one of each signer");

        object To(int ticket) => new { ticket_id = tickets[ticket], recipient = scenario.Fan.Id };
    }

    [Fact]
    public async Task A_sale_that_is_not_proven_by_both_is_refused_and_says_what_is_missing() // S1.7: a bad one is reported, never silently dropped
    {
        using var scenario = await WritesScenario.OpenAsync();
        using var kept = scenario.Node.KeepAccount();
        var (seller, eventKey, fan) = (scenario.Seller, scenario.EventKey, scenario.Fan);
        var good = scenario.Sign(seller, "sell_ticket", Sale(scenario, 0), eventKey);
        var signatures = good.Find("signatures")!.Items;
        var another = scenario.Sign(seller, "sell_ticket", Sale(scenario, 1), eventKey).Find("signatures")!.Items;

        await RefusedAsync(scenario.Sign(seller, "sell_ticket", Sale(scenario, 0)), 403, "event_signature_missing", eventKey.Id);
        await RefusedAsync(scenario.Sign(seller, "sell_ticket", Sale(scenario, 0), fan), 403, "event_signature_missing", eventKey.Id);
        await RefusedAsync(scenario.Sign(fan, "sell_ticket", Sale(scenario, 0), eventKey), 403, "not_seller", fan.Id);
        await RefusedAsync(scenario.Sign(eventKey, "sell_ticket", Sale(scenario, 0)), 403, "not_seller", eventKey.Id);
        await RefusedAsync(With(signatures[1], signatures[0]), 401, "signature_invalid", seller.Id);
        await RefusedAsync(With(signatures[1]), 401, "signature_invalid", seller.Id);
        await RefusedAsync(With(signatures[0], signatures[0]), 403, "event_signature_missing", eventKey.Id);
        await RefusedAsync(With(signatures[0], another[1]), 401, "signature_invalid", eventKey.Id);
        await RefusedAsync(With(another[0], signatures[1]), 401, "signature_invalid", seller.Id);
        await RefusedAsync(With(signatures[0], signatures[1], signatures[1]), 400, "invalid_field", "2");
        await RefusedAsync(good.With("hmac", JsonValue.Of(new string('0', 64))), 400, "invalid_field", "event's signature");
        await RefusedAsync(good.Without("signatures"), 401, "signature_missing", seller.Id);
        await RefusedAsync(
            scenario.Sign(kept, "sell_ticket", Sale(scenario, 0), eventKey).With("hmac", JsonValue.Of(new string('0', 64))), 401, "signature_invalid", "HMAC");

        await scenario.Node.Api.PostAsync("/tickets/sell", good);
        await RefusedAsync(scenario.Sign(seller, "sell_ticket", Sale(scenario, 0), eventKey), 409, "ticket_not_available", "sold");
        await RefusedAsync(scenario.Sign(seller, "sell_ticket", new { ticket_id = new string('0', 32), recipient = fan.Id }, eventKey), 404, "not_found", "no ticket");

        JsonValue With(params JsonValue[] some) => good.With("signatures", JsonValue.Array(some));

        async Task RefusedAsync(JsonValue body, int status, string code, string says)
        {
            var problem = await scenario.PostRefusedAsync("/tickets/sell", body, status, code);
            problem.GetProperty("detail").GetString().Should().Contain(says);
        }
    }

    [Fact]
    public async Task Only_an_official_sale_takes_two_proofs()
    {
        using var scenario = await WritesScenario.OpenAsync();
        using var kept = scenario.Node.KeepAccount();

        await scenario.PostRefusedAsync(kept, "record", new { data = 1 }, 400, "invalid_field", scenario.EventKey);
        await scenario.PostRefusedAsync(scenario.Fan, "record", new { data = 1 }, 401, "signature_invalid", scenario.EventKey);
    }

    private static object Sale(WritesScenario scenario, int ticket) => new { ticket_id = scenario.Tickets[ticket], recipient = scenario.Fan.Id };

    private static async Task DelegateAsync(WritesScenario scenario, string eventId, bool enabled, HttpStatusCode expected)
    {
        var path = $"/events/{eventId}/delegation";
        var body = JsonSerializer.Serialize(new { enabled });
        using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Put, path, body, ("Authorization", Token(scenario, scenario.Organiser, "PUT", path, body)));
        answer.StatusCode.Should().Be(expected, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The header that says who asks.</summary>
    internal static string Token(WritesScenario scenario, Wallet sender, string method, string path, string body)
    {
        var claims = Wallet.Json(new
        {
            type = "request",
            method,
            path,
            sender = sender.Id,
            at = scenario.Node.Clock.Now.ToUnixTimeSeconds(),
            body_sha256 = Hash256.Sha256(Encoding.UTF8.GetBytes(body)).ToString(),
            chain_id = scenario.Node.Node.Spec.ChainId,
            node = scenario.Node.Node.Self.ToString(),
        });
        return $"SecuTicket {Base64Url.EncodeToString(CanonicalJson.Write(sender.Prove(claims)))}";
    }
}
