using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A shop that buys for many at once.</summary>
internal sealed class PurchaseBatch : Figure
{
    private double? _limit;

    public override string Name => "purchase_batch";

    public override string Unit => "purchases/s";

    public override string About => $"Purchases of different tickets by 1,000 accounts whose keys were seen, {Batches.Lines:N0} signed ones a request, durable before the answer, blocks sealed meanwhile.";

    public override double? TargetRatio => 0.85;

    public override string LimitName => "A";

    /// <summary>A, with V as it was beside the figure.</summary>
    public override double? Limit(Session session) => _limit;

    public override Measurement Measure(Session session)
    {
        var load = new BatchLoad(session, session.Sale.Bodies(0, BatchLoad.Total(session)));
        using var world = session.Sale.World("batches");
        using var server = ServerProcess.StartNode(world);
        using var checks = new PlatformChecks(session.IsQuick);
        var measured = load.Run(server, checks);
        _limit = session.Limits.A(StoreBatches.Batches, checks.Median);
        server.Kill();
        var length = new LedgerAudit(world).Check(load.Sold);
        return measured with { Notes = [.. measured.Notes, $"after kill -9 all {load.Sold:N0} tickets have their buyers, confirmed or pending, and the money is conserved ({length:N0} blocks)"] };
    }
}

/// <summary>Loads a node with batches.</summary>
internal sealed class BatchLoad
{
    // In seconds: a slow node makes shorter runs and not a longer suite.
    private const double LongestRun = 2;

    // What a request and what a block needs is compiled for good after thirty calls of it, and a thousand lines a request make few requests.
    private const int SmallLines = 100;

    private readonly Session _session;
    private readonly RequestSet _small = new();
    private readonly RequestSet _large = new();
    private readonly int _smallLines;
    private readonly int _warmUp;
    private int _perRun;

    /// <summary>Prepares the requests.</summary>
    /// <param name="session">How many runs.</param>
    /// <param name="bodies">As many transactions as <see cref="Total"/> says.</param>
    public BatchLoad(Session session, IEnumerable<byte[]> bodies)
    {
        _session = session;
        (_smallLines, _warmUp, _perRun) = Sizes(session);
        byte[][] all = [.. bodies];
        _small.AddBatches(all.Take(_smallLines), SmallLines);
        _large.AddBatches(all.Skip(_smallLines));
    }

    /// <summary>How many transactions were sent.</summary>
    public int Sold { get; private set; }

    /// <summary>How many transactions it needs.</summary>
    public static int Total(Session session)
    {
        var (small, warmUp, perRun) = Sizes(session);
        return small + warmUp + (perRun * session.Runs);
    }

    /// <summary>Sends batches: small ones, each with a block after it, and some large ones to warm up, then run after run once the node has compiled what they needed.</summary>
    /// <param name="server">The node.</param>
    /// <param name="checks">Takes V before the runs and after them; null where signatures bound nothing.</param>
    public Measurement Run(ServerProcess server, PlatformChecks? checks = null)
    {
        var rates = new double[_session.Runs];
        var notes = new List<string>();
        using var load = new HttpLoad(server.EndPoint, Batches.Connections);
        for (var i = 0; i < _small.Count; i++)
        {
            load.Run(_small, i, 1, 200).Clean();
            server.Mine();
        }

        var warm = load.Run(_large, 0, _warmUp / Batches.Lines, 200).Clean();
        if (!_session.IsQuick) CompilerRest.Await(server);
        _perRun = Math.Clamp((int)(warm.PerSecond * LongestRun), Math.Min(Batches.Connections, _perRun / Batches.Lines), _perRun / Batches.Lines) * Batches.Lines;
        checks?.Take(server);
        for (var i = 0; i < rates.Length; i++)
        {
            var (used, allocated) = (server.ProcessorTime, server.Metric("dotnet_gc_allocated_bytes_total"));
            var result = load.Run(_large, (_warmUp + (i * _perRun)) / Batches.Lines, _perRun / Batches.Lines, 200).Clean();
            var microseconds = (server.ProcessorTime - used).TotalMicroseconds / _perRun;
            rates[i] = _perRun / result.Elapsed.TotalSeconds;
            notes.Add($"run {i + 1}: {rates[i]:N0}/s, a batch p50 {result.Percentile(50):0} ms, largest {result.Percentile(100):0} ms; the node used {microseconds:0} µs of processor time and {(server.Metric("dotnet_gc_allocated_bytes_total") - allocated) / _perRun:N0} bytes for each transaction");
        }

        checks?.Take(server);

        Sold = _smallLines + _warmUp + (_perRun * _session.Runs);
        notes.Add($"{Batches.Connections} connections; working set of the node at the end {server.WorkingSet / 1024.0 / 1024:0} MiB");
        return new Measurement(rates, notes);
    }

    // How many transactions warm a node up, in small batches and in large ones, and how many a run has.
    private static (int Small, int WarmUp, int PerRun) Sizes(Session session) => session.IsQuick ? (8 * SmallLines, 4_000, 4_000) : (64 * SmallLines, 32_000, 12_000);
}
