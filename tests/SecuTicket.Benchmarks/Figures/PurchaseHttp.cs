using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The sale: everyone buys at once.</summary>
internal sealed class PurchaseHttp : Figure
{
    public override string Name => "purchase_http";

    public override string Unit => "purchases/s";

    public override string About => "Purchases of different tickets by 1,000 accounts whose keys were seen, one signed request each, durable before 201, blocks sealed meanwhile.";

    public override double? TargetRatio => 0.7;

    public override string LimitName => "B";

    public override double? Limit(Session session) => session.Limits.B(StoreBatches.Requests);

    public override Measurement Measure(Session session)
    {
        var (warmUp, perRun) = session.IsQuick ? (4_000, 4_000) : (20_000, 16_000);
        var total = warmUp + (perRun * session.Runs);
        var requests = session.Sale.Requests(0, total);
        using var world = session.Sale.World("purchases");
        var rates = new double[session.Runs];
        var notes = new List<string>();
        var length = 0L;
        using (var server = ServerProcess.StartNode(world))
        {
            using var load = new HttpLoad(server.EndPoint, session.Connections);
            load.Run(requests, 0, warmUp, 201).Clean();
            for (var i = 0; i < rates.Length; i++)
            {
                var used = server.ProcessorTime;
                var result = load.Run(requests, warmUp + (i * perRun), perRun, 201).Clean();
                var microseconds = (server.ProcessorTime - used).TotalMicroseconds / perRun;
                rates[i] = result.PerSecond;
                notes.Add($"run {i + 1}: {result.PerSecond:N0}/s, p50 {result.Percentile(50):0.0} ms, p99 {result.Percentile(99):0.0} ms, largest {result.Percentile(100):0.0} ms; the node used {microseconds:0} µs of processor time for each");
            }

            notes.Add($"{session.Connections} connections; working set of the node at the end {server.WorkingSet / 1024.0 / 1024:0} MiB");

            // Without warning, right after the last 201: what was acknowledged must be there.
            server.Kill();
            length = new LedgerAudit(world).Check(total);
        }

        notes.Add($"after kill -9 all {total:N0} tickets have their buyers, confirmed or pending, and the money is conserved ({length:N0} blocks)");
        return new Measurement(rates, notes);
    }
}
