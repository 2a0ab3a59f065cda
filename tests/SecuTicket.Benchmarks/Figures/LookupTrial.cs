using System.Text;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Nodes with few tickets and with many that are looked at: what several figures show.</summary>
/// <remarks>Both are asked one right after the other in each run: what slows the machine down slows both of them down.</remarks>
internal sealed class LookupTrial
{
    private const int Few = 1_000;

    // Code is compiled for good some time after it was called often, while something else is done.
    private const int WarmUps = 3;

    private readonly List<string> _rateNotes = [];
    private readonly List<string> _flatnessNotes = [];

    private LookupTrial()
    {
    }

    /// <summary>Tickets looked up a second among many, on all connections, a run.</summary>
    public List<double> Rates { get; } = [];

    /// <summary>H, each right before a run.</summary>
    public List<double> Limits { get; } = [];

    /// <summary>How many times the median with few tickets that with many is, of the worst of the reads, a run.</summary>
    public List<double> Flatness { get; } = [];

    /// <summary>About the rates.</summary>
    public IReadOnlyList<string> RateNotes => _rateNotes;

    /// <summary>About the medians.</summary>
    public IReadOnlyList<string> FlatnessNotes => _flatnessNotes;

    public static LookupTrial Run(Session session)
    {
        var trial = new LookupTrial();
        using var few = new Node(session.LargeWorld(Few));
        using var many = new Node(session.MillionTickets);
        var time = TimeSpan.FromSeconds(session.IsQuick ? 0.1 : 0.3);
        for (var turn = 0; turn < (session.IsQuick ? 1 : WarmUps); turn++)
        {
            few.WarmUp(time);
            many.WarmUp(time);
        }

        trial.CompareMedians(session.Runs, few, many);
        trial.LookUp(session, many);
        return trial;
    }

    private void CompareMedians(int runs, Node few, Node many)
    {
        var reads = Node.Reads.Count;
        var (fewTimes, manyTimes) = (new double[reads, runs], new double[reads, runs]);
        for (var run = 0; run < runs; run++)
        {
            for (var read = 0; read < reads; read++) (fewTimes[read, run], manyTimes[read, run]) = (few.MedianOf(read), many.MedianOf(read));
            Flatness.Add(Enumerable.Range(0, reads).Max(read => manyTimes[read, run] / fewTimes[read, run]));
        }

        for (var read = 0; read < reads; read++)
            _flatnessNotes.Add($"{Node.Reads[read]}: {Microseconds(fewTimes, read):0} µs with {few.Tickets:N0} tickets, {Microseconds(manyTimes, read):0} µs with {many.Tickets:N0}");

        double Microseconds(double[,] times, int read) => 1_000 * Statistics.Median(Enumerable.Range(0, runs).Select(run => times[read, run]));
    }

    private void LookUp(Session session, Node node)
    {
        var (warmUp, count) = session.IsQuick ? (8_000, 5_000) : (60_000, 25_000);
        using var load = new HttpLoad(node.Server.EndPoint, session.Connections);
        load.Run(node.Lookups, 0, warmUp, 200).Clean();

        // On two cores that others use too H varies by a third within a minute: it takes turns with what it bounds. Its own figure has warmed its server up.
        session.Limits.H(HttpExchange.Lookup);
        var echoed = LimitHttp.RequestsTo(session, HttpExchange.Lookup);
        using var echo = new HttpLoad(session.Echo.EndPoint, session.Connections);
        for (var run = 0; run < session.Runs; run++)
        {
            Limits.Add(echo.Run(echoed, 0, count, EchoServer.GetStatus).Clean().PerSecond);
            var used = node.Server.ProcessorTime;
            var result = load.Run(node.Lookups, 0, count, 200).Clean();
            var microseconds = (node.Server.ProcessorTime - used).TotalMicroseconds / count;
            Rates.Add(result.PerSecond);
            _rateNotes.Add($"run {run + 1}: {result.PerSecond:N0}/s, H right before {Limits[^1]:N0}/s, p50 {result.Percentile(50):0.00} ms, p99 {result.Percentile(99):0.00} ms; the node used {microseconds:0} µs of processor time for each");
        }

        _rateNotes.Add($"{node.Lookups.Count:N0} of {node.Tickets:N0} tickets, {session.Connections} connections");
    }

    private sealed class Node : IDisposable
    {
        private const int Seed = 20_261_126;
        private const int Looked = 20_000;
        private const int Asked = 500;

        private readonly HttpLoad _load;
        private readonly RequestSet[] _requests;

        public Node(LargeWorld world)
        {
            Tickets = world.Count;
            Server = ServerProcess.StartNode(world.Small);
            _load = new HttpLoad(Server.EndPoint, 1);
            _requests = RequestsTo(world);
            Check(Server.Get($"/tickets/{world.Tickets[0]}"), $"{world.OwnerOf(0)}");
            Check(HttpLoad.Ask(Server.EndPoint, _requests[1][0]).Body, "\"valid\":true");
            Check(HttpLoad.Ask(Server.EndPoint, _requests[2][0]).Body, "\"issue_tickets\"");
        }

        public static IReadOnlyList<string> Reads { get; } = ["GET /tickets/{id}", "POST /tickets/verify", "GET /tickets/{id}/history?limit=10"];

        public ServerProcess Server { get; }

        public int Tickets { get; }

        /// <summary>Looks at tickets drawn at random.</summary>
        public RequestSet Lookups => _requests[0];

        public void WarmUp(TimeSpan time)
        {
            foreach (var requests in _requests) _load.RunFor(requests, time, 200).Clean();
        }

        /// <summary>Milliseconds that half of the answers took at most.</summary>
        public double MedianOf(int read) => _load.Run(_requests[read], 0, Asked, 200).Clean().Percentile(50);

        public void Dispose()
        {
            _load.Dispose();
            Server.Dispose();
        }

        private static RequestSet[] RequestsTo(LargeWorld world)
        {
            var random = new Random(Seed);
            RequestSet lookups = new(), verifications = new(), histories = new();
            for (var i = 0; i < Looked; i++) lookups.AddGet($"/tickets/{world.Tickets[random.Next(world.Tickets.Length)]}");
            for (var i = 0; i < Asked; i++)
            {
                var ticket = random.Next(world.Tickets.Length);
                verifications.AddPost("/tickets/verify", Encoding.ASCII.GetBytes($$"""{"owner":"{{world.OwnerOf(ticket)}}","ticket_id":"{{world.Tickets[ticket]}}"}"""));
                histories.AddGet($"/tickets/{world.Small.Tickets[random.Next(world.Small.Tickets.Length)]}/history?limit=10");
            }

            return [lookups, verifications, histories];
        }

        private static void Check(string body, string expected)
        {
            if (!body.Contains(expected, StringComparison.Ordinal)) throw new BenchmarkFailedException($"The answer does not have {expected}: {body}");
        }
    }
}
