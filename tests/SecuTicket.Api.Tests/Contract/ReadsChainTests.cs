using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Accounts;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Tickets;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsChainTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    // No work to show, so that many blocks cost nothing; the chain id is the built-in one's, so that wallets sign for it.
    private const string EasySpec =
        """{"chain_id":"secuticket-dev","currency":"EUR","engine":"proof-of-work","genesis_time":1767225600000,"proof_of_work":{"difficulty":0},"reward":1}""";

    // S2.5
    [Fact]
    public async Task A_new_chain_is_its_genesis_and_counts_it()
    {
        using var node = new NodeFactory();

        var chain = await node.Api.GetAsync("/chain");

        chain.GetProperty("length").GetInt64().Should().Be(1);
        chain.GetProperty("weight").GetString().Should().Be("0");
        chain.GetProperty("tip").GetString().Should().Be(DevelopmentChain.Spec.Genesis.Hash.ToString());
        chain.GetProperty("next_from").ValueKind.Should().Be(JsonValueKind.Null);
        chain.GetProperty("chain").EnumerateArray().Single().GetRawText().Should().Be(JsonSerializer.Serialize(new
        {
            index = 0,
            hash = DevelopmentChain.Spec.Genesis.Hash.ToString(),
            previous_hash = DevelopmentChain.Spec.Hash.ToString(),
            timestamp = "2026-01-01T00:00:00.000Z",
            nonce = 0,
            difficulty = 0,
            transactions_root = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            sealer = "0x0000000000000000000000000000000000000000",
            transactions = Array.Empty<object>(),
            final = true,
        }));
    }

    [Fact]
    public async Task A_block_never_changes_however_it_is_asked_for_and_whatever_follows()
    {
        using var concert = await Concert.StartAsync();
        var first = (await concert.Api.GetAsync("/chain/blocks/1")).GetRawText();
        var hash = JsonDocument.Parse(first).RootElement.GetProperty("hash").GetString();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.SealAsync();

        (await concert.Api.GetAsync("/chain/blocks/1")).GetRawText().Should().Be(first);
        (await concert.Api.GetAsync($"/chain/blocks/{hash}")).GetRawText().Should().Be(first);
        (await concert.Api.GetAsync("/chain")).GetProperty("chain")[1].GetRawText().Should().Be(first);
        (await concert.Api.GetAsync("/chain?from=1&limit=1")).GetProperty("chain")[0].GetRawText().Should().Be(first);
    }

    [Fact]
    public async Task A_block_holds_what_was_signed_byte_for_byte()
    {
        using var concert = await Concert.StartAsync();

        var block = await concert.Api.GetAsync("/chain/blocks/1");

        var transactions = block.GetProperty("transactions").EnumerateArray().ToArray();
        transactions.Select(one => one.GetProperty("payload").GetProperty("type").GetString()).Should().Equal("reward", "top_up", "top_up", "top_up", "create_event", "issue_tickets");
        foreach (var one in transactions)
        {
            one.EnumerateObject().Select(field => field.Name).Should().Equal("transaction_id", "payload", "signatures");
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(one.GetProperty("payload").GetRawText()))).Should().Be(one.GetProperty("transaction_id").GetString());
        }

        transactions[0].GetProperty("signatures").GetArrayLength().Should().Be(0);
        transactions[1].GetProperty("signatures")[0].EnumerateObject().Select(field => field.Name).Should().Equal("scheme", "public_key", "signature");
        block.GetProperty("hash").GetString().Should().StartWith("0000");
        block.GetProperty("sealer").GetString().Should().Be(concert.Node.Node.Self.ToString());
    }

    [Fact]
    public async Task A_block_that_does_not_exist_is_not_found_and_a_malformed_name_refused()
    {
        foreach (var unknown in new[] { "1", "9007199254740991", new string('0', 64) })
            await empty.Api.GetRefusedAsync($"/chain/blocks/{unknown}", HttpStatusCode.NotFound, "not_found");
        foreach (var malformed in new[] { "-1", "00", "01", "+1", "1.0", "x", "9007199254740992", new string('0', 63), new string('A', 64) })
            await empty.Api.GetRefusedAsync($"/chain/blocks/{malformed}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Theory]
    [InlineData("/chain", "chain")]
    [InlineData("/chain/headers", "headers")]
    public async Task A_part_of_the_chain_is_read_from_where_it_is_asked_for_or_its_end(string path, string items)
    {
        using var node = new NodeFactory();
        for (var i = 0; i < 4; i++) await node.SealAsync();

        await PartAsync("", [0, 1, 2, 3, 4], null);
        await PartAsync("?limit=2", [3, 4], null);
        await PartAsync("?limit=5", [0, 1, 2, 3, 4], null);
        await PartAsync("?from=0", [0, 1, 2, 3, 4], null);
        await PartAsync("?from=0&limit=2", [0, 1], 2);
        await PartAsync("?from=2&limit=2", [2, 3], 4);
        await PartAsync("?from=3&limit=2", [3, 4], null);
        await PartAsync("?from=4&limit=2", [4], null);
        await PartAsync("?from=5", [], null);
        await PartAsync("?from=9007199254740991", [], null);

        async Task PartAsync(string query, long[] indexes, long? nextFrom)
        {
            var part = await node.Api.GetAsync($"{path}{query}");
            part.GetProperty(items).EnumerateArray().Select(block => block.GetProperty("index").GetInt64()).Should().Equal(indexes, query);
            (part.GetProperty("next_from") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : (long?)null).Should().Be(nextFrom, query);
            part.GetProperty("length").GetInt64().Should().Be(5);
            part.GetProperty("weight").GetString().Should().Be("262144");
            part.GetProperty("tip").GetString().Should().Be(node.Node.Snapshot.Tip.Hash.ToString());
        }
    }

    [Fact]
    public async Task Without_a_limit_the_latest_hundred_are_answered()
    {
        using var node = new NodeFactory(spec: EasySpec);
        for (var i = 0; i < 101; i++) await node.SealAsync();

        var blocks = (await node.Api.GetAsync("/chain")).GetProperty("chain");
        var headers = (await node.Api.GetAsync("/chain/headers")).GetProperty("headers");

        foreach (var part in new[] { blocks, headers })
        {
            part.GetArrayLength().Should().Be(100);
            part[0].GetProperty("index").GetInt64().Should().Be(2);
            part[99].GetProperty("index").GetInt64().Should().Be(101);
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("from=-1")]
    [InlineData("from=00")]
    [InlineData("from=9007199254740992")]
    [InlineData("from=first")]
    [InlineData("from=0&from=1")]
    public async Task A_query_is_taken_as_it_says_or_refused(string query)
    {
        await empty.Api.GetRefusedAsync($"/chain?{query}", HttpStatusCode.BadRequest, "invalid_field");
        await empty.Api.GetRefusedAsync($"/chain/headers?{query}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public async Task A_header_is_the_preimage_of_its_hash_and_links_to_the_one_before()
    {
        using var node = new NodeFactory();
        await node.SealAsync();
        await node.SealAsync();

        var headers = (await node.Api.GetAsync("/chain/headers")).GetProperty("headers").EnumerateArray().ToArray();

        for (var i = 0; i < headers.Length; i++)
        {
            var bytes = Convert.FromHexString(headers[i].GetProperty("header").GetString()!);
            bytes.Should().HaveCount(180);
            Convert.ToHexStringLower(SHA256.HashData(bytes)).Should().Be(headers[i].GetProperty("hash").GetString());
            if (i > 0) headers[i].GetProperty("previous_hash").GetString().Should().Be(headers[i - 1].GetProperty("hash").GetString());
            headers[i].TryGetProperty("seal", out _).Should().BeFalse();
        }
    }

    [Fact]
    public async Task Genesis_names_the_hash_of_the_specification_as_it_is_answered()
    {
        using var node = new NodeFactory();

        var spec = await node.Api.Http.GetByteArrayAsync("/chain/spec");

        Convert.ToHexStringLower(SHA256.HashData(spec)).Should().Be((await node.Api.GetAsync("/chain/blocks/0")).GetProperty("previous_hash").GetString());
        JsonDocument.Parse(spec).RootElement.GetProperty("chain_id").GetString().Should().Be("secuticket-dev");
    }

    [Fact]
    public async Task An_answer_stays_below_4_MiB_and_says_where_to_read_on()
    {
        using var node = new NodeFactory(spec: EasySpec);
        await FillAsync(node, blocks: 4);

        var indexes = new List<long>();
        long? from = 0;
        while (from is not null)
        {
            var text = await node.Api.Http.GetStringAsync($"/chain?from={from}&limit=1000");
            text.Length.Should().BeLessThanOrEqualTo(4 * 1024 * 1024);
            var part = JsonDocument.Parse(text).RootElement;
            indexes.AddRange(part.GetProperty("chain").EnumerateArray().Select(block => block.GetProperty("index").GetInt64()));
            from = part.GetProperty("next_from") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        indexes.Should().Equal(0, 1, 2, 3, 4);
        var latest = await node.Api.Http.GetStringAsync("/chain");
        latest.Length.Should().BeLessThanOrEqualTo(4 * 1024 * 1024);
        JsonDocument.Parse(latest).RootElement.GetProperty("chain").EnumerateArray().Select(block => block.GetProperty("index").GetInt64()).Should().HaveCountGreaterThan(0).And.EndWith(4).And.NotContain(1);
    }

    [Fact]
    public async Task The_size_of_a_block_in_an_answer_is_never_underestimated()
    {
        using var concert = await Concert.StartAsync();
        await FillAsync(concert.Node, blocks: 1, each: 10);
        await concert.Api.PostAsync("/transactions", concert.Organiser, "sell_ticket", new { ticket_id = concert.Tickets[0], recipient = concert.Bob.Id });
        await concert.SealAsync();
        var reader = new ChainReader(concert.Node.Node.Store, concert.Node.Node.Spec, concert.Node.Node.Snapshot);

        foreach (var block in reader.ReadBlocks(0, 10).Value.Items)
        {
            var answered = JsonSerializer.SerializeToUtf8Bytes(BlockContract.Of(block), ApiJson.Default.BlockContract).Length;
            ChainReader.SizeOf(block).Should().BeGreaterThanOrEqualTo(answered + 1).And.BeLessThan((answered * 12 / 10) + 640);
        }
    }

    [Fact]
    public async Task An_answer_shows_one_moment_also_when_the_store_is_a_block_ahead()
    {
        using var concert = await Concert.StartAsync();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        var before = concert.Node.Node.Snapshot;
        await concert.SealAsync();
        var store = concert.Node.Node.Store;

        var blocks = new ChainReader(store, concert.Node.Node.Spec, before).ReadBlocks(0, 100).Value;
        var latest = new ChainReader(store, concert.Node.Node.Spec, before).ReadBlocks(null, 100).Value;
        TicketId.TryParse(concert.Tickets[0], out var ticket).Should().BeTrue();
        var waiting = new TicketHistory(store, new LedgerView(before, true)).Read(ticket, 100, null).Items;
        var confirmed = new TicketHistory(store, new LedgerView(before, false)).Read(ticket, 100, null).Items;
        var account = new AccountHistory(store, new LedgerView(before, true)).Read(concert.Alice.Address, 100, null).Items;

        blocks.Items.Should().HaveCount(2);
        blocks.NextFrom.Should().BeNull();
        latest.Items.Should().HaveCount(2);
        waiting.Select(change => change.BlockIndex).Should().Equal(1, null);
        confirmed.Select(change => change.BlockIndex).Should().Equal(1);
        account.Select(one => one.BlockIndex).Should().Equal(null, 1);
    }

    // S3.2
    [Fact]
    public async Task Validation_checks_what_is_stored_and_a_lone_genesis_is_valid()
    {
        using var node = new NodeFactory();
        (await node.Api.GetAsync("/chain/validate")).GetRawText().Should().Be("""{"valid":true,"length":1}""");
        await node.SealAsync();
        await node.SealAsync();

        (await node.Api.GetAsync("/chain/validate")).GetRawText().Should().Be("""{"valid":true,"length":3}""");
        var together = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.Api.GetAsync("/chain/validate")));
        together.Should().OnlyContain(found => found.GetProperty("valid").GetBoolean());
    }

    // S3.3
    [Fact]
    public async Task Tampering_is_located_by_validation_and_never_answers_500()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-").FullName;
        try
        {
            using var concert = await Concert.StartAsync(node: new NodeFactory(folder: folder));
            await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
            await concert.SealAsync();
            StoredLedger.Overwrite(folder, "UPDATE block SET body = zeroblob(length(body)) WHERE block_index = 2");

            var found = await concert.Api.GetAsync("/chain/validate");

            found.GetProperty("valid").GetBoolean().Should().BeFalse();
            found.GetProperty("first_invalid_index").GetInt64().Should().Be(2);
            found.GetProperty("code").GetString().Should().NotBeNullOrWhiteSpace();
            found.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace();
            found.TryGetProperty("length", out _).Should().BeFalse();
            foreach (var path in new[] { "/chain", "/chain/blocks/2", $"/accounts/{concert.Alice.Id}/transactions" })
                await concert.Api.GetRefusedAsync(path, HttpStatusCode.ServiceUnavailable, "storage_failed");
            (await concert.Api.GetAsync("/chain/blocks/1")).GetProperty("index").GetInt64().Should().Be(1);
            (await concert.Api.GetAsync("/chain?from=0&limit=2")).GetProperty("chain").GetArrayLength().Should().Be(2);

            StoredLedger.Overwrite(folder, "UPDATE block SET header = zeroblob(length(header)) WHERE block_index = 1");
            await concert.Api.GetRefusedAsync("/chain/headers", HttpStatusCode.ServiceUnavailable, "storage_failed");
            (await concert.Api.GetAsync("/chain/validate")).GetProperty("first_invalid_index").GetInt64().Should().Be(1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(NodeFactory node, int blocks, int each = 400)
    {
        var writer = node.OwnAccount("writer");
        for (var block = 0; block < blocks; block++)
        {
            var lines = Enumerable.Range(0, each).Select(i => writer.Sign("record", new { data = new string((char)('a' + (i % 26)), 4_000) }, node.Clock.Now));
            using var batch = new StringContent(string.Join('\n', lines), null, "application/x-ndjson");
            (await node.Api.Http.PostAsync("/transactions/batch", batch)).StatusCode.Should().Be(HttpStatusCode.OK);
            await node.SealAsync();
        }
    }
}
