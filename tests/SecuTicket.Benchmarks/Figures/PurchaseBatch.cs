using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A shop that buys for many at once.</summary>
internal sealed class PurchaseBatch : Figure
{
    public override string Name => "purchase_batch";

    public override string Unit => "purchases/s";

    public override string About => $"Purchases of different tickets by 1,000 accounts whose keys were seen, {Batches.Lines:N0} signed ones a request, durable before the answer, blocks sealed meanwhile.";

    public override double? TargetRatio => 0.85;

    public override string LimitName => "A";

    public override double? Limit(Session session) => session.Limits.A(StoreBatches.Batches);

    public override Measurement Measure(Session session)
    {
        var (warmUp, perRun) = BatchLoad.Sizes(session);
        var total = warmUp + (perRun * session.Runs);
        var requests = new RequestSet();
        requests.AddBatches(session.Sale.Bodies(0, total));
        using var world = session.Sale.World("batches");
        using var server = ServerProcess.StartNode(world);
        var (measured, sold) = BatchLoad.Run(session, server, requests, warmUp, perRun);
        server.Kill();
        var length = new LedgerAudit(world).Check(sold);
        return measured with { Notes = [.. measured.Notes, $"after kill -9 all {sold:N0} tickets have their buyers, confirmed or pending, and the money is conserved ({length:N0} blocks)"] };
    }
}

/// <summary>Loads a node with batches.</summary>
internal static class BatchLoad
{
    // In seconds: a slow node makes shorter runs and not a longer suite.
    private const double LongestRun = 2;

    /// <summary>How many transactions warm a node up, and how many a run has.</summary>
    /// <remarks>Fewer find a node that still compiles: after 24,000 a fifth of its time was the compiler's, and its methods were the slow ones that count for it.</remarks>
    public static (int WarmUp, int PerRun) Sizes(Session session) => session.IsQuick ? (8_000, 4_000) : (48_000, 16_000);

    /// <summary>Sends batches of a set: some to warm up, then run after run; says how many transactions they were in all.</summary>
    public static (Measurement Measured, int Sold) Run(Session session, ServerProcess server, RequestSet requests, int warmUp, int perRun)
    {
        var rates = new double[session.Runs];
        var notes = new List<string>();
        using var load = new HttpLoad(server.EndPoint, Batches.Connections);
        var warm = load.Run(requests, 0, warmUp / Batches.Lines, 200).Clean();
        perRun = Math.Clamp((int)(warm.PerSecond * LongestRun), Math.Min(Batches.Connections, perRun / Batches.Lines), perRun / Batches.Lines) * Batches.Lines;
        for (var i = 0; i < rates.Length; i++)
        {
            var (used, allocated) = (server.ProcessorTime, server.Metric("dotnet_gc_allocated_bytes_total"));
            var result = load.Run(requests, (warmUp + (i * perRun)) / Batches.Lines, perRun / Batches.Lines, 200).Clean();
            var microseconds = (server.ProcessorTime - used).TotalMicroseconds / perRun;
            rates[i] = perRun / result.Elapsed.TotalSeconds;
            notes.Add($"run {i + 1}: {rates[i]:N0}/s, a batch p50 {result.Percentile(50):0} ms, largest {result.Percentile(100):0} ms; the node used {microseconds:0} µs of processor time and {(server.Metric("dotnet_gc_allocated_bytes_total") - allocated) / perRun:N0} bytes for each transaction");
        }

        notes.Add($"{Batches.Connections} connections; working set of the node at the end {server.WorkingSet / 1024.0 / 1024:0} MiB");
        return (new Measurement(rates, notes), warmUp + (perRun * session.Runs));
    }
}
