using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Reading a ticket must not cost more because there are many.</summary>
internal sealed class LookupFlatness : Figure
{
    private const int Seed = 20_261_126;
    private const int Few = 1_000;

    // Code is compiled for good some time after it was called often, while others are asked.
    private const int WarmUps = 3;

    public override string Name => "lookup_flatness";

    public override string Unit => "times";

    public override string About => "Median time of GET /tickets/{id}, POST /tickets/verify and GET /tickets/{id}/history (last 10) with 1,000,000 tickets by that with 1,000, the worst of the three; one connection.";

    public override bool LowerIsBetter => true;

    public override double? Target => 1.3;

    public override Measurement Measure(Session session)
    {
        using var few = new Node(session.LargeWorld(Few));
        using var many = new Node(session.MillionTickets);
        for (var turn = 0; turn < WarmUps; turn++)
        {
            few.WarmUp(session.IsQuick);
            many.WarmUp(session.IsQuick);
        }

        double[] values = new double[session.Runs];
        var (fewTimes, manyTimes) = (Times(session), Times(session));

        // Both in each run, one right after the other: what slows the machine down slows both of them down.
        for (var run = 0; run < session.Runs; run++)
        {
            for (var read = 0; read < Node.Reads.Count; read++)
            {
                (fewTimes[read][run], manyTimes[read][run]) = (few.MedianOf(read), many.MedianOf(read));
                values[run] = Math.Max(values[run], manyTimes[read][run] / fewTimes[read][run]);
            }
        }

        return new Measurement(values, [.. Node.Reads.Select((name, read) => $"{name}: {Statistics.Median(fewTimes[read]) * 1_000:0} µs with {few.Tickets:N0} tickets, {Statistics.Median(manyTimes[read]) * 1_000:0} µs with {many.Tickets:N0}")]);
    }

    private static double[][] Times(Session session) => [.. Node.Reads.Select(_ => new double[session.Runs])];

    private sealed class Node : IDisposable
    {
        private const int Requests = 500;
        private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(0.6);

        private readonly ServerProcess _server;
        private readonly HttpLoad _load;
        private readonly RequestSet[] _requests;

        public Node(LargeWorld world)
        {
            Tickets = world.Count;
            _server = ServerProcess.StartNode(world.Small);
            _load = new HttpLoad(_server.EndPoint, 1);
            _requests = RequestsTo(world);
            var (_, body, _) = HttpLoad.Ask(_server.EndPoint, _requests[1][0]);
            if (!body.Contains("\"valid\":true", StringComparison.Ordinal)) throw new BenchmarkFailedException($"A ticket is not its owner's: {body}");
        }

        public static IReadOnlyList<string> Reads { get; } = ["GET /tickets/{id}", "POST /tickets/verify", "GET /tickets/{id}/history?limit=10"];

        public int Tickets { get; }

        public void WarmUp(bool isQuick)
        {
            foreach (var requests in _requests) _load.RunFor(requests, isQuick ? WarmUpTime / 2 : WarmUpTime, 200).Clean();
        }

        /// <summary>Milliseconds that half of the answers took at most.</summary>
        public double MedianOf(int read) => _load.Run(_requests[read], 0, Requests, 200).Clean().Percentile(50);

        public void Dispose()
        {
            _load.Dispose();
            _server.Dispose();
        }

        private static RequestSet[] RequestsTo(LargeWorld world)
        {
            var random = new Random(Seed);
            RequestSet lookups = new(), verifications = new(), histories = new();
            for (var i = 0; i < Requests; i++)
            {
                var ticket = random.Next(world.Tickets.Length);
                lookups.AddGet($"/tickets/{world.Tickets[ticket]}");
                verifications.AddPost("/tickets/verify", System.Text.Encoding.ASCII.GetBytes($$"""{"owner":"{{world.OwnerOf(ticket)}}","ticket_id":"{{world.Tickets[ticket]}}"}"""));
                histories.AddGet($"/tickets/{world.Small.Tickets[random.Next(world.Small.Tickets.Length)]}/history?limit=10");
            }

            return [lookups, verifications, histories];
        }
    }
}
