using System.Net;
using System.Text.Json;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsAccountsTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    [Fact]
    public async Task An_account_shows_its_coins_and_tickets_and_whether_its_key_is_kept_here()
    {
        using var concert = await Concert.StartAsync(seats: 3);
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.SealAsync();

        (await concert.Api.GetAsync($"/accounts/{concert.Alice.Id}")).GetRawText()
            .Should().Be($$"""{"address":"{{concert.Alice.Id}}","balance":95000,"stake":0,"kept":true,"tickets":1}""");
        (await concert.Api.GetAsync($"/accounts/{concert.Organiser.Id}")).GetRawText()
            .Should().Be($$"""{"address":"{{concert.Organiser.Id}}","balance":105000,"stake":0,"kept":true,"tickets":2}""");
        (await concert.Api.GetAsync($"/accounts/{concert.Bob.Id}")).GetProperty("kept").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task An_address_never_seen_has_zeros_and_empty_lists()
    {
        const string Nobody = "0x00000000000000000000000000000000000acc00";

        (await empty.Api.GetAsync($"/accounts/{Nobody}")).GetRawText()
            .Should().Be("""{"address":"0x00000000000000000000000000000000000AcC00","balance":0,"stake":0,"kept":false,"tickets":0}""");
        (await empty.Api.GetAsync($"/accounts/{Nobody}/tickets")).GetRawText().Should().Be("""{"items":[],"next":null}""");
        (await empty.Api.GetAsync($"/accounts/{Nobody}/transactions?pending=true")).GetRawText().Should().Be("""{"items":[],"next":null}""");
    }

    [Fact]
    public async Task What_waits_is_shown_when_asked_for()
    {
        using var concert = await Concert.StartAsync();
        await concert.BuyAsync(concert.Bob, concert.Tickets[0]);
        var path = $"/accounts/{concert.Bob.Id}";

        (await concert.Api.GetAsync(path)).GetProperty("balance").GetInt64().Should().Be(100_000);
        (await concert.Api.GetAsync($"{path}?pending=true")).GetProperty("balance").GetInt64().Should().Be(95_000);
        (await concert.Api.GetAsync($"{path}?pending=true")).GetProperty("tickets").GetInt32().Should().Be(1);
        (await concert.Api.GetAsync($"{path}/tickets")).GetProperty("items").GetArrayLength().Should().Be(0);
        (await concert.Api.GetAsync($"{path}/tickets?pending=true")).GetProperty("items")[0].GetProperty("status").GetString().Should().Be("sold");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Tickets_come_in_pages_of_any_size_in_the_order_of_their_ids(int limit)
    {
        using var concert = await Concert.StartAsync(seats: 7);

        var tickets = await concert.Api.GetAllAsync($"/accounts/{concert.Organiser.Id}/tickets", limit);

        tickets.Select(ticket => ticket.GetProperty("id").GetString()).Should().Equal(concert.Tickets.Order(StringComparer.Ordinal));
        tickets[0].GetProperty("confirmations").GetInt64().Should().Be(1);
    }

    // S0.13
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task Transactions_that_it_sent_or_that_changed_its_coins_or_tickets_come_newest_first(int limit)
    {
        using var concert = await Concert.StartAsync();
        var ticket = concert.Tickets[0];
        await concert.BuyAsync(concert.Bob, ticket);
        await concert.SealAsync();
        await concert.ListAsync(concert.Bob, ticket, 5500);
        await concert.BuyAsync(concert.Alice, ticket);
        await concert.SealAsync();
        await concert.RedeemAsync(ticket);
        await concert.Api.PostAsync("/transactions", concert.Alice, "transfer", new { recipient = concert.Bob.Id, amount = 7 });
        var path = $"/accounts/{concert.Bob.Id}/transactions";

        var confirmed = await concert.Api.GetAllAsync(path, limit);
        var all = await concert.Api.GetAllAsync($"{path}?pending=true", limit);

        Types(confirmed).Should().Equal("purchase_ticket", "list_ticket", "purchase_ticket", "top_up");
        confirmed.Select(one => one.GetProperty("block_index").GetInt64()).Should().Equal(3, 3, 2, 1);
        confirmed.Select(one => one.GetProperty("status").GetString()).Should().AllBe("confirmed");
        Types(all).Should().Equal("transfer", "purchase_ticket", "list_ticket", "purchase_ticket", "top_up");
        all[0].GetProperty("status").GetString().Should().Be("pending");
        all[0].GetProperty("block_index").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(300)]
    public async Task Long_lists_are_read_to_their_end_waiting_and_confirmed(int limit)
    {
        using var node = new NodeFactory();
        using var rich = Wallet.ExchangeAuthority();
        var recipient = node.OwnAccount("recipient");
        var blocks = limit == 1 ? 2 : 4;
        for (var block = 0; block < blocks; block++)
        {
            var lines = Enumerable.Range(0, limit == 1 ? 5 : 70).Select(i => rich.Sign("top_up", new { recipient = recipient.Id, amount = 1, reference = $"{block}-{i}" }, node.Clock.Now));
            using var batch = new StringContent(string.Join('\n', lines), null, "application/x-ndjson");
            (await node.Api.Http.PostAsync("/transactions/batch", batch)).StatusCode.Should().Be(HttpStatusCode.OK);
            if (block < blocks - 1) await node.SealAsync();
        }

        var all = await node.Api.GetAllAsync($"/accounts/{recipient.Id}/transactions?pending=true", limit);

        var references = all.Select(one => one.GetProperty("payload").GetProperty("reference").GetString()).ToArray();
        references.Should().OnlyHaveUniqueItems().And.HaveCount(blocks * (limit == 1 ? 5 : 70));
        all.Select(one => one.GetProperty("block_index")).Select(index => index.ValueKind == JsonValueKind.Null ? long.MaxValue : index.GetInt64()).Should().BeInDescendingOrder();
    }

    [Fact]
    public async Task A_page_ends_early_when_its_transactions_are_large_and_loses_none()
    {
        using var node = new NodeFactory();
        var writer = node.OwnAccount("writer");
        // 4 KiB of data each: 1,000 of them and more fit into 4 MiB, 1,100 do not.
        var filler = new string('x', 4_000);
        for (var batch = 0; batch < 2; batch++)
        {
            var lines = Enumerable.Range(0, 550).Select(i => writer.Sign("record", new { data = $"{batch}-{i}-{filler}" }, node.Clock.Now));
            using var body = new StringContent(string.Join('\n', lines), null, "application/x-ndjson");
            (await node.Api.Http.PostAsync("/transactions/batch", body)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        using var first = await node.Api.Http.GetAsync($"/accounts/{writer.Id}/transactions?pending=true&limit=1000");
        var text = await first.Content.ReadAsStringAsync();

        text.Length.Should().BeLessThan((4 * 1024 * 1024) + 100).And.BeGreaterThan(3 * 1024 * 1024);
        var page = JsonDocument.Parse(text).RootElement;
        var rest = await node.Api.GetAsync($"/accounts/{writer.Id}/transactions?pending=true&limit=1000&after={page.GetProperty("next").GetString()}");
        (page.GetProperty("items").GetArrayLength() + rest.GetProperty("items").GetArrayLength()).Should().Be(1_100);
        rest.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("0x00000000000000000000000000000000000ACC00")] // wrong checksum
    [InlineData("0X00000000000000000000000000000000000acc00")]
    [InlineData("00000000000000000000000000000000000acc00")]
    [InlineData("0x00000000000000000000000000000000000acc0")]
    [InlineData("0x00000000000000000000000000000000000acc0g")]
    public async Task A_malformed_address_is_refused(string address)
    {
        foreach (var path in new[] { "", "/tickets", "/transactions" })
            await empty.Api.GetRefusedAsync($"/accounts/{address}{path}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Theory]
    [InlineData("tickets?limit=0")]
    [InlineData("tickets?limit=1001")]
    [InlineData("tickets?after=AAAAAAAAAAU")] // of another list
    [InlineData("tickets?pending=1")]
    [InlineData("transactions?limit=0")]
    [InlineData("transactions?limit=1001")]
    [InlineData("transactions?after=AAAAAAAAAAU")]
    [InlineData("transactions?pending=1")]
    [InlineData("?pending=1")]
    public async Task A_query_is_taken_as_it_says_or_refused(string query)
    {
        await empty.Api.GetRefusedAsync($"/accounts/0x00000000000000000000000000000000000acc00/{query}".Replace("/?", "?", StringComparison.Ordinal), HttpStatusCode.BadRequest, "invalid_field");
    }

    private static IEnumerable<string?> Types(IEnumerable<JsonElement> transactions) => transactions.Select(one => one.GetProperty("payload").GetProperty("type").GetString());
}
