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

    // In no path, and no line's end.
    private const char Separator = '\t';

    private readonly Process _process;

    private SyncingNode(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    public static SyncingNode Start()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add("--runtimeconfig");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.runtimeconfig.json"));
        start.ArgumentList.Add("--depsfile");
        start.ArgumentList.Add(Path.ChangeExtension(typeof(SyncingNode).Assembly.Location, "deps.json"));
        start.ArgumentList.Add(typeof(SyncingNode).Assembly.Location);
        start.ArgumentList.Add(Command);
        return new SyncingNode(Process.Start(start)!);
    }

    /// <summary>Has a new node fetch a chain.</summary>
    /// <param name="world">The chain.</param>
    /// <param name="peers">Nodes that it is fetched from.</param>
    public SyncedNode Sync(TicketWorld world, IEnumerable<ServerProcess> peers)
    {
        using var scratch = new ScratchDirectory();
        _process.StandardInput.WriteLine(string.Join(Separator, [world.SpecFile, scratch["data"], .. peers.Select(static peer => peer.EndPoint.ToString())]));
        if (_process.StandardOutput.ReadLine()?.Split(' ') is not [var tip, var elapsed, var used]) throw new BenchmarkFailedException("The process that syncs has ended.");

        return new SyncedNode(long.Parse(tip, CultureInfo.InvariantCulture), Read(elapsed), Read(used));

        static TimeSpan Read(string ticks) => TimeSpan.FromTicks(long.Parse(ticks, CultureInfo.InvariantCulture));
    }

    /// <summary>What the process does: syncs as each line tells, and tells what came of it once its compiler has nothing more to do.</summary>
    public static void Run()
    {
        while (Console.In.ReadLine()?.Split(Separator) is [var specFile, var folder, .. var peers])
        {
            using var node = new CallingNode(ChainSpec.Parse(File.ReadAllBytes(specFile)).Value, folder);
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
