using System.Globalization;
using SecuTicket.Api.Tests.Processes.Storm;
using SecuTicket.Node;
using Xunit.Abstractions;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>
/// Five real nodes, joined from one address, while fans buy and resell at all of them and nodes are killed, paused and cut off: when it is over they say the same, byte for byte,
/// and each kept its word. SECUTICKET_STORM_SECONDS makes the storm longer (and its troubles, up to 20 s each), SECUTICKET_STORM_SEED another one.
/// </summary>
[Trait("Length", "longer")]
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Size = 5;
    private const int AtOnce = 8;
    private const long Reward = 100;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(FromEnvironment("SECUTICKET_STORM_SECONDS", 8));
    private static readonly int Seed = FromEnvironment("SECUTICKET_STORM_SEED", 20261126);
    private static readonly TimeSpan LongestTrouble = TimeSpan.FromSeconds(Math.Clamp(Length.TotalSeconds / 5, 2.5, 20));

    // It takes a second or two; only on a machine that has better to do it takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [SkippableFact] // S2.8, S2.9, S4.11, S4.13
    public async Task Five_nodes_that_were_killed_paused_and_cut_off_end_on_one_chain_and_lost_nothing_they_acknowledged()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        Skip.IfNot(ConnectionOwner.IsTold, "This system does not say in /proc which process a connection belongs to, so that one node alone can not be cut off.");

        await using var cluster = new Cluster(Size);
        using var crowd = new Crowd(cluster.Nodes, Seed);
        var weather = new Weather(cluster, Seed, LongestTrouble);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(static node => node.StartAsync()));
            Say("started");
            await AllKnowEachOtherAsync(cluster.Nodes);
            await crowd.BeginAsync();
            await Agreement.OneTipAsync(cluster.Nodes, Patience);
            Say("joined");

            using (var over = new CancellationTokenSource())
            {
                var trading = Enumerable.Range(0, Size).Select(node => crowd.TradeAsync(node, over.Token)).ToArray();
                await weather.RunAsync(Length);
                await over.CancelAsync();
                await Task.WhenAll(trading);
            }

            Say("storm over");
            var tip = await Agreement.OneTipAsync(cluster.Nodes, Patience);
            Say($"one tip {tip}");
            crowd.Faults.Should().BeEmpty();
            weather.Counts.Keys.Should().Contain(["killed", "paused", "cut off", "made unheard"]);
            await EveryWordWasKeptAsync(cluster.Nodes, crowd);
            await ExportsAreEqualAsync(cluster.Nodes);
            var confirmed = await ConfirmedTopUpsAsync(cluster.Nodes[0], crowd);
            Say("answers compared");

            foreach (var node in cluster.Nodes) (await node.StopAsync()).Should().Be(0);
            LedgersAreEqual(cluster.Nodes, crowd, confirmed);
            Say("ledgers compared");
        }
        catch
        {
            output.WriteLine(cluster.LogTails());
            throw;
        }
        finally
        {
            output.WriteLine($"seed {Seed}\n{string.Join('\n', weather.Happened)}");
            output.WriteLine($"{crowd.Acknowledged.Count} acknowledged; {string.Join(", ", crowd.Answers.OrderByDescending(static one => one.Value).Select(static one => $"{one.Key} {one.Value}"))}");
            output.WriteLine(string.Join(", ", weather.Counts.Select(static one => $"{one.Key} {one.Value}")));
        }
    }

    private static int FromEnvironment(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private void Say(string what) => output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}");

    // Each was told of one other at the most: the rest they found out.
    private static async Task AllKnowEachOtherAsync(IReadOnlyList<StormNode> nodes)
    {
        var start = TimeProvider.System.GetTimestamp();
        foreach (var node in nodes)
        {
            while (await Agreement.PeersAsync(node) is var peers && peers < Size - 1)
            {
                TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(Patience, "each node should find all others, but {0} knows {1}", node.Relay.Url, peers);
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    // Confirmed everywhere, or rejected for a reason where it was acknowledged: never unknown, never waiting.
    private static async Task EveryWordWasKeptAsync(IReadOnlyList<StormNode> nodes, Crowd crowd)
    {
        var broken = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(crowd.Acknowledged, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (word, _) =>
        {
            var status = await Agreement.StatusAsync(nodes[word.Node], word.Transaction);
            if (status is "confirmed")
            {
                foreach (var node in nodes)
                    if (await Agreement.StatusAsync(node, word.Transaction) is var other and not "confirmed") broken.Add($"{word.Transaction}: confirmed at node {word.Node}, {other ?? "unknown"} at {node.Relay.Url}");
            }
            else if (status is null || !status.StartsWith("rejected ", StringComparison.Ordinal))
            {
                broken.Add($"{word.Transaction}: acknowledged by node {word.Node}, which says {status ?? "unknown"}");
            }
        });
        broken.Should().BeEmpty();
        crowd.Acknowledged.Should().HaveCountGreaterThan(40);
    }

    private static async Task ExportsAreEqualAsync(IReadOnlyList<StormNode> nodes)
    {
        var exports = await Task.WhenAll(nodes.Select(Agreement.ExportAsync));
        exports.Should().AllBeEquivalentTo(exports[0]);
    }

    private static async Task<long> ConfirmedTopUpsAsync(StormNode node, Crowd crowd)
    {
        var sum = 0L;
        foreach (var (transaction, amount) in crowd.TopUps)
            if (await Agreement.StatusAsync(node, transaction) is "confirmed") sum += amount;
        return sum;
    }

    private static void LedgersAreEqual(IReadOnlyList<StormNode> nodes, Crowd crowd, long toppedUp)
    {
        string? first = null;
        foreach (var node in nodes)
        {
            using var chain = OfflineChain.Open(node.Directory, TimeProvider.System).Value;
            var ledger = chain.Ledger;
            var dump = Agreement.Dump(chain);
            first ??= dump;
            dump.Should().Be(first);

            ledger.Supply.Should().Be(toppedUp + (Reward * chain.Tip.Index)).And.Be(ledger.Balances.Sum(static entry => entry.Value));
            ledger.Tickets.Select(static entry => entry.Key.ToString()).Should().BeEquivalentTo(crowd.Tickets);
            ledger.OwnedTickets.SelectMany(static owner => owner.Value).Select(static entry => entry.Key.ToString()).Should().BeEquivalentTo(crowd.Tickets, "each ticket has one owner");
            chain.Validate(null, CancellationToken.None).Refusal.Should().BeNull();
        }
    }
}
