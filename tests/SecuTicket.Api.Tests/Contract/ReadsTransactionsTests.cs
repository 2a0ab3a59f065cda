using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsTransactionsTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    [Fact]
    public async Task A_transaction_shows_what_was_signed_byte_for_byte_and_what_became_of_it()
    {
        using var concert = await Concert.StartAsync();
        var signed = concert.Bob.Sign("transfer", new { recipient = concert.Alice.Id.ToLowerInvariant(), amount = 1 }, concert.Node.Clock.Now);
        var id = (await concert.Api.PostAsync("/transactions", signed)).GetProperty("transaction_id").GetString()!;

        var waiting = await concert.Api.GetAsync($"/transactions/{id}");
        await concert.SealAsync();
        var confirmed = await concert.Api.GetAsync($"/transactions/{id}");

        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(waiting.GetProperty("payload").GetRawText()))).Should().Be(id);
        waiting.GetProperty("transaction_id").GetString().Should().Be(id);
        waiting.GetProperty("status").GetString().Should().Be("pending");
        waiting.GetProperty("block_index").ValueKind.Should().Be(JsonValueKind.Null);
        waiting.TryGetProperty("code", out _).Should().BeFalse();
        var signature = waiting.GetProperty("signatures").EnumerateArray().Single();
        signature.GetRawText().Should().Be($$"""{"scheme":"p256","public_key":"{{Text(signed, "public_key")}}","signature":"{{Text(signed, "signature")}}"}""");
        confirmed.GetProperty("status").GetString().Should().Be("confirmed");
        confirmed.GetProperty("block_index").GetInt64().Should().Be(2);
        confirmed.GetProperty("payload").GetRawText().Should().Be(waiting.GetProperty("payload").GetRawText());
    }

    [Fact]
    public async Task A_transaction_of_a_kept_account_shows_the_signature_that_the_node_made()
    {
        using var concert = await Concert.StartAsync();

        var created = await concert.Api.GetAsync($"/transactions/{concert.CreatedBy}");

        created.GetProperty("payload").GetProperty("type").GetString().Should().Be("create_event");
        created.GetProperty("payload").TryGetProperty("hmac", out _).Should().BeFalse();
        created.GetProperty("signatures").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_rejected_transaction_says_why_also_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-").FullName;
        try
        {
            string path;
            using (var node = new NodeFactory(folder: folder))
            {
                using var authority = Wallet.ExchangeAuthority();
                var posted = await node.Api.PostAsync(
                    "/transactions", authority, "top_up", new { recipient = authority.Id, amount = 1, reference = "r", valid_until = node.Clock.Now.AddMinutes(1).ToUnixTimeSeconds() });
                path = $"/transactions/{posted.GetProperty("transaction_id").GetString()}";
                node.Clock.Advance(TimeSpan.FromMinutes(2));
                await node.SealAsync();
                await RejectedAsync(node.Api, path);
            }

            using var again = new NodeFactory(folder: folder);
            await RejectedAsync(again.Api, path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_reward_is_a_transaction_without_signatures()
    {
        using var node = new NodeFactory();
        var block = await node.SealAsync();

        var reward = await node.Api.GetAsync($"/transactions/{block.Transactions[0].Id}");

        reward.GetProperty("payload").GetProperty("amount").GetInt64().Should().Be(100);
        reward.GetProperty("signatures").GetArrayLength().Should().Be(0);
        reward.GetProperty("block_index").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Malformed_ids_are_refused_and_unknown_ones_not_found()
    {
        await empty.Api.GetRefusedAsync($"/transactions/{new string('0', 64)}", HttpStatusCode.NotFound, "not_found");
        foreach (var malformed in new[] { "x", new string('0', 63), new string('0', 65), new string('A', 64), "0x" + new string('0', 62) })
            await empty.Api.GetRefusedAsync($"/transactions/{malformed}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Theory]
    [InlineData("/transactions/pending", 1)]
    [InlineData("/transactions/pending", 2)]
    [InlineData("/transactions/pending", 1000)]
    [InlineData("/transactionPool", 2)]
    public async Task What_waits_comes_in_the_order_of_admission_in_pages_of_any_size(string path, int limit)
    {
        using var node = new NodeFactory();
        var sender = node.OwnAccount("sender");
        (await node.Api.GetAsync(path)).GetRawText().Should().Be("""{"items":[],"next":null}""");
        for (var i = 0; i < 5; i++) await node.Api.PostAsync("/transactions", sender, "record", new { data = i });

        var waiting = await node.Api.GetAllAsync(path, limit);

        waiting.Select(one => one.GetProperty("payload").GetProperty("data").GetInt32()).Should().Equal(0, 1, 2, 3, 4);
        waiting.Should().OnlyContain(one => one.GetProperty("status").GetString() == "pending" && one.GetProperty("block_index").ValueKind == JsonValueKind.Null);
        await node.SealAsync();
        (await node.Api.GetAsync(path)).GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_page_of_what_waits_goes_on_after_what_was_confirmed_meanwhile()
    {
        using var node = new NodeFactory();
        var sender = node.OwnAccount("sender");
        for (var i = 0; i < 3; i++) await node.Api.PostAsync("/transactions", sender, "record", new { data = i });

        var first = await node.Api.GetAsync("/transactions/pending?limit=2");
        await node.SealAsync();
        await node.Api.PostAsync("/transactions", sender, "record", new { data = 3 });
        var second = await node.Api.GetAsync($"/transactions/pending?limit=2&after={first.GetProperty("next").GetString()}");

        second.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("payload").GetProperty("data").GetInt32()).Should().Equal(3);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=1.0")]
    [InlineData("after=__________8")] // −1
    [InlineData("after=AAAAAAAAAAAAAAAAAAAAAAAAAAE")] // of another list
    public async Task A_query_is_taken_as_it_says_or_refused(string query)
    {
        await empty.Api.GetRefusedAsync($"/transactions/pending?{query}", HttpStatusCode.BadRequest, "invalid_field");
        await empty.Api.GetRefusedAsync($"/transactionPool?{query}", HttpStatusCode.BadRequest, "invalid_field");
    }

    private static string Text(JsonValue signed, string name) => signed.Find("signatures")!.Items[0].Find(name)!.Text;

    private static async Task RejectedAsync(ApiClient api, string path)
    {
        var rejected = await api.GetAsync(path);
        rejected.GetProperty("status").GetString().Should().Be("rejected");
        rejected.GetProperty("code").GetString().Should().Be("expired");
        rejected.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace();
        rejected.GetProperty("block_index").ValueKind.Should().Be(JsonValueKind.Null);
        rejected.GetProperty("payload").GetProperty("reference").GetString().Should().Be("r");
    }
}
