using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A node that sells tickets one by one: what several figures show.</summary>
/// <remarks>
/// First as fast as it goes, by a client whose connections ask again as soon as they are answered. Then at half that rate, by people who come when they come. In the end the node
/// is killed, and all that it acknowledged must be there.
/// </remarks>
internal sealed class PurchaseTrial
{
    private const string Allocated = "dotnet_gc_allocated_bytes_total";
    private const string LongestPause = "dotnet_gc_longest_pause_seconds";
    private const int Seed = 20_261_126;
    private const double Share = 0.5;

    // A method is compiled for good after thirty calls, and those that a block needs are called two to four times a second: before some ten seconds have passed the compiler is measured too.
    private const int WarmUp = 40_000;

    // Sees that all works, and measures the compiler.
    private const int QuickWarmUp = 2_000;

    // In seconds: a slow node makes shorter runs and not a longer suite.
    private const double LongestRun = 2;

    // Who waits has a connection of his own: as many more of them as a stall of some ten milliseconds fills.
    private const int People = 4;

    private readonly List<string> _rateNotes = [];
    private readonly List<string> _latencyNotes = [];

    private PurchaseTrial()
    {
    }

    /// <summary>Purchases a second as fast as it goes, a run.</summary>
    public List<double> Rates { get; } = [];

    /// <summary>V beside them.</summary>
    public double Checks { get; private set; }

    /// <summary>Bytes of managed memory that the node took for each of them, a run.</summary>
    public List<double> AllocatedBytes { get; } = [];

    /// <summary>Milliseconds within which 99 % were answered at half the rate, a run.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>The longest that a collection stopped the node, in milliseconds, from its start to its end.</summary>
    public double Pause { get; private set; }

    /// <summary>Time under load, in seconds.</summary>
    public double LoadedFor { get; private set; }

    /// <summary>About the rates.</summary>
    public IReadOnlyList<string> RateNotes => _rateNotes;

    /// <summary>About the latencies.</summary>
    public IReadOnlyList<string> LatencyNotes => _latencyNotes;

    public static PurchaseTrial Run(Session session)
    {
        var trial = new PurchaseTrial();
        using var world = session.Sale.World("purchases");
        using var server = ServerProcess.StartNode(world);
        var sold = trial.SellAsFastAsItGoes(session, server);
        sold += trial.SellAtHalfTheRate(session, server, sold);
        trial.Pause = server.Metric(LongestPause) * 1_000;
        trial._rateNotes.Add($"{session.Connections} connections; working set of the node at the end {server.WorkingSet / 1024.0 / 1024:0} MiB");

        // Without warning, right after the last 201: what was acknowledged must be there.
        server.Kill();
        var length = new LedgerAudit(world).Check(sold);
        trial._rateNotes.Add($"after kill -9 all {sold:N0} tickets have their buyers, confirmed or pending, and the money is conserved ({length:N0} blocks)");
        return trial;
    }

    private int SellAsFastAsItGoes(Session session, ServerProcess server)
    {
        var (warmUp, perRun) = session.IsQuick ? (QuickWarmUp, 2_000) : (WarmUp, 8_000);
        var requests = session.Sale.Requests(0, warmUp + (perRun * session.Runs));
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        using var checks = new PlatformChecks(session.IsQuick);
        var warm = load.Run(requests, 0, warmUp, 201).Clean();
        LoadedFor += warm.Elapsed.TotalSeconds;
        if (!session.IsQuick) CompilerRest.Await(server);
        perRun = Math.Min(perRun, (int)(warm.PerSecond * LongestRun));
        checks.Take(server);
        for (var i = 0; i < session.Runs; i++)
        {
            var (used, allocated) = (server.ProcessorTime, server.Metric(Allocated));
            var result = load.Run(requests, warmUp + (i * perRun), perRun, 201).Clean();
            var microseconds = (server.ProcessorTime - used).TotalMicroseconds / perRun;
            LoadedFor += result.Elapsed.TotalSeconds;
            Rates.Add(result.PerSecond);
            AllocatedBytes.Add((server.Metric(Allocated) - allocated) / perRun);
            _rateNotes.Add($"run {i + 1}: {result.PerSecond:N0}/s, p50 {result.Percentile(50):0.0} ms, p99 {result.Percentile(99):0.0} ms, largest {result.Percentile(100):0.0} ms; the node used {microseconds:0} µs of processor time for each");
        }

        checks.Take(server);
        Checks = checks.Median;

        return warmUp + (perRun * session.Runs);
    }

    private int SellAtHalfTheRate(Session session, ServerProcess server, int sold)
    {
        var perSecond = Share * Statistics.Median(Rates);
        var perRun = Math.Min((int)(perSecond * (session.IsQuick ? 0.5 : 6)), (session.Sale.Tickets - sold) / (session.Runs + 1));

        // The first run warms up.
        var warmUp = perRun / 3;
        var requests = session.Sale.Requests(sold, warmUp + (perRun * session.Runs));
        using var load = new OpenLoad(server.EndPoint, People * session.Connections);
        for (var i = 0; i <= session.Runs; i++)
        {
            var (first, count) = i == 0 ? (0, warmUp) : (warmUp + ((i - 1) * perRun), perRun);
            var result = load.Run(requests, first, Arrivals.Poisson(perSecond, count, Seed + i), 201);
            var answers = result.Load.Clean();
            LoadedFor += answers.Elapsed.TotalSeconds;

            if (i == 0) continue;

            Latencies.Add(answers.Percentile(99));
            _latencyNotes.Add($"run {i}: p50 {answers.Percentile(50):0.0} ms, p99.9 {answers.Percentile(99.9):0.0} ms, largest {answers.Percentile(100):0.0} ms; {(result.KeptUp ? string.Empty : "the node fell behind: ")}{result.Account}");
        }

        return requests.Count;
    }
}
