using System.Diagnostics;
using SecuTicket.Benchmarks.Growth;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What everything costs on worlds of growing size.</summary>
/// <remarks>One connection: what half of the answers took at most. All sizes in each run and one right after the other: what slows the machine down slows all of them down.</remarks>
internal sealed class GrowthTrial : IDisposable
{
    private const int Starts = 3;
    private const int WarmUps = 400;
    private const int Asked = 100;
    private const int Written = 60;
    private const int WrittenFirst = 100;

    // What takes long is asked less often, and is warm sooner.
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(0.25);

    private readonly string _of;
    private readonly ScratchDirectory _scratch = new();
    private readonly List<Node> _nodes = [];

    /// <summary>Starts a node on each world.</summary>
    /// <param name="of">What grows.</param>
    /// <param name="worlds">The smallest first.</param>
    public GrowthTrial(string of, IReadOnlyList<GrowthWorld> worlds)
    {
        _of = of;
        foreach (var world in worlds) _nodes.Add(new Node(world, world.Copy(_scratch[$"{world.Size}"])));
    }

    /// <summary>Measures all operations.</summary>
    public IReadOnlyList<GrowthSeries> Run(int runs)
    {
        var operations = _nodes[0].World.Operations;
        var times = new double[operations.Count, _nodes.Count, runs];
        for (var run = -1; run < runs; run++)
        {
            for (var operation = 0; operation < operations.Count; operation++)
            {
                for (var size = 0; size < _nodes.Count; size++)
                {
                    var median = _nodes[size].MedianOf(operation, run);
                    if (run >= 0) times[operation, size, run] = median;
                }
            }
        }

        return
        [
            .. operations.Select((one, operation) => Series(one.Panel, one.Name, size => Statistics.Median(Enumerable.Range(0, runs).Select(run => times[operation, size, run])))),
            Series(GrowthSeries.NotDrawn, "start of the node, to its first answer", size => _nodes[size].Start),
            Series(GrowthSeries.NotDrawn, "memory of the node (MiB)", size => _nodes[size].Memory),
        ];
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        _scratch.Dispose();
    }

    private GrowthSeries Series(string panel, string operation, Func<int, double> at) =>
        new(_of, operation, [.. _nodes.Select((node, size) => new GrowthPoint(node.World.Size, at(size)))]) { Panel = panel };

    private sealed class Node : IDisposable
    {
        private readonly ServerProcess _server;
        private readonly HttpLoad _load;

        public Node(GrowthWorld world, string data)
        {
            World = world;

            // The first start makes the key file and the node's account.
            StartNode(data).Dispose();
            var taken = new double[Starts];
            for (var i = 0; ; i++)
            {
                var server = StartNode(data);
                server.Get("/health/ready");
                taken[i] = Stopwatch.GetElapsedTime(server.StartedAt).TotalMilliseconds;
                if (i == Starts - 1)
                {
                    _server = server;
                    break;
                }

                server.Dispose();
            }

            Start = Statistics.Median(taken);
            _load = new HttpLoad(_server.EndPoint, 1);
        }

        public GrowthWorld World { get; }

        /// <summary>Milliseconds of a start.</summary>
        public double Start { get; }

        public double Memory => _server.WorkingSet / 1024.0 / 1024;

        /// <summary>Milliseconds that half of the answers took at most; run −1 warms up.</summary>
        public double MedianOf(int number, int run)
        {
            var operation = World.Operations[number];
            if (run < 0) Check(operation);
            if (operation.IsWrite)
            {
                // The first one was sent to be looked at.
                var (first, count) = run < 0 ? (1, WrittenFirst - 1) : (WrittenFirst + (run * Written), Written);
                return _load.Run(operation.Requests, first, count, operation.Status).Clean().Percentile(50);
            }

            var (most, longest) = run < 0 ? (WarmUps, LongestWarmUp) : (Asked, LongestRun);
            return _load.RunFor(operation.Requests, most, longest, operation.Status).Clean().Percentile(50);
        }

        public void Dispose()
        {
            _load.Dispose();
            _server.Dispose();
        }

        private ServerProcess StartNode(string data) => ServerProcess.StartNodeOn(data, World.SpecFile);

        private void Check(GrowthOperation operation)
        {
            var (status, body, _) = HttpLoad.Ask(_server.EndPoint, operation.Requests[0]);
            if (status != operation.Status || !body.Contains(operation.Expected, StringComparison.Ordinal))
                throw new BenchmarkFailedException($"{operation.Name} with {World.Size:N0} was answered {status}, without {operation.Expected}: {body[..Math.Min(body.Length, 600)]}");
        }
    }
}
