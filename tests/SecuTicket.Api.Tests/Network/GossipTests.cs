using System.Net;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Network;

public sealed class GossipTests
{
    [Fact] // S2.9, S4.11, S4.13
    public async Task What_one_node_takes_reaches_all_without_anybody_asking()
    {
        using var first = new PeerNode();
        using var second = new PeerNode();
        using var third = new PeerNode();
        await second.RegisterAsync(first.Url);
        await third.RegisterAsync(first.Url);
        PeerNode[] all = [first, second, third];
        await first.UntilConnectedAsync(second);
        await first.UntilConnectedAsync(third);

        using var authority = Wallet.ExchangeAuthority();
        var posted = await second.Api.PostAsync("/transactions", authority, "top_up", new { recipient = authority.Id, amount = 5, reference = "r" });
        var id = Core.Primitives.Hash256.TryParse(posted.GetProperty("transaction_id").GetString(), out var read) ? read : default;
        foreach (var node in all) await PeerNode.UntilAsync(() => node.Node.Snapshot.Pending.ById.Contains(id), $"the transaction waits at {node.Url}");
        (await third.Api.GetAsync("/transactions/pending")).GetProperty("items")[0].GetProperty("transaction_id").GetString().Should().Be(id.ToString());

        var tip = await third.SealAsync();
        foreach (var node in all) await node.UntilTipAsync(tip);

        foreach (var node in all)
        {
            (await node.Api.GetAsync($"/transactions/{id}")).GetProperty("status").GetString().Should().Be("confirmed");
            (await node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
        }

        await second.UntilMeasuredAsync("secuticket_peer_blocks_total 1", "secuticket_peer_transactions_total 0");
        await first.UntilMeasuredAsync("secuticket_peer_blocks_total 1", "secuticket_peer_transactions_total 1");
    }

    [Fact] // S4.11
    public async Task Three_nodes_find_each_other_from_one_address()
    {
        using var first = new PeerNode();
        using var second = new PeerNode();
        await second.RegisterAsync(first.Url);
        await first.UntilConnectedAsync(second);

        using var third = new PeerNode(settings: [("Node:Peers:0", first.Url)]);

        await third.UntilConnectedAsync(second);
        await second.UntilConnectedAsync(third);
    }

    [Fact] // S2.8
    public async Task Resolving_takes_the_heavier_chain_and_says_what_it_fetched()
    {
        using var heavy = new PeerNode();
        for (var i = 0; i < 3; i++) await heavy.SealAsync();
        using var light = new PeerNode();
        await light.SealAsync();
        await light.RegisterAsync(heavy.Url);

        var answer = await light.ResolveAsync();

        answer.GetProperty("message").GetString().Should().Be("Our chain was replaced");
        answer.GetProperty("replaced").GetBoolean().Should().BeTrue();
        answer.GetProperty("length").GetInt64().Should().Be(4);
        answer.GetProperty("tip").GetString().Should().Be(heavy.Tip.ToString());
        answer.GetProperty("fetched").GetProperty("headers").GetInt64().Should().Be(3);
        answer.GetProperty("fetched").GetProperty("blocks").GetInt64().Should().Be(3);
        answer.GetProperty("fetched").GetProperty("bytes").GetInt64().Should().BeInRange(3 * 180, 3_000);

        foreach (var again in new[] { await light.Api.GetAsync("/miner/nodes/resolve"), await heavy.ResolveAsync() })
        {
            again.GetProperty("message").GetString().Should().Be("Our chain is authoritative");
            again.GetProperty("replaced").GetBoolean().Should().BeFalse();
            again.GetProperty("length").GetInt64().Should().Be(4);
            again.GetProperty("fetched").GetRawText().Should().Be("""{"headers":0,"blocks":0,"bytes":0}""");
        }

        await light.UntilMeasuredAsync("secuticket_reorganisations_total 1");
    }

    [Fact]
    public async Task One_block_more_costs_one_block()
    {
        using var one = new PeerNode();
        for (var i = 0; i < 5; i++) await one.SealAsync();
        using var other = new PeerNode();
        await other.RegisterAsync(one.Url);
        await other.ResolveAsync();
        using (var forgotten = await other.Api.SendAsync(HttpMethod.Delete, $"/nodes?node={one.Url}", null)) forgotten.StatusCode.Should().Be(HttpStatusCode.OK);
        await PeerNode.UntilAsync(() => other.Network.View.Connected == 0, "nobody tells the other of the next block");
        using (await one.Api.SendAsync(HttpMethod.Delete, $"/nodes?node={other.Url}", null))
        {
        }

        await one.SealAsync();
        await other.RegisterAsync(one.Url);
        var answer = await other.ResolveAsync();

        answer.GetProperty("replaced").GetBoolean().Should().BeTrue();
        answer.GetProperty("length").GetInt64().Should().Be(7);
        answer.GetProperty("fetched").GetProperty("headers").GetInt64().Should().Be(1);
        answer.GetProperty("fetched").GetProperty("blocks").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task At_equal_weight_each_keeps_what_it_saw_first_and_the_next_block_decides()
    {
        using var one = new PeerNode();
        using var other = new PeerNode();
        var (ours, theirs) = (await one.SealAsync(), await other.SealAsync());
        await one.RegisterAsync(other.Url);
        await other.UntilConnectedAsync(one);

        foreach (var node in new[] { one, other }) (await node.ResolveAsync()).GetProperty("replaced").GetBoolean().Should().BeFalse();
        one.Tip.Should().Be(ours);
        other.Tip.Should().Be(theirs);

        var next = await one.SealAsync();

        await other.UntilTipAsync(next);
        (await other.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
    }
}
