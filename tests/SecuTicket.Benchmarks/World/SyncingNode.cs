using System.Diagnostics;
using System.Globalization;
using System.Net;
using SecuTicket.Core.Specification;

namespace SecuTicket.Benchmarks.World;

/// <summary>A process that syncs new nodes one after the other, with the runtime's settings of the product: a node is what syncs, and collections and the compiler are set otherwise here.</summary>
/// <remarks>One process for all runs, for a new one would measure its compiler.</remarks>
internal sealed class SyncingNode : IDisposable
{
    /// <summary>What the process is started with.</summary>
    public const string Command = "syncing-node";

    private readonly Process _process;

    private SyncingNode(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="world">Its chain.</param>
    /// <param name="peers">Nodes that it fetches from.</param>
    public static SyncingNode Start(TicketWorld world, IEnumerable<ServerProcess> peers)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add("--runtimeconfig");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.runtimeconfig.json"));
        start.ArgumentList.Add("--depsfile");
        start.ArgumentList.Add(Path.ChangeExtension(typeof(SyncingNode).Assembly.Location, "deps.json"));
        start.ArgumentList.Add(typeof(SyncingNode).Assembly.Location);
        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(world.SpecFile);
        foreach (var peer in peers) start.ArgumentList.Add(peer.EndPoint.ToString());
        return new SyncingNode(Process.Start(start)!);
    }

    /// <summary>Has a new node fetch the chain.</summary>
    /// <param name="folder">Its data directory.</param>
    public SyncedNode Sync(string folder)
    {
        _process.StandardInput.WriteLine(folder);
        if (_process.StandardOutput.ReadLine()?.Split(' ') is not [var tip, var elapsed, var used]) throw new BenchmarkFailedException("The process that syncs has ended.");

        return new SyncedNode(long.Parse(tip, CultureInfo.InvariantCulture), Read(elapsed), Read(used));

        static TimeSpan Read(string ticks) => TimeSpan.FromTicks(long.Parse(ticks, CultureInfo.InvariantCulture));
    }

    /// <summary>What the process does: syncs for each folder that it is told, and tells what came of it once its compiler has nothing more to do.</summary>
    public static void Run(string specFile, IReadOnlyList<string> peers)
    {
        var spec = ChainSpec.Parse(File.ReadAllBytes(specFile)).Value;
        while (Console.In.ReadLine() is { } folder)
        {
            using var node = new CallingNode(spec, folder);
            GC.Collect();
            var (used, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            foreach (var peer in peers) node.Register(IPEndPoint.Parse(peer));
            node.Resolve();
            var synced = new SyncedNode(node.Node.Snapshot.Tip.Index, Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
            CompilerRest.Await();
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{synced.Tip} {synced.Elapsed.Ticks} {synced.Used.Ticks}"));
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>What a new node fetched.</summary>
/// <param name="Tip">Index of its tip.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Used">Processor time of its process.</param>
internal readonly record struct SyncedNode(long Tip, TimeSpan Elapsed, TimeSpan Used);
