using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Someone looks at a ticket.</summary>
internal sealed class LookupHttp : Figure
{
    private const int Seed = 20_261_120;

    public override string Name => "lookup_http";

    public override string Unit => "lookups/s";

    public override string About => "GET /tickets/{id} of tickets drawn at random from 1,000,000 that were issued and sold.";

    public override double? TargetRatio => 0.7;

    public override string LimitName => "H";

    public override double? Limit(Session session) => session.Limits.H(HttpExchange.Lookup);

    public override Measurement Measure(Session session)
    {
        var world = session.MillionTickets;
        var (warmUp, count) = session.IsQuick ? (20_000, 10_000) : (40_000, 20_000);
        var random = new Random(Seed);
        var requests = new RequestSet();
        for (var i = 0; i < count; i++) requests.AddGet($"/tickets/{world.Tickets[random.Next(world.Tickets.Length)]}");

        using var server = ServerProcess.StartNode(world.Small);
        var sample = server.Get($"/tickets/{world.Tickets[0]}");
        if (!sample.Contains(world.OwnerOf(0).ToString(), StringComparison.Ordinal)) throw new BenchmarkFailedException($"The answer does not name the owner: {sample}");

        using var load = new HttpLoad(server.EndPoint, session.Connections);
        load.Run(requests, 0, warmUp, 200).Clean();
        var rates = new double[session.Runs];
        var notes = new List<string>();
        for (var i = 0; i < rates.Length; i++)
        {
            var used = server.ProcessorTime;
            var result = load.Run(requests, 0, count, 200).Clean();
            var microseconds = (server.ProcessorTime - used).TotalMicroseconds / count;
            rates[i] = result.PerSecond;
            notes.Add($"run {i + 1}: {result.PerSecond:N0}/s, p50 {result.Percentile(50):0.00} ms, p99 {result.Percentile(99):0.00} ms; the node used {microseconds:0} µs of processor time for each");
        }

        notes.Add($"an answer has {sample.Length} bytes; {session.Connections} connections");
        return new Measurement(rates, notes);
    }
}
