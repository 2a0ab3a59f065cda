using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Cli.Gates;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Gate;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What a scan costs the gate of the command line, its receipt in the file included.</summary>
/// <param name="isDurable">Whether each receipt is on the disk before the next scan, as at a real gate.</param>
internal sealed class DeviceScan(bool isDurable) : Figure
{
    public override string Name => isDurable ? "device_scan_durable" : "device_scan";

    public override string Unit => "ms";

    public override string About => isDurable
        ? "`secuticket gate scan` for one code: judged, signed, and the receipt flushed to the disk, against a roster of 100,000 tickets."
        : "The same without the flush: judged, signed, and the receipt written.";

    public override bool LowerIsBetter => true;

    public override double? Target => isDurable ? null : 2;

    public override Measurement Measure(Session session)
    {
        var world = session.GateWorld;
        var wallet = new Wallet(world.Gate);
        var roster = world.Load();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var codes = Enumerable.Range(0, GateWorld.Holders).Select(ticket => world.CodeOf(ticket, now)).ToArray();
        var values = new double[session.Runs];
        var slowest = 0.0;
        for (var run = -1; run < values.Length; run++)
        {
            // Beside the benchmark, for the folder of temporary files may be memory.
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"device-{Guid.NewGuid():N}"));
            using (var file = ReceiptFile.Open(Path.Combine(folder.FullName, "receipts.ndjson"), new ReceiptLines([], GateLog.Empty(world.Scope), 0, 0), isDurable))
            {
                var turnstile = new Turnstile(world.Judge, roster, wallet, file, TimeProvider.System);
                var start = Stopwatch.GetTimestamp();
                foreach (var code in codes)
                {
                    var before = Stopwatch.GetTimestamp();
                    turnstile.Scan(code);
                    if (run >= 0) slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                }

                if (run >= 0) values[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / codes.Length;
                if (turnstile.CountOf(GateResult.Valid) != codes.Length) throw new BenchmarkFailedException("A right code was not let in.");
            }

            folder.Delete(recursive: true);
        }

        return new Measurement(values, $"the slowest of {values.Length * codes.Length} scans took {slowest:0.0} ms");
    }
}

/// <summary>How long a gate that was stopped takes to read what it did.</summary>
internal sealed class ReceiptsLoad : Figure
{
    private const int Receipts = 10_000;

    public override string Name => "receipts_load";

    public override string Unit => "ms";

    public override string About => "Reading 10,000 receipts of a gate and checking their signatures and links.";

    public override bool LowerIsBetter => true;

    public override double? Target => null;

    public override Measurement Measure(Session session)
    {
        var world = session.GateWorld;
        var wallet = new Wallet(world.Gate);
        var roster = world.Load();
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"device-{Guid.NewGuid():N}"));
        var path = Path.Combine(folder.FullName, "receipts.ndjson");
        using (var file = ReceiptFile.Open(path, new ReceiptLines([], GateLog.Empty(world.Scope), 0, 0), isDurable: false))
        {
            var turnstile = new Turnstile(world.Judge, roster, wallet, file, TimeProvider.System);
            for (var i = 0; i < Receipts; i++) turnstile.Scan(world.CodeOf(i % GateWorld.Holders, DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        }

        var values = new double[session.Runs];
        for (var run = -1; run < values.Length; run++)
        {
            var start = Stopwatch.GetTimestamp();
            var read = ReceiptLines.Read(path, world.Scope, world.Verifier);
            if (run >= 0) values[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!read.IsAccepted || read.Value.Receipts.Count != Receipts) throw new BenchmarkFailedException("The receipts are not as they were written.");
        }

        folder.Delete(recursive: true);
        return new Measurement(values);
    }
}
