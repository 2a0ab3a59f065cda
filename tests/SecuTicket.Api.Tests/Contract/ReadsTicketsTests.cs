using System.Net;
using System.Text.Json;
using SecuTicket.Core.Blocks;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsTicketsTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    private static readonly string Nowhere = new('0', 32);

    [Fact] // S1.5
    public async Task A_ticket_that_was_issued_shows_every_field_of_the_contract()
    {
        using var concert = await Concert.StartAsync();

        var ticket = await concert.Api.GetAsync($"/tickets/{concert.Tickets[1]}");

        ticket.GetRawText().Should().Be(JsonSerializer.Serialize(new
        {
            id = concert.Tickets[1],
            event_id = concert.EventId,
            organiser = concert.Organiser.Id,
            session = 0,
            seat = "A-2",
            status = "unsold",
            owner = concert.Organiser.Id,
            face_price = 5000,
            price = 5000,
            resales = 0,
            issued_in = 1,
            confirmations = 1,
            final = false,
        }));
    }

    [Fact]
    public async Task Confirmations_count_the_block_of_the_last_change_and_those_after_it()
    {
        using var concert = await Concert.StartAsync();
        var path = $"/tickets/{concert.Tickets[0]}";
        await concert.SealAsync();
        (await concert.Api.GetAsync(path)).GetProperty("confirmations").GetInt64().Should().Be(2);

        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);

        (await concert.Api.GetAsync(path)).GetProperty("confirmations").GetInt64().Should().Be(2, "reads show confirmed state");
        var waiting = await concert.Api.GetAsync($"{path}?pending=true");
        waiting.GetProperty("confirmations").GetInt64().Should().Be(0);
        waiting.GetProperty("issued_in").GetInt64().Should().Be(1);
        await concert.SealAsync();
        (await concert.Api.GetAsync(path)).GetProperty("confirmations").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Reads_show_confirmed_state_and_with_pending_what_waits_too()
    {
        using var concert = await Concert.StartAsync();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        var path = $"/tickets/{concert.Tickets[0]}";

        (await concert.Api.GetAsync(path)).GetProperty("status").GetString().Should().Be("unsold");
        (await concert.Api.GetAsync($"{path}?pending=false")).GetProperty("status").GetString().Should().Be("unsold");
        var waiting = await concert.Api.GetAsync($"{path}?pending=true");

        waiting.GetProperty("status").GetString().Should().Be("sold");
        waiting.GetProperty("owner").GetString().Should().Be(concert.Alice.Id);
        waiting.GetProperty("price").ValueKind.Should().Be(JsonValueKind.Null, "it is there and null");
    }

    [Fact]
    public async Task A_ticket_that_only_waits_to_be_issued_is_unknown_until_what_waits_is_asked_for()
    {
        using var concert = await Concert.StartAsync();
        var ticket = (await concert.IssueAsync(1, "B-1"))[0];

        await concert.Api.GetRefusedAsync($"/tickets/{ticket}", HttpStatusCode.NotFound, "not_found");
        await concert.Api.GetRefusedAsync($"/tickets/{ticket}/history", HttpStatusCode.NotFound, "not_found");
        var waiting = await concert.Api.GetAsync($"/tickets/{ticket}?pending=true");

        waiting.GetProperty("issued_in").ValueKind.Should().Be(JsonValueKind.Null);
        waiting.GetProperty("confirmations").GetInt64().Should().Be(0);
        (await concert.Api.GetAsync($"/tickets/{ticket}/history?pending=true")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_listed_ticket_shows_its_price_and_only_buyer_and_a_redeemed_one_who_let_its_holder_in()
    {
        using var concert = await Concert.StartAsync();
        var path = $"/tickets/{concert.Tickets[0]}?pending=true";
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.Api.PostAsync("/tickets/list", concert.Alice, "list_ticket", new { ticket_id = concert.Tickets[0], price = 5500, buyer = concert.Bob.Id });

        var listed = await concert.Api.GetAsync(path);
        var redeemed = await concert.RedeemAsync(concert.Tickets[0]);
        var used = await concert.Api.GetAsync(path);

        listed.GetProperty("status").GetString().Should().Be("listed");
        listed.GetProperty("price").GetInt64().Should().Be(5500);
        listed.GetProperty("buyer").GetString().Should().Be(concert.Bob.Id);
        used.GetProperty("status").GetString().Should().Be("redeemed");
        used.TryGetProperty("buyer", out _).Should().BeFalse();
        var redemption = used.GetProperty("redemption");
        redemption.GetProperty("gate").GetString().Should().Be(concert.Gate.Id);
        redemption.GetProperty("at").GetString().Should().Be("2027-06-15T18:00:00.000Z");
        redemption.GetProperty("transaction_id").GetString().Should().Be(redeemed.GetProperty("transaction_id").GetString());
    }

    [Fact]
    public async Task A_ticket_by_itself_is_to_the_last_byte_what_it_is_in_a_list_whatever_became_of_it()
    {
        using var concert = await Concert.StartAsync();
        var waiting = await concert.IssueAsync(1, "<&+> 'B' \\ \"1\"");
        await concert.Api.PostAsync("/tickets/purchase", concert.Alice, "purchase_ticket", new { ticket_id = concert.Tickets[0], max_price = Concert.Money, identity_commitment = new string('f', 64) });
        await concert.BuyAsync(concert.Alice, concert.Tickets[1]);
        await concert.Api.PostAsync("/tickets/list", concert.Alice, "list_ticket", new { ticket_id = concert.Tickets[1], price = 5500, buyer = concert.Bob.Id });
        await concert.BuyAsync(concert.Alice, concert.Tickets[2]);
        await concert.RedeemAsync(concert.Tickets[2]);
        await concert.RevokeAsync(concert.Tickets[3]);
        await concert.BuyAsync(concert.Alice, concert.Tickets[4]);
        await concert.ListAsync(concert.Alice, concert.Tickets[4], 5500);
        await concert.BuyAsync(concert.Bob, concert.Tickets[4], maxPrice: 5500);

        await Compare();
        await concert.SealAsync();
        await Compare();
        await concert.CancelAsync();
        await Compare();

        async Task Compare()
        {
            var list = (await concert.Api.GetAsync($"/events/{concert.EventId}/tickets?pending=true")).GetProperty("items").EnumerateArray().Select(static one => one.GetRawText()).ToArray();
            var alone = new List<string>();
            foreach (var ticket in concert.Tickets.Concat(waiting)) alone.Add((await concert.Api.GetAsync($"/tickets/{ticket}?pending=true")).GetRawText());
            list.Should().Equal(alone).And.HaveCount(6);
        }
    }

    // S0.14
    [Fact]
    public async Task History_is_never_rewritten_in_the_pending_set_nor_in_blocks_nor_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-").FullName;
        try
        {
            string ticket;
            string[] told;
            using (var concert = await Concert.StartAsync(node: new NodeFactory(folder: folder)))
            {
                ticket = concert.Tickets[0];
                await concert.BuyAsync(concert.Alice, ticket);
                await concert.ReturnAsync(concert.Alice, ticket);
                await concert.BuyAsync(concert.Bob, ticket);
                told = [$"unsold/{concert.Organiser.Id}", $"sold/{concert.Alice.Id}", $"unsold/{concert.Organiser.Id}", $"sold/{concert.Bob.Id}"];

                Told(await concert.Api.GetAsync($"/tickets/{ticket}/history?pending=true")).Should().Equal(told);
                Told(await concert.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told[0]);
                await concert.SealAsync();
                Told(await concert.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told);
            }

            using var again = new NodeFactory(folder: folder);
            Told(await again.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told);
            Told(await again.Api.GetAsync($"/tickets/{ticket}/history?pending=true")).Should().Equal(told);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // S0.14
    [Fact]
    public async Task History_is_never_rewritten_by_a_reorganisation()
    {
        using var concert = await Concert.StartAsync();
        using var other = new NodeFactory();
        var ticket = concert.Tickets[0];
        await OfferAsync(other, concert.Node.Node.Snapshot.Tip.Index, concert.Node);
        await other.SealAsync();
        await other.SealAsync();
        await concert.BuyAsync(concert.Alice, ticket);
        await concert.ReturnAsync(concert.Alice, ticket);
        await concert.BuyAsync(concert.Bob, ticket);
        await concert.SealAsync();
        string[] told = [$"unsold/{concert.Organiser.Id}", $"sold/{concert.Alice.Id}", $"unsold/{concert.Organiser.Id}", $"sold/{concert.Bob.Id}"];
        Told(await concert.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told);

        for (var index = 2; index <= 3; index++) await OfferAsync(concert.Node, index, other);

        Told(await concert.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told[0]);
        Told(await concert.Api.GetAsync($"/tickets/{ticket}/history?pending=true")).Should().Equal(told);
        await concert.SealAsync();
        Told(await concert.Api.GetAsync($"/tickets/{ticket}/history")).Should().Equal(told);
        (await concert.Api.GetAsync($"/tickets/{ticket}/history")).GetProperty("items").EnumerateArray().Select(change => change.GetProperty("block_index").GetInt64()).Should().Equal(1, 4, 4, 4);
    }

    [Fact]
    public async Task A_change_says_what_it_was_who_had_the_ticket_what_was_paid_and_where_it_stands()
    {
        using var concert = await Concert.StartAsync();
        var ticket = concert.Tickets[0];
        var bought = await concert.BuyAsync(concert.Alice, ticket);
        concert.Node.Clock.Advance(TimeSpan.FromSeconds(90));
        await concert.SealAsync();
        await concert.Api.PostAsync("/tickets/transfer", concert.Alice, "transfer_ticket", new { ticket_id = ticket, recipient = concert.Bob.Id });

        var history = (await concert.Api.GetAsync($"/tickets/{ticket}/history?pending=true")).GetProperty("items");

        history[0].GetProperty("type").GetString().Should().Be("issue_tickets");
        history[0].GetProperty("from").ValueKind.Should().Be(JsonValueKind.Null);
        history[1].GetRawText().Should().Be(JsonSerializer.Serialize(new
        {
            type = "purchase_ticket",
            status = "sold",
            from = concert.Organiser.Id,
            to = concert.Alice.Id,
            price = 5000,
            transaction_id = bought.GetProperty("transaction_id").GetString(),
            block_index = 2,
            at = "2027-06-15T18:01:30.000Z",
        }));
        history[2].GetProperty("type").GetString().Should().Be("transfer_ticket");
        history[2].GetProperty("price").ValueKind.Should().Be(JsonValueKind.Null);
        history[2].GetProperty("block_index").ValueKind.Should().Be(JsonValueKind.Null);
        history[2].GetProperty("at").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Pages_of_any_size_give_the_same_history_confirmed_and_waiting(int limit)
    {
        using var concert = await Concert.StartAsync(resale: new { resale = "free" });
        var path = $"/tickets/{concert.Tickets[0]}/history";
        await TradeAsync(concert);
        await concert.SealAsync();
        await TradeAsync(concert);

        var confirmed = (await concert.Api.GetAsync($"{path}?limit=1000")).GetProperty("items").EnumerateArray().Select(item => item.GetRawText()).ToArray();
        var all = (await concert.Api.GetAsync($"{path}?pending=true&limit=1000")).GetProperty("items").EnumerateArray().Select(item => item.GetRawText()).ToArray();

        confirmed.Should().HaveCount(4);
        all.Should().HaveCount(7).And.StartWith(confirmed);
        (await concert.Api.GetAllAsync(path, limit)).Select(item => item.GetRawText()).Should().Equal(confirmed);
        (await concert.Api.GetAllAsync($"{path}?pending=true", limit)).Select(item => item.GetRawText()).Should().Equal(all);
    }

    [Fact]
    public async Task A_reader_goes_on_without_gap_or_repetition_when_a_block_comes_between_two_pages()
    {
        using var concert = await Concert.StartAsync(resale: new { resale = "free" });
        var path = $"/tickets/{concert.Tickets[0]}/history?pending=true&limit=2";
        await TradeAsync(concert);

        var first = await concert.Api.GetAsync(path);
        await concert.SealAsync();
        await TradeAsync(concert);
        var second = await concert.Api.GetAsync($"{path}&after={first.GetProperty("next").GetString()}");
        await concert.SealAsync();
        var rest = await concert.Api.GetAsync($"{path}0&after={second.GetProperty("next").GetString()}");

        new[] { first, second, rest }.SelectMany(page => page.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("type").GetString())
            .Should().Equal("issue_tickets", "purchase_ticket", "list_ticket", "purchase_ticket", "transfer_ticket", "list_ticket", "purchase_ticket");
        rest.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Malformed_ids_and_queries_are_refused_and_unknown_tickets_not_found()
    {
        foreach (var path in new[] { "/tickets/{0}", "/tickets/{0}/history" })
        {
            foreach (var malformed in new[] { "x", new string('0', 31), new string('0', 33), new string('A', 32), new string('g', 32), "verify" })
                await empty.Api.GetRefusedAsync(path.Replace("{0}", malformed, StringComparison.Ordinal), HttpStatusCode.BadRequest, "invalid_field");
            await empty.Api.GetRefusedAsync($"{path.Replace("{0}", Nowhere, StringComparison.Ordinal)}?pending=1", HttpStatusCode.BadRequest, "invalid_field");
            await empty.Api.GetRefusedAsync(path.Replace("{0}", Nowhere, StringComparison.Ordinal), HttpStatusCode.NotFound, "not_found");
            await empty.Api.GetRefusedAsync($"{path.Replace("{0}", Nowhere, StringComparison.Ordinal)}?pending=true", HttpStatusCode.NotFound, "not_found");
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("limit=01")]
    [InlineData("limit=")]
    [InlineData("limit=ten")]
    [InlineData("limit=1&limit=2")]
    [InlineData("after=")]
    [InlineData("after=AA")]
    [InlineData("after=%3D%3D")]
    [InlineData("after=AAAAAAAAAAU")] // of another list
    [InlineData("after=__________4AAAAAAAAAAAAAAAA")] // block −2
    [InlineData("after=AAAAAAAAAAD_____AAAAAAAAAAA")] // position −1
    [InlineData("after=AAAAAAAAAAAAAAAA__________8")] // −1 waiting
    [InlineData("after=AAAAAAAAAAAAAAAAAAAAAAAPQkE")] // more waiting than ever could
    [InlineData("pending=yes")]
    public async Task A_query_is_taken_as_it_says_or_refused(string query)
    {
        await empty.Api.GetRefusedAsync($"/tickets/{Nowhere}/history?{query}", HttpStatusCode.BadRequest, "invalid_field");
    }

    // S0.12
    [Fact]
    public async Task Verification_follows_a_ticket_through_its_life()
    {
        using var concert = await Concert.StartAsync();
        var ticket = concert.Tickets[0];
        await VerifyAsync(concert, Nowhere, concert.Alice, "unknown");
        await VerifyAsync(concert, ticket, concert.Organiser, "unsold");
        await VerifyAsync(concert, ticket, concert.Alice, "not_owner");

        await concert.BuyAsync(concert.Alice, ticket);
        await VerifyAsync(concert, ticket, concert.Alice, "not_owner", "valid");
        await concert.ListAsync(concert.Alice, ticket, 5000);
        await VerifyAsync(concert, ticket, concert.Alice, "not_owner", "valid");
        await concert.SealAsync();
        await VerifyAsync(concert, ticket, concert.Alice, "valid");
        await VerifyAsync(concert, ticket, concert.Bob, "not_owner");

        await concert.BuyAsync(concert.Bob, ticket);
        await concert.SealAsync();
        await VerifyAsync(concert, ticket, concert.Alice, "not_owner");
        await VerifyAsync(concert, ticket, concert.Bob, "valid");

        await concert.RedeemAsync(ticket);
        await VerifyAsync(concert, ticket, concert.Bob, "valid", "already_redeemed");
        await concert.SealAsync();
        await VerifyAsync(concert, ticket, concert.Bob, "already_redeemed");
        await VerifyAsync(concert, ticket, concert.Alice, "not_owner");
    }

    [Fact]
    public async Task A_revoked_ticket_and_one_of_a_cancelled_event_let_nobody_in()
    {
        using var concert = await Concert.StartAsync();
        foreach (var ticket in concert.Tickets.Take(3)) await concert.BuyAsync(concert.Alice, ticket);
        await concert.RevokeAsync(concert.Tickets[0]);
        await concert.RedeemAsync(concert.Tickets[1]);
        await concert.CancelAsync();
        await concert.SealAsync();

        await VerifyAsync(concert, concert.Tickets[0], concert.Alice, "revoked");
        await VerifyAsync(concert, concert.Tickets[1], concert.Alice, "already_redeemed");
        await VerifyAsync(concert, concert.Tickets[2], concert.Alice, "event_cancelled");
        await VerifyAsync(concert, concert.Tickets[2], concert.Bob, "not_owner");
        await VerifyAsync(concert, concert.Tickets[3], concert.Organiser, "unsold");
    }

    [Fact]
    public async Task A_ticket_of_a_cancelled_event_costs_nothing_because_nobody_can_buy_it()
    {
        using var concert = await Concert.StartAsync();
        await concert.CancelAsync();
        await concert.SealAsync();

        var ticket = await concert.Api.GetAsync($"/tickets/{concert.Tickets[0]}");

        ticket.GetProperty("status").GetString().Should().Be("unsold");
        ticket.GetProperty("price").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Owners_are_taken_in_lower_case_too()
    {
        using var concert = await Concert.StartAsync();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.SealAsync();

        var verified = await concert.Api.PostAsync("/tickets/verify", new { ticket_id = concert.Tickets[0], owner = concert.Alice.Id.ToLowerInvariant() }, HttpStatusCode.OK);

        verified.GetProperty("valid").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData("", "malformed_json")]
    [InlineData("[]", "malformed_json")]
    [InlineData("{", "malformed_json")]
    [InlineData("{}", "missing_field")]
    [InlineData("""{"ticket_id":"00000000000000000000000000000000"}""", "missing_field")]
    [InlineData("""{"ticket_id":"00000000000000000000000000000000","owner":"0x00000000000000000000000000000000000acc00","more":1}""", "unknown_field")]
    [InlineData("""{"ticket_id":"00","owner":"0x00000000000000000000000000000000000acc00"}""", "invalid_field")]
    [InlineData("""{"ticket_id":7,"owner":"0x00000000000000000000000000000000000acc00"}""", "invalid_field")]
    [InlineData("""{"ticket_id":"00000000000000000000000000000000","owner":"0x00000000000000000000000000000000000ACC00"}""", "invalid_field")]
    [InlineData("""{"ticket_id":"00000000000000000000000000000000","ticket_id":"00000000000000000000000000000000","owner":"0x00000000000000000000000000000000000acc00"}""", "duplicate_key")]
    public async Task A_body_to_verify_is_read_strictly(string body, string code)
    {
        await empty.Api.PostRefusedAsync("/tickets/verify", body, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task A_body_to_verify_is_bounded_and_has_one_content_type_and_its_query_counts()
    {
        var body = new { ticket_id = Nowhere, owner = "0x00000000000000000000000000000000000acc00" };

        await empty.Api.PostRefusedAsync("/tickets/verify", new { ticket_id = new string('0', 70_000), owner = "" }, HttpStatusCode.RequestEntityTooLarge, "too_large");
        await empty.Api.PostRefusedAsync("/tickets/verify?pending=maybe", body, HttpStatusCode.BadRequest, "invalid_field");
        using var form = new FormUrlEncodedContent([new("ticket_id", Nowhere)]);
        (await empty.Api.Http.PostAsync("/tickets/verify", form)).StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    private static async Task OfferAsync(NodeFactory to, long index, NodeFactory from)
    {
        var block = Block.Decode(from.Node.Store.FindBlock(index)!.Bytes.Span, from.Node.Spec.MaxBlockTransactions).Value;
        (await to.Node.OfferAsync([block])).Value.Refusal.Should().BeNull();
    }

    private static async Task TradeAsync(Concert concert)
    {
        // Whoever has it after the first round of trades gives it away in the second.
        var ticket = concert.Tickets[0];
        var now = await concert.Api.GetAsync($"/tickets/{ticket}?pending=true");
        if (now.GetProperty("status").GetString() == "unsold") await concert.BuyAsync(concert.Alice, ticket);
        else await concert.Api.PostAsync("/tickets/transfer", concert.Bob, "transfer_ticket", new { ticket_id = ticket, recipient = concert.Alice.Id });
        await concert.ListAsync(concert.Alice, ticket, 5100);
        await concert.BuyAsync(concert.Bob, ticket);
    }

    private static async Task VerifyAsync(Concert concert, string ticket, Wallet owner, string reason, string? withPending = null)
    {
        foreach (var (query, expected) in new[] { ("", reason), ("?pending=true", withPending ?? reason) })
        {
            var verified = await concert.Api.PostAsync($"/tickets/verify{query}", new { ticket_id = ticket, owner = owner.Id }, HttpStatusCode.OK);
            verified.GetRawText().Should().Be($$"""{"valid":{{(expected == "valid" ? "true" : "false")}},"reason":"{{expected}}"}""");
        }
    }

    private static IEnumerable<string> Told(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(change => $"{change.GetProperty("status").GetString()}/{change.GetProperty("to").GetString()}");
}
