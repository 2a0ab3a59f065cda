using System.Diagnostics;
using SecuTicket.Node;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The stored blocks of a stopped node, checked as <c>secuticket verify --data-directory</c> does.</summary>
/// <param name="isSigned">Whether signatures are checked.</param>
internal sealed class Replay(bool isSigned) : Figure
{
    // In seconds.
    private const double LimitRun = 0.3;

    private double? _limit;

    public override string Name => isSigned ? "replay" : "replay_unsigned";

    public override string Unit => "transactions/s";

    public override string About => isSigned
        ? "Signed transactions a second that `secuticket verify` replays from stored blocks of 1,000 accounts: form, hashes, links, work, every signature, every rule, and the ledger at the end."
        : "The same a second with `--without-signatures`.";

    public override double? Target => isSigned ? null : 200_000;

    public override double? TargetRatio => isSigned ? 0.9 : null;

    public override string? LimitName => isSigned ? "V on all cores" : null;

    /// <summary>V as it was in turns with the figure.</summary>
    public override double? Limit(Session session) => _limit;

    public override Measurement Measure(Session session)
    {
        // Without signatures a run is shorter than compiling what runs for good.
        var warmUps = isSigned ? 1 : (session.IsQuick ? 8 : 24);
        var world = session.SyncedWorld;
        using var chain = OfflineChain.Open(world.Copy(Name), TimeProvider.System).Value;
        using var platform = isSigned ? new KeptKeys() : null;
        List<double> rates = [], used = [], limits = [];
        for (var run = 0; run < session.Runs + warmUps; run++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            var found = chain.Validate(null, CancellationToken.None, isSigned);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (found.Refusal is { } refusal) throw new BenchmarkFailedException($"Block {found.FirstInvalidIndex}: {refusal.Detail}");
            if (run < warmUps) continue;

            rates.Add(world.Transactions / elapsed.TotalSeconds);
            used.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / world.Transactions);
            if (platform is not null) limits.Add(Environment.ProcessorCount * Repeated.Rate(LimitRun, platform.VerifyAll));
        }

        if (isSigned) _limit = Statistics.Median(limits);
        return new Measurement(rates, $"processor time of a transaction: {new Measurement(used).Median:0.0} µs (median)");
    }
}
