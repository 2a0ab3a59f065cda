using System.Diagnostics;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How soon the others have a block that one node found.</summary>
/// <param name="name">Name of the figure.</param>
/// <param name="transactions">Transactions of the block: what it costs each node is mostly to apply and store them.</param>
internal sealed class BlockRelay(string name, int transactions) : Figure
{
    private const int Others = 5;

    public override string Name => name;

    public override string Unit => "ms";

    public override string About => $"From asking one of six nodes of this machine to make a block of {transactions:N0} transactions that wait at all of them until the last of the other five has it, durable.";

    public override bool LowerIsBetter => true;

    public override double? Target => 200;

    public override Measurement Measure(Session session)
    {
        var warmUps = session.IsQuick ? 2 : 4;
        var rounds = session.Runs + warmUps;
        using var world = session.Build(Name, new WorldSize(Math.Max(transactions, 100), rounds * transactions, 0, Difficulty: 4));
        var nodes = new List<ServerProcess>();
        try
        {
            var copies = Enumerable.Range(0, Others + 1).Select(i => world.Copy($"node {i}")).ToArray();
            foreach (var copy in copies)
                nodes.Add(ServerProcess.StartNodeOn(copy, world, ["--Mining:Enabled=false", .. nodes.Select((node, i) => $"--Node:Peers:{i}=http://{node.EndPoint}")]));
            foreach (var node in nodes) node.WaitFor("secuticket_peers_connected", Others);
            return Measure(world, nodes, warmUps, rounds);
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }

    private Measurement Measure(TicketWorld world, List<ServerProcess> nodes, int warmUps, int rounds)
    {
        List<double> last = [], first = [], used = [], bytes = [];
        for (var round = 0; round < rounds; round++)
        {
            var requests = new RequestSet();
            foreach (var purchase in world.SignPurchases(round * transactions, transactions)) requests.AddPost("/tickets/purchase", Signer.BodyOf(purchase));
            using (var load = new HttpLoad(nodes[0].EndPoint, 8)) load.Run(requests, 0, transactions, 201).Clean();
            foreach (var node in nodes) node.WaitFor("secuticket_pending_transactions", transactions);
            WaitForRest(nodes);

            var (processor, sent) = (ProcessorTime(nodes), BytesSent(nodes));
            var (own, others) = Spread(nodes);
            if (round < warmUps) continue;

            first.Add(own);
            last.Add(others);
            used.Add((ProcessorTime(nodes) - processor).TotalMilliseconds / nodes.Count);
            WaitForRest(nodes);
            bytes.Add((BytesSent(nodes) - sent) / Others / transactions);
        }

        return new Measurement(
            last,
            $"the node that made it shows it after {new Measurement(first).Median:0} ms; each node used {new Measurement(used).Median:0} ms of processor time; nodes are asked every few ms, so a run is up to 5 ms too long",
            $"each of the five was sent {new Measurement(bytes).Median:0.0} bytes a transaction by all others together (medians; heads of answers not counted)");
    }

    // Milliseconds until the node that makes the block has it, and until the last of the others has it.
    private static (double Own, double Others) Spread(List<ServerProcess> nodes)
    {
        const int Pause = 3;
        var height = nodes[0].Height() + 1;
        using var ready = new CountdownEvent(nodes.Count);
        using var go = new ManualResetEventSlim();
        var start = 0L;
        var seen = new double[nodes.Count];
        var watchers = nodes.Select((node, i) => Task.Factory.StartNew(
            () =>
            {
                ready.Signal();
                go.Wait();
                while (node.Height() < height) Thread.Sleep(Pause);
                seen[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            },
            TaskCreationOptions.LongRunning)).ToArray();
        ready.Wait();
        start = Stopwatch.GetTimestamp();
        go.Set();
        nodes[0].Mine();
        Task.WaitAll(watchers);
        return (seen[0], seen[1..].Max());
    }

    // Until they do next to nothing any more.
    private static void WaitForRest(List<ServerProcess> nodes)
    {
        const int Pause = 100;
        TimeSpan before;
        do
        {
            before = ProcessorTime(nodes);
            Thread.Sleep(Pause);
        }
        while ((ProcessorTime(nodes) - before).TotalMilliseconds > Pause / 4);
    }

    private static TimeSpan ProcessorTime(List<ServerProcess> nodes) => nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.ProcessorTime);

    private static double BytesSent(List<ServerProcess> nodes) => nodes.Sum(node => node.Metric("secuticket_peer_bytes_sent_total"));
}
