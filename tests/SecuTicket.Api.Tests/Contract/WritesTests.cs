using System.Net;
using System.Text.Json;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Every write of the contract, by every route it may come, from accounts the node keeps and from keys it has never seen.</summary>
public sealed class WritesTests
{
    private static readonly Dictionary<string, string> Routes = new()
    {
        ["create_event"] = "/events",
        ["cancel_event"] = "/events/cancel",
        ["issue_tickets"] = "/tickets",
        ["sell_ticket"] = "/tickets/sell",
        ["purchase_ticket"] = "/tickets/purchase",
        ["transfer_ticket"] = "/tickets/transfer",
        ["list_ticket"] = "/tickets/list",
        ["unlist_ticket"] = "/tickets/unlist",
        ["return_ticket"] = "/tickets/return",
        ["redeem_ticket"] = "/tickets/redeem",
        ["revoke_ticket"] = "/tickets/revoke",
    };

    [Theory]
    [InlineData("typed, without type and chain_id", false)]
    [InlineData("typed, without type and chain_id", true)]
    [InlineData("typed", false)]
    [InlineData("typed", true)]
    [InlineData("/transactions", false)]
    [InlineData("/transactions", true)]
    [InlineData("/transactions/new", false)]
    [InlineData("/transaction", true)]
    public async Task Every_type_is_admitted_and_answered_as_the_contract_says(string way, bool areKept) // S2.2
    {
        using var scenario = await WritesScenario.OpenAsync(areKept);
        var (organiser, seller, gate, fan, other) = (scenario.Organiser, scenario.Seller, scenario.Gate, scenario.Fan, scenario.Other);
        using var authority = Wallet.ExchangeAuthority();
        var tickets = scenario.Tickets;

        await PostAsync(scenario, way, authority, "top_up", new { recipient = fan.Id, amount = 7, reference = "bank transfer 7" });
        await PostAsync(scenario, way, fan, "transfer", new { recipient = other.Id, amount = 6 });
        await PostAsync(scenario, way, fan, "record", new { data = new { anything = new[] { 1, 2 } } });
        await PostAsync(scenario, way, organiser, "update_event", new { event_id = scenario.EventId, gates = new[] { gate.Id, other.Id } });
        await PostAsync(scenario, way, seller, "sell_ticket", new { ticket_id = tickets[0], recipient = fan.Id, price = 4_000, reference = "till 3" }, scenario.EventKey);
        await PostAsync(scenario, way, fan, "purchase_ticket", new { ticket_id = tickets[1], max_price = 6_000 });
        await PostAsync(scenario, way, fan, "transfer_ticket", new { ticket_id = tickets[1], recipient = other.Id });
        await PostAsync(scenario, way, other, "list_ticket", new { ticket_id = tickets[1], price = 4_500, buyer = fan.Id });
        await PostAsync(scenario, way, other, "unlist_ticket", new { ticket_id = tickets[1] });
        await PostAsync(scenario, way, other, "return_ticket", new { ticket_id = tickets[1] });
        await PostAsync(scenario, way, gate, "redeem_ticket", new { ticket_id = tickets[0] });
        await PostAsync(scenario, way, organiser, "revoke_ticket", new { ticket_id = tickets[2] });
        var created = await PostAsync(scenario, way, organiser, "create_event", new { name = "Encore", venue = "Hall", sessions = new[] { new { date = "2028-02-29", time = "00:00" } } });
        var eventId = created.GetProperty("event_id").GetString()!;
        var issued = await PostAsync(scenario, way, organiser, "issue_tickets", new { event_id = eventId, session = 0, seats = new[] { "B-2", "B-1" }, price = 0 });
        await PostAsync(scenario, way, organiser, "cancel_event", new { event_id = eventId });

        issued.GetProperty("ticket_ids").EnumerateArray().Select(id => id.GetString()).Should()
            .Equal([WritesScenario.TicketOf(eventId, 0, "B-2"), WritesScenario.TicketOf(eventId, 0, "B-1")], "in the order of seats");
        scenario.TicketOf(tickets[0]).Status.Should().Be(TicketStatus.Redeemed);
        scenario.TicketOf(tickets[1]).Status.Should().Be(TicketStatus.Unsold);
        scenario.TicketOf(tickets[2]).Status.Should().Be(TicketStatus.Revoked);
        scenario.BalanceOf(fan).Should().Be(WritesScenario.Money + 7 - 6 - 5_000);
        scenario.BalanceOf(other).Should().Be(WritesScenario.Money + 6 + 5_000);

        var waiting = scenario.Snapshot.Pending.InOrder.Select(entry => entry.Value.Id).ToArray();
        var block = await scenario.Node.SealAsync();
        block.Transactions.Skip(1).Select(transaction => transaction.Id).Should().Equal(waiting, "a block holds what was admitted, in that order");
        foreach (var id in waiting) scenario.Node.Node.FindTransaction(id)!.Status.Should().Be(TransactionStatus.Confirmed);
    }

