using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How long a buyer waits while the node is half busy.</summary>
internal sealed class PurchaseLatency : Figure
{
    private const int Seed = 20_261_126;
    private const double Load = 0.5;

    // Who waits has a connection of his own: as many more of them as a stall of some ten milliseconds fills.
    private const int People = 4;

    public override string Name => "purchase_latency_p99";

    public override string Unit => "ms";

    public override string About => "99 % of purchases are durable and answered within; they arrive like independent people at half the rate of purchase_http, latency from when each was due.";

    public override bool LowerIsBetter => true;

    public override double? Target => 25;

    public override Measurement Measure(Session session)
    {
        var perSecond = Load * session.ValueOf("purchase_http");
        var (warmUp, perRun) = ((int)(perSecond * (session.IsQuick ? 3 : 6)), (int)(perSecond * (session.IsQuick ? 1 : 3)));
        var total = warmUp + (perRun * session.Runs);
        var requests = session.Sale.Requests(0, total);
        using var world = session.Sale.World("latency");
        using var server = ServerProcess.StartNode(world);
        using (var load = new HttpLoad(server.EndPoint, session.Connections)) load.Run(requests, 0, warmUp, 201).Clean();
        using var open = new OpenLoad(server.EndPoint, People * session.Connections);
        var values = new double[session.Runs];
        var notes = new List<string>();
        for (var i = 0; i < values.Length; i++)
        {
            var result = open.Run(requests, warmUp + (i * perRun), Arrivals.Poisson(perSecond, perRun, Seed + i), 201);
            var load = result.Load.Clean();
            if (!result.KeptUp) throw new BenchmarkFailedException($"The node did not keep up with half of what it can do: {result.Account}.");

            values[i] = load.Percentile(99);
            notes.Add($"run {i + 1}: p50 {load.Percentile(50):0.0} ms, p99.9 {load.Percentile(99.9):0.0} ms, largest {load.Percentile(100):0.0} ms; {result.Account}");
        }

        return new Measurement(values, notes);
    }
}
