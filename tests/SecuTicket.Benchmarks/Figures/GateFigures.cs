using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Gate;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What a scan costs a gate without a network.</summary>
internal sealed class GateScan : Figure
{
    public override string Name => "gate_scan";

    public override string Unit => "ms";

    public override string About => "Judging a code and signing the receipt, against a loaded roster of 100,000 tickets; every holder comes once, so no key is known before.";

    public override bool LowerIsBetter => true;

    public override double? Target => 2;

    public override Measurement Measure(Session session)
    {
        var world = session.GateWorld;
        var roster = world.Load();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var codes = Enumerable.Range(0, GateWorld.Holders).Select(ticket => world.CodeOf(ticket, now)).ToArray();
        var values = new double[session.Runs];
        var slowest = 0.0;
        var spent = TimeSpan.Zero;
        for (var run = -1; run < values.Length; run++)
        {
            var log = GateLog.Empty(world.Scope);
            var processor = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            foreach (var code in codes)
            {
                var before = Stopwatch.GetTimestamp();
                log = world.Scan(code, now, roster, log);
                if (run >= 0) slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }

            if (run < 0) continue;
            values[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / codes.Length;
            spent += Environment.CpuUsage.TotalTime - processor;
        }

        var scans = values.Length * codes.Length;
        return new Measurement(values, $"the slowest of {scans} scans took {slowest:0.0} ms", $"processor time of a scan: {spent.TotalMilliseconds / scans:0.00} ms");
    }
}

/// <summary>How long a gate reads a roster.</summary>
internal sealed class RosterLoad : Figure
{
    public override string Name => "roster_load";

    public override string Unit => "ms";

    public override string About => "Reading and verifying the bytes of a roster of 100,000 tickets.";

    public override bool LowerIsBetter => true;

    public override double? Target => 1_000;

    public override Measurement Measure(Session session)
    {
        var world = session.GateWorld;
        var first = Once(world);
        var processor = Environment.CpuUsage.TotalTime;
        double[] values = [.. Enumerable.Range(0, session.Runs).Select(_ => Once(world))];
        var spent = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / values.Length;
        return new Measurement(values, $"the first one, compiled meanwhile: {first:0} ms", $"processor time of one: {spent:0} ms");
    }

    private static double Once(GateWorld world)
    {
        var start = Stopwatch.GetTimestamp();
        var roster = world.Load();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return roster.Count == world.Tickets ? elapsed : throw new BenchmarkFailedException("The roster lacks tickets.");
    }
}

/// <summary>What a ticket takes in a roster.</summary>
internal sealed class RosterSize : Figure
{
    public override string Name => "roster_size";

    public override string Unit => "bytes";

    public override string About => "Bytes of a roster of 100,000 sold tickets with seats such as 'Block 42 Row 7 Seat 31', by ticket.";

    public override bool LowerIsBetter => true;

    public override double? Target => 200;

    public override Measurement Measure(Session session) => new([(double)session.GateWorld.Bytes.Length / session.GateWorld.Tickets]);
}