    [Fact]
    public async Task The_tutorials_names_take_a_transfer_without_type_and_chain_id()
    {
        using var scenario = await WritesScenario.OpenAsync();
        foreach (var path in new[] { "/transactions/new", "/transaction" })
        {
            var body = scenario.Sign(scenario.Fan, "transfer", new { recipient = scenario.Other.Id, amount = 1 });

            var answer = await scenario.Node.Api.PostAsync(path, body.Without("type").Without("chain_id"));

            answer.GetProperty("transaction_id").GetString().Should().Be(WritesScenario.IdOf(body).ToString(), "what is signed has both");
        }

        scenario.BalanceOf(scenario.Other).Should().Be(WritesScenario.Money + 2);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("chain_id")]
    public async Task Where_any_type_is_taken_both_type_and_chain_must_be_given(string field)
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Fan, "transfer", new { recipient = scenario.Other.Id, amount = 1 }).Without(field);

        var problem = await scenario.PostRefusedAsync("/transactions", body, 400, "missing_field");

        problem.GetProperty("errors").GetProperty(field).GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_typed_route_takes_its_own_type_only()
    {
        using var scenario = await WritesScenario.OpenAsync();
        foreach (var (type, route) in Routes.Where(entry => entry.Key != "purchase_ticket"))
        {
            var problem = await scenario.PostRefusedAsync(
                route, scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 }), 400, "invalid_field");

            problem.GetProperty("detail").GetString().Should().Contain(type).And.Contain("purchase_ticket");
        }
    }

    [Fact]
    public async Task Order_and_white_space_of_the_body_do_not_matter_and_addresses_may_be_lower_case()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Fan, "transfer", new { recipient = scenario.Other.Id.ToLowerInvariant(), amount = 1 });
        var members = body.Members.Reverse().Select(member => $"\r\n\t{JsonValue.Of(member.Name)} : {member.Value} ");

        var answer = await scenario.Node.Api.PostAsync("/transactions", $" {{{string.Join(',', members)}}} \n");

        answer.GetProperty("transaction_id").GetString().Should().Be(WritesScenario.IdOf(body).ToString());
        scenario.BalanceOf(scenario.Other).Should().Be(WritesScenario.Money + 1);
    }

    [Fact]
    public async Task A_top_up_on_the_accounts_route_is_answered_like_any_write()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var path = $"/accounts/{scenario.Fan.Id}/top-up";

        using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, path, new { amount = 5, reference = "card 1" });

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        answer.Headers.Location!.OriginalString.Should().Be($"/transactions/{json.GetProperty("transaction_id").GetString()}");
        json.GetProperty("status").GetString().Should().Be("pending");
        scenario.BalanceOf(scenario.Fan).Should().Be(WritesScenario.Money + 5);
        await scenario.PostRefusedAsync(path, new { amount = 5, reference = "card 1" }, 409, "reference_used");
        await scenario.PostRefusedAsync(path, new { amount = 0, reference = "card 2" }, 400, "invalid_field");
        await scenario.PostRefusedAsync(path, new { amount = 5 }, 400, "missing_field");
    }

    // The answer has exactly the contract's fields, and says of the transaction what a client that knows nothing but the contract computes.
    private static async Task<JsonElement> PostAsync(WritesScenario scenario, string way, Wallet sender, string type, object fields, params Wallet[] others)
    {
        var body = scenario.Sign(sender, type, fields, others);
        var id = WritesScenario.IdOf(body).ToString();
        var path = way.StartsWith("typed", StringComparison.Ordinal) && Routes.TryGetValue(type, out var route) ? route : way.StartsWith('/') ? way : "/transactions";
        if (way.Contains("without", StringComparison.Ordinal) && path != "/transactions") body = body.Without("type").Without("chain_id");

        using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, path, body);

        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.Created, "{0} of {1}: {2}", path, type, text);
        answer.Headers.Location!.OriginalString.Should().Be($"/transactions/{id}");
        var json = JsonDocument.Parse(text).RootElement;
        string[] created = type switch { "create_event" => ["event_id"], "issue_tickets" => ["ticket_ids"], _ => [] };
        json.EnumerateObject().Select(property => property.Name).Should().BeEquivalentTo([.. created, "transaction_id", "status", "block_index", "message"]);
        json.GetProperty("transaction_id").GetString().Should().Be(id);
        json.GetProperty("status").GetString().Should().Be("pending");
        json.GetProperty("block_index").GetInt64().Should().Be(2);
        json.GetProperty("message").GetString().Should().Be("Transaction will be added to block 2");
        if (type == "create_event") json.GetProperty("event_id").GetString().Should().Be(id[..32]);
        scenario.Snapshot.Pending.ById.Count.Should().BePositive();
        return json;
    }
}
