using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A new node fetches the whole chain.</summary>
/// <param name="peers">Nodes that it fetches from.</param>
internal sealed class Sync(int peers) : Figure
{
    private const int Fans = 1_000;

    private double? _limit;

    public override string Name => peers == 1 ? "sync" : "sync_two_peers";

    public override string Unit => "transactions/s";

    public override string About =>
        $"Signed transactions a second that a new node fetches over HTTP from genesis on, from {(peers == 1 ? "one node" : $"{peers} nodes")} on the same cores: every signature checked, applied, durable.";

    public override double? Target => 8_000;

    public override double? TargetRatio => 0.85;

    public override string LimitName => "A";

    /// <summary>A, with V as it was in turns with the figure.</summary>
    public override double? Limit(Session session) => _limit;

    public override Measurement Measure(Session session)
    {
        var world = session.SyncedWorld;
        var servers = new List<ServerProcess>();
        try
        {
            for (var i = 0; i < peers; i++) servers.Add(ServerProcess.StartNodeOn(world.Copy($"{Name} {i}"), world, "--Mining:Enabled=false"));
            return Measure(session, world, servers);
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
        }
    }

    /// <summary>The chain that is fetched.</summary>
    public static WorldSize SizeFor(Session session) => session.IsQuick ? new WorldSize(Fans, 2_000, 2_000) : new WorldSize(Fans, 16_000, 16_000);

    private Measurement Measure(Session session, TicketWorld world, List<ServerProcess> servers)
    {
        // What the serving nodes do for each block they are compiled for after thirty of them.
        var warmUps = session.IsQuick ? 0 : 2;
        var height = servers[0].Height();
        using var syncing = SyncingNode.Start();
        if (!session.IsQuick) WarmUp(session, syncing, $"many blocks for {Name}");
        using var checks = new PlatformChecks(session.IsQuick);
        List<double> rates = [], used = [], served = [];
        for (var run = 0; run < session.Runs + warmUps; run++)
        {
            var theirs = ProcessorTime(servers);
            var node = syncing.Sync(world, servers);
            if (node.Tip != height) throw new BenchmarkFailedException($"The new node is at block {node.Tip}, its peer at {height}.");

            if (run < warmUps)
            {
                if (!session.IsQuick)
                    foreach (var server in servers) CompilerRest.Await(server);
                continue;
            }

            rates.Add(world.Transactions / node.Elapsed.TotalSeconds);
            used.Add(node.Used.TotalMicroseconds / world.Transactions);
            served.Add((ProcessorTime(servers) - theirs).TotalMicroseconds / world.Transactions);
            checks.Take(servers);
        }

        _limit = session.Limits.A(StoreBatches.Blocks, checks.Median);

        return new Measurement(
            rates,
            $"{world.Size.Tickets:N0} purchases in {height} blocks; processor time of a transaction: {new Measurement(used).Median:0} µs at the new node, whose process has the settings of a node, {new Measurement(served).Median:0} µs at those that serve (medians)");
    }

    // A chain that is worth a sync has thousands of blocks, and this one has nine of sales: what a node does for each block would be compiled while it is measured.
    private static void WarmUp(Session session, SyncingNode syncing, string name)
    {
        var (syncs, blocks, sales) = (4, 200, 20);
        using var world = session.Build(name, new WorldSize(100, blocks * sales, blocks * sales, Difficulty: 1) { SalesOfOneBlock = sales });
        using var server = ServerProcess.StartNodeOn(world.DataDirectory, world, "--Mining:Enabled=false");
        for (var i = 0; i < syncs; i++) syncing.Sync(world, [server]);
    }

    private static TimeSpan ProcessorTime(List<ServerProcess> servers) => servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.ProcessorTime);
}
