using SecuTicket.Benchmarks.Growth;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Reading a ticket must not cost more because there are many.</summary>
internal sealed class LookupFlatness : Figure
{
    private const int Seed = 20_261_126;
    private const string Of = "tickets";

    // The first ones are what the figure is of; the others are shown beside them.
    private const int Judged = 3;

    public override string Name => "lookup_flatness";

    public override string Unit => "times";

    public override string About => "Median time of GET /tickets/{id}, POST /tickets/verify and GET /tickets/{id}/history (last 10) with 1,000,000 tickets by that with 1,000, the worst of the three; one connection.";

    public override bool LowerIsBetter => true;

    public override double? Target => 1.3;

    public override Measurement Measure(Session session)
    {
        int[] sizes = session.IsQuick ? [1_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000];
        var nodes = sizes.Select(size => new Node(session.LargeWorld(size))).ToArray();
        try
        {
            return Measure(session, nodes);
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }

    private static Measurement Measure(Session session, Node[] nodes)
    {
        // All sizes in each run: what slows the machine down slows all of them down.
        var times = new double[session.Runs, nodes.Length, nodes[0].Reads.Length];
        for (var run = -1; run < session.Runs; run++)
        {
            for (var size = 0; size < nodes.Length; size++)
            {
                for (var read = 0; read < nodes[size].Reads.Length; read++)
                {
                    var median = nodes[size].MedianOf(read);
                    if (run >= 0) times[run, size, read] = median;
                }
            }
        }

        var last = nodes.Length - 1;
        var values = Enumerable.Range(0, session.Runs).Select(run => Enumerable.Range(0, Judged).Max(read => times[run, last, read] / times[run, 0, read])).ToArray();
        var growth = nodes[0].Reads.Select((read, i) => new GrowthSeries(
            Of, read.Name, [.. nodes.Select((node, size) => new GrowthPoint(node.World.Count, Statistics.Median([.. Enumerable.Range(0, session.Runs).Select(run => times[run, size, i])])))])).ToArray();
        return new Measurement(values, [.. growth.Take(Judged).Select(one => $"{one.Operation}: {string.Join(", ", one.Points.Select(point => $"{point.Size:N0}: {point.Milliseconds * 1_000:0} µs"))}")]) { Growth = growth };
    }

    private sealed class Node : IDisposable
    {
        private const int Requests = 400;

        private readonly ServerProcess _server;
        private readonly HttpLoad _load;

        public Node(LargeWorld world)
        {
            World = world;
            _server = ServerProcess.StartNode(world.Small);
            _load = new HttpLoad(_server.EndPoint, 1);
            Reads = ReadsOf(world);
        }

        public LargeWorld World { get; }

        public (string Name, RequestSet Requests)[] Reads { get; }

        /// <summary>Milliseconds that half of the answers took at most.</summary>
        public double MedianOf(int read) => _load.Run(Reads[read].Requests, 0, Requests, 200).Clean().Percentile(50);

        public void Dispose()
        {
            _load.Dispose();
            _server.Dispose();
        }

        private static (string Name, RequestSet Requests)[] ReadsOf(LargeWorld world)
        {
            var random = new Random(Seed);
            var eventId = world.EventId;
            return
            [
                Set("GET /tickets/{id}", requests => requests.AddGet($"/tickets/{world.Tickets[random.Next(world.Tickets.Length)]}")),
                Set("POST /tickets/verify", requests =>
                {
                    var ticket = random.Next(world.Tickets.Length);
                    requests.AddPost("/tickets/verify", System.Text.Encoding.ASCII.GetBytes($$"""{"owner":"{{world.OwnerOf(ticket)}}","ticket_id":"{{world.Tickets[ticket]}}"}"""));
                }),
                Set("GET /tickets/{id}/history?limit=10", requests => requests.AddGet($"/tickets/{world.Small.Tickets[random.Next(world.Small.Tickets.Length)]}/history?limit=10")),
                Set("GET /accounts/{address}", requests => requests.AddGet($"/accounts/{world.OwnerOf(random.Next(world.Tickets.Length))}")),
                Set("GET /accounts/{address}/tickets?limit=10", requests => requests.AddGet($"/accounts/{world.OwnerOf(random.Next(world.Tickets.Length))}/tickets?limit=10")),
                Set("GET /accounts/{address}/transactions?limit=10", requests => requests.AddGet($"/accounts/{world.Small.Fans[random.Next(world.Small.Fans.Length)].Address}/transactions?limit=10")),
                Set("GET /tickets/{id}/proof", requests => requests.AddGet($"/tickets/{world.Small.Tickets[random.Next(world.Small.Tickets.Length)]}/proof")),
                Set("GET /events?limit=10", requests => requests.AddGet("/events?limit=10")),
                Set("GET /events/{id}", requests => requests.AddGet($"/events/{eventId}")),
                Set("GET /events/{id}/stats", requests => requests.AddGet($"/events/{eventId}/stats")),
                Set("GET /events/{id}/public?limit=10", requests => requests.AddGet($"/events/{eventId}/public?limit=10")),
                Set("GET /events/{id}/tickets?limit=10", requests => requests.AddGet($"/events/{eventId}/tickets?limit=10")),
                Set("GET /events/{id}/tickets?status=unsold&limit=10", requests => requests.AddGet($"/events/{eventId}/tickets?status=unsold&limit=10")),
                Set("GET /info", requests => requests.AddGet("/info")),
            ];
        }

        private static (string Name, RequestSet Requests) Set(string name, Action<RequestSet> add)
        {
            var requests = new RequestSet();
            for (var i = 0; i < Requests; i++) add(requests);
            return (name, requests);
        }
    }
}
