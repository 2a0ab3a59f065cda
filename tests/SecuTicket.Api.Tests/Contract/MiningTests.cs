using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

public sealed class MiningTests
{
    [Fact] // S2.4, S2.5
    public async Task Mining_forges_a_block_of_what_waits_and_answers_exactly_what_the_contract_says()
    {
        using var node = new NodeFactory();
        var (fan, miner) = (node.KeepAccount(), node.OwnAccount("miner"));
        await node.TopUpAsync(fan, 500);

        var forged = await node.Api.PostAsync($"/mine?miner={miner.Id}", "{}", HttpStatusCode.OK);

        forged.EnumerateObject().Select(property => property.Name).Should().Equal("message", "index", "hash", "previous_hash", "nonce", "difficulty", "transactions", "reward");
        var tip = node.Node.Snapshot.Tip;
        forged.GetProperty("message").GetString().Should().Be("New block forged");
        forged.GetProperty("index").GetInt64().Should().Be(1);
        forged.GetProperty("hash").GetString().Should().Be(tip.Hash.ToString()).And.StartWith("0000");
        forged.GetProperty("previous_hash").GetString().Should().Be(node.Node.Spec.Genesis.Hash.ToString());
        forged.GetProperty("nonce").GetInt64().Should().Be(tip.Nonce);
        forged.GetProperty("difficulty").GetInt64().Should().Be(16);
        forged.GetProperty("reward").GetInt64().Should().Be(100);
        var (reward, topUp) = (forged.GetProperty("transactions")[0], forged.GetProperty("transactions")[1]);
        reward.GetProperty("payload").GetProperty("recipient").GetString().Should().Be(miner.Id);
        reward.GetProperty("signatures").GetArrayLength().Should().Be(0);
        topUp.GetProperty("payload").GetProperty("type").GetString().Should().Be("top_up");
        topUp.GetProperty("signatures")[0].GetProperty("scheme").GetString().Should().Be("p256");
        topUp.GetProperty("transaction_id").GetString().Should().Be(Core.Primitives.Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(topUp.GetProperty("payload").GetRawText())).ToString(), "the payload is shown as it was signed");
        node.Node.Snapshot.Chain.Ledger.BalanceOf(miner.Address).Should().Be(100);
        node.Node.Snapshot.Pending.Count.Should().Be(0);
    }

    [Fact]
    public async Task Get_does_the_same_and_an_empty_block_holds_the_reward_alone()
    {
        using var node = new NodeFactory();

        var first = await node.Api.GetAsync("/mine");
        using var answer = await node.Api.SendAsync(HttpMethod.Post, "/mine", null);
        var second = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        first.GetProperty("transactions").GetArrayLength().Should().Be(1);
        second.GetProperty("index").GetInt64().Should().Be(2);
        second.GetProperty("previous_hash").GetString().Should().Be(first.GetProperty("hash").GetString());
        node.Node.Snapshot.Chain.Ledger.BalanceOf(node.Node.Self).Should().Be(200);
    }

    [Fact]
    public async Task Who_asks_at_once_gets_a_block_each()
    {
        using var node = new NodeFactory();

        var forged = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.Api.GetAsync("/mine")));

        forged.Select(block => block.GetProperty("index").GetInt64()).Should().BeEquivalentTo(Enumerable.Range(1, 8));
    }

    [Fact]
    public async Task What_is_malformed_or_not_an_administrators_is_refused()
    {
        using var node = new NodeFactory();

        await node.Api.PostRefusedAsync("/mine", """{"miner":1}""", HttpStatusCode.BadRequest, "unknown_field");
        await node.Api.PostRefusedAsync("/mine", "[]", HttpStatusCode.BadRequest, "malformed_json");
        await node.Api.PostRefusedAsync("/mine?miner=me", "{}", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.GetRefusedAsync($"/mine?miner={node.OwnAccount("a").Id}&miner={node.OwnAccount("b").Id}", HttpStatusCode.BadRequest, "invalid_field");
        using (var foreign = await node.Api.SendAsync(HttpMethod.Post, "/mine", null, ("Origin", "https://elsewhere.example")))
            await foreign.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "admin_only");
        node.Remote = IPAddress.Parse("203.0.113.9");
        await node.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Forbidden, "admin_only");
        await node.Api.GetRefusedAsync("/mine", HttpStatusCode.Forbidden, "admin_only");
        node.Node.Snapshot.Tip.Index.Should().Be(0);
    }

    [Fact]
    public async Task A_chain_that_names_its_sealers_takes_no_block_of_others()
    {
        using var folder = new SpecFolder(SpecFolder.Effortless.Replace("\"reward\":0", $"\"reward\":0,\"sealers\":[\"{Core.Specification.DevelopmentChain.Spec.ExchangeAuthorities[0]}\"]", StringComparison.Ordinal));
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);

        await node.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Forbidden, "not_sealer");
    }

    [Fact] // S3.1, S3.2
    public async Task The_chain_is_listed_with_its_length_and_whether_it_is_valid()
    {
        using var node = new NodeFactory();
        var alone = await node.Api.GetAsync("/blocks");
        await node.TopUpAsync(node.KeepAccount(), 5);
        await node.SealAsync();

        var blocks = await node.Api.GetAsync("/blocks");
        var alias = await node.Api.GetAsync("/blockchain");

        alone.GetProperty("length").GetInt64().Should().Be(1);
        alone.GetProperty("valid").GetBoolean().Should().BeTrue("a lone genesis is valid");
        blocks.EnumerateObject().Select(property => property.Name).Should().Equal("blockchain", "length", "valid", "message");
        blocks.GetProperty("length").GetInt64().Should().Be(2);
        blocks.GetProperty("valid").GetBoolean().Should().BeTrue();
        blocks.GetProperty("message").GetString().Should().Be("Chain is valid.");
        alias.GetRawText().Should().Be(blocks.GetRawText());
        var block = blocks.GetProperty("blockchain")[1];
        block.EnumerateObject().Select(property => property.Name)
            .Should().Equal("index", "hash", "previous_hash", "timestamp", "nonce", "difficulty", "transactions_root", "sealer", "transactions", "final");
        block.GetProperty("previous_hash").GetString().Should().Be(blocks.GetProperty("blockchain")[0].GetProperty("hash").GetString());
        block.GetProperty("timestamp").GetString().Should().Be("2027-06-15T18:00:00.000Z");
        block.GetProperty("sealer").GetString().Should().Be(node.Node.Self.ToString());
    }

    [Fact] // S3.3
    public async Task A_chain_changed_on_the_disk_is_said_to_be_invalid()
    {
        using var node = new NodeFactory();
        for (var i = 0; i < 3; i++) await node.SealAsync();
        Tamper.WithBlock(node.Folder, index: 2);

        var blocks = await node.Api.GetAsync("/blocks");

        blocks.GetProperty("valid").GetBoolean().Should().BeFalse();
        blocks.GetProperty("message").GetString().Should().Be("Chain is not valid.");
        blocks.GetProperty("length").GetInt64().Should().Be(4);
        blocks.GetProperty("blockchain").EnumerateArray().Select(block => block.GetProperty("index").GetInt32()).Should().Equal([3], "what follows the damage can be read");
    }

    [Fact]
    public async Task At_most_the_latest_hundred_blocks_are_listed()
    {
        using var folder = new SpecFolder(SpecFolder.Effortless);
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);
        for (var i = 0; i < 101; i++) await node.SealAsync();

        var blocks = await node.Api.GetAsync("/blocks");

        blocks.GetProperty("length").GetInt64().Should().Be(102);
        blocks.GetProperty("blockchain").EnumerateArray().Select(block => block.GetProperty("index").GetInt32()).Should().Equal(Enumerable.Range(2, 100));
    }

    [Fact]
    public async Task At_most_four_mebibytes_are_listed_the_latest_ones()
    {
        using var folder = new SpecFolder(SpecFolder.Effortless);
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);
        var own = node.Services.GetRequiredService<OwnTransactions>();
        var data = new JsonMember("data", JsonValue.Of(new string('x', 4_000)));
        for (var i = 0; i < 6; i++)
        {
            var records = Enumerable.Range(0, 200).Select(_ => own.Make(node.Node.Self, "record", data).Value).ToArray();
            (await node.Node.SubmitAsync(records)).Value.Should().OnlyContain(submission => submission.Refusal == null);
            await node.SealAsync();
        }

        using var answer = await node.Api.Http.GetAsync("/blocks");
        var text = await answer.Content.ReadAsStringAsync();

        text.Length.Should().BeInRange(3 * 1024 * 1024, 4 * 1024 * 1024);
        var indexes = JsonDocument.Parse(text).RootElement.GetProperty("blockchain").EnumerateArray().Select(block => block.GetProperty("index").GetInt32()).ToArray();
        indexes.Should().BeInAscendingOrder().And.EndWith(6).And.NotContain(1);
    }

    [Fact]
    public async Task Data_is_put_in_a_block_as_a_record_of_the_node()
    {
        using var node = new NodeFactory();

        var answer = await node.Api.PostAsync("/blocks", """{"data":{"note":"hello","n":1}}""", HttpStatusCode.OK);
        using var empty = await node.Api.SendAsync(HttpMethod.Post, "/blocks", null);

        answer.EnumerateObject().Select(property => property.Name).Should().Equal("message", "block");
        var record = answer.GetProperty("block").GetProperty("transactions")[1];
        record.GetProperty("payload").GetProperty("type").GetString().Should().Be("record");
        record.GetProperty("payload").GetProperty("sender").GetString().Should().Be(node.Node.Self.ToString());
        record.GetProperty("payload").GetProperty("data").GetRawText().Should().Be("""{"n":1,"note":"hello"}""");
        empty.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonDocument.Parse(await empty.Content.ReadAsStringAsync()).RootElement.GetProperty("block").GetProperty("transactions").GetArrayLength().Should().Be(1);
        (await node.Api.GetAsync("/blocks")).GetProperty("valid").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task The_block_answered_is_the_one_with_the_data_also_while_blocks_are_made_by_themselves()
    {
        using var node = new NodeFactory(settings: [("Mining:Enabled", "true"), ("Mining:MinPending", "1"), ("Mining:MinSpacing", "00:00:00")]);

        for (var i = 0; i < 5; i++)
        {
            var answer = await node.Api.PostAsync("/blocks", $$$"""{"data":{"number":{{{i}}}}}""", HttpStatusCode.OK);
            answer.GetProperty("block").GetProperty("transactions").EnumerateArray().Select(transaction => transaction.GetProperty("payload").GetRawText())
                .Should().Contain(payload => payload.Contains($"\"number\":{i}"));
        }
    }

    [Fact]
    public async Task Data_that_can_not_be_recorded_makes_no_block()
    {
        using var node = new NodeFactory();

        await node.Api.PostRefusedAsync("/blocks", """{"data":1}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/blocks", """{"data":{"a":0.5}}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/blocks", """{"data":{},"miner":"me"}""", HttpStatusCode.BadRequest, "unknown_field");
        await node.Api.PostRefusedAsync("/blocks", $$$"""{"data":{"a":"{{{new string('x', 4_096)}}}"}}""", HttpStatusCode.BadRequest, "invalid_field");
        node.Remote = IPAddress.Parse("203.0.113.9");
        await node.Api.PostRefusedAsync("/blocks", "{}", HttpStatusCode.Forbidden, "admin_only");
        (await node.Api.GetAsync("/blocks")).GetProperty("length").GetInt64().Should().Be(1, "anyone may look");
    }
}
