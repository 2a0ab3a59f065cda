using System.Net;
using System.Text.Json;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>The same transaction again is answered 200 with what became of it, however long ago, so a client may always retry.</summary>
public sealed class WritesAgainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_pending_then_confirmed_transaction_is_answered_with_its_present_status()
    {
        using var scenario = await WritesScenario.OpenAsync(areKept: true);
        var create = scenario.Sign(scenario.Organiser, "create_event", new { name = "Encore", venue = "Hall", sessions = new[] { new { date = "2028-01-01", time = "20:00" } } });
        var first = await scenario.Node.Api.PostAsync("/events", create);

        var waiting = await AgainAsync(scenario.Node, create);
        await scenario.Node.SealAsync();
        var done = await AgainAsync(scenario.Node, create);

        waiting.ToString().Should().Be(first.ToString(), "nothing has changed since");
        Show(done).Should().Be("confirmed 2 -");
        done.GetProperty("message").GetString().Should().Be("Transaction is in block 2");
        done.GetProperty("event_id").GetString().Should().Be(first.GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task The_index_of_a_pending_transaction_moves_on_with_the_chain()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Fan, "record", new { data = "first in the next block, unless that is made without it" });
        var (elsewhere, _) = await ForkAsync(scenario, _ => Task.CompletedTask);
        using (elsewhere)
        {
            await scenario.Node.Api.PostAsync("/transactions", body);
            var block = await elsewhere.SealAsync();
            (await scenario.Node.Node.OfferAsync([block.Block])).Value.Refusal.Should().BeNull();

            Show(await AgainAsync(scenario.Node, body)).Should().Be("pending 3 -");
        }
    }

    [Fact]
    public async Task What_a_block_from_elsewhere_made_impossible_is_answered_rejected_also_after_a_restart()
    {
        JsonValue loser;
        var node = new NodeFactory(folder: _folder);
        using (var scenario = await WritesScenario.OpenAsync(node: node))
        {
            var (elsewhere, other) = await ForkAsync(scenario, fork => fork.Api.PostAsync("/transactions", scenario.Other, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 }));
            using (elsewhere)
            {
                loser = scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 });
                await node.Api.PostAsync("/tickets/purchase", loser);
                var block = await elsewhere.SealAsync();
                (await node.Node.OfferAsync([block.Block])).Value.Refusal.Should().BeNull();

                var rejected = await AgainAsync(node, loser);
                Show(rejected).Should().Be("rejected - ticket_not_available");
                rejected.GetProperty("message").GetString().Should().StartWith("Transaction was rejected: Ticket ");
            }
        }

        using var restarted = new NodeFactory(folder: _folder);
        Show(await AgainAsync(restarted, loser)).Should().Be("rejected - ticket_not_available");
    }

    [Fact]
    public async Task What_ran_out_of_time_is_answered_rejected_and_what_was_confirmed_stays_so_long_after_both_expired()
    {
        JsonValue[] kept, expired;
        using (var node = new NodeFactory(folder: _folder))
        {
            using var scenario = await WritesScenario.OpenAsync(areKept: true, node: node);
            var now = node.Clock.Now.ToUnixTimeSeconds();
            kept = [scenario.Sign(scenario.Fan, "record", new { data = 1 }), scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 })];
            foreach (var body in kept) await node.Api.PostAsync("/transactions", body);
            await node.SealAsync();
            expired = [scenario.Sign(scenario.Fan, "record", new { data = 2, valid_until = now + 5 }), scenario.Sign(scenario.Fan, "return_ticket", new { ticket_id = scenario.Tickets[0], valid_until = now + 5 })];
            foreach (var body in expired) await node.Api.PostAsync("/transactions", body);
            await scenario.AdvanceAsync(TimeSpan.FromSeconds(7));

            foreach (var body in expired) Show(await AgainAsync(node, body)).Should().Be("rejected - expired");

            // Forgotten by the rules, which no longer need to remember them; not by the node.
            node.Clock.Advance(TimeSpan.FromDays(60));
            for (var i = 0; i < 11; i++) await node.SealAsync();
            await CheckAsync(node);
        }

        using var restarted = new NodeFactory(folder: _folder);
        restarted.Clock.Advance(TimeSpan.FromDays(90));
        await CheckAsync(restarted);

        async Task CheckAsync(NodeFactory node)
        {
            foreach (var body in kept) Show(await AgainAsync(node, body)).Should().Be("confirmed 2 -");
            foreach (var body in expired) Show(await AgainAsync(node, body)).Should().Be("rejected - expired");
        }
    }

    [Fact]
    public async Task A_pending_transaction_is_still_pending_after_a_restart_and_is_confirmed_then() // S3.4
    {
        JsonValue body;
        using (var node = new NodeFactory(folder: _folder))
        {
            using var scenario = await WritesScenario.OpenAsync(areKept: true, node: node);
            body = scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 });
            await node.Api.PostAsync("/transactions", body);
        }

        using var restarted = new NodeFactory(folder: _folder);
        Show(await AgainAsync(restarted, body)).Should().Be("pending 2 -");
        await restarted.SealAsync();
        Show(await AgainAsync(restarted, body)).Should().Be("confirmed 2 -");
    }

    [Fact]
    public async Task A_refused_transaction_is_forgotten_and_judged_anew()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Gate, "transfer", new { recipient = scenario.Fan.Id, amount = 10 });
        await scenario.PostRefusedAsync("/transactions", body, 422, "insufficient_funds");

        await scenario.PostAsync(scenario.Fan, "transfer", new { recipient = scenario.Gate.Id, amount = 10 });

        Show(await scenario.Node.Api.PostAsync("/transactions", body)).Should().Be("pending 2 -");
    }

    [Fact]
    public async Task A_known_transaction_still_needs_its_proof()
    {
        using var scenario = await WritesScenario.OpenAsync(areKept: true);
        var body = scenario.Sign(scenario.Fan, "record", new { data = 1 });
        await scenario.Node.Api.PostAsync("/transactions", body);

        await scenario.PostRefusedAsync("/transactions", body.With("hmac", JsonValue.Of(new string('0', 64))), 401, "signature_invalid");
        await scenario.PostRefusedAsync("/transactions", body.Without("hmac"), 401, "signature_missing");
    }

    [Fact]
    public async Task Sixty_four_at_once_make_one_transaction()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = scenario.Tickets[0], max_price = 5_000 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, "/tickets/purchase", body);
            return (answer.StatusCode, Json: JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).Should().Be(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).Should().Be(63);
        answers.Should().OnlyContain(answer => Show(answer.Json) == "pending 2 -");
        scenario.Snapshot.Pending.Count.Should().Be(1);
        scenario.BalanceOf(scenario.Fan).Should().Be(WritesScenario.Money - 5_000, "it was paid once");
    }

    private static Task<JsonElement> AgainAsync(NodeFactory node, JsonValue body) => node.Api.PostAsync("/transactions", body, HttpStatusCode.OK);

    private static string Show(JsonElement answer)
    {
        var index = answer.TryGetProperty("block_index", out var block) ? block.ToString() : "-";
        return $"{answer.GetProperty("status")} {index} {(answer.TryGetProperty("code", out var code) ? code : "-")}";
    }

    // Another node on the same chain, which has the first one's blocks and goes on by itself.
    private static async Task<(NodeFactory Node, Hash256 Tip)> ForkAsync(WritesScenario scenario, Func<NodeFactory, Task> then)
    {
        var fork = new NodeFactory();
        foreach (var stored in scenario.Node.Node.Store.ReadChain(1))
        {
            var block = Core.Blocks.Block.Decode(stored.Bytes.Span, int.MaxValue).Value;
            (await fork.Node.OfferAsync([block])).Value.Refusal.Should().BeNull();
        }

        await then(fork);
        return (fork, fork.Node.Snapshot.Tip.Hash);
    }
}
