using System.Diagnostics;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The sale that more people want to be at than there are seats.</summary>
/// <remarks>Buyers go for the house part by part, front rows first, so that each run is a sale of its own from the first seat to the last: the five of the suite are the whole house.</remarks>
internal sealed class HotSale : Figure
{
    private const int Fans = 1_000;
    private const int Seed = 20_261_126;
    private const int Parts = 5;

    public override string Name => "hot_sale";

    public override string Unit => "answers/s";

    public override string About => "60,000 seats and 200,000 buyers' signed requests as fast as they come, in five parts of the house: each seat is sold once, every other answer is 409.";

    public override double? Target => 5_000;

    public override Measurement Measure(Session session)
    {
        var (seats, wishes) = session.IsQuick ? (1_500, 5_000) : (60_000 / Parts, 200_000 / Parts);
        using var world = session.Build("hot", new WorldSize(Fans, seats * session.Runs, 0));
        session.Say($"signing {wishes * session.Runs:N0} purchases");
        var (random, requests) = (new Random(Seed), new RequestSet());
        for (var part = 0; part < session.Runs; part++)
            foreach (var purchase in world.SignPurchases(Wishes(random, part * seats, seats, wishes))) requests.AddPost("/tickets/purchase", Signer.BodyOf(purchase));

        var rates = new double[session.Runs];
        var notes = new List<string>();
        using var server = ServerProcess.StartNode(world);
        using var load = new HttpLoad(server.EndPoint, session.Connections);
        for (var part = 0; part < rates.Length; part++)
        {
            var used = server.ProcessorTime;
            var result = load.Run(requests, part * wishes, wishes, 201);
            var microseconds = (server.ProcessorTime - used).TotalMicroseconds / wishes;
            var late = result.Errors.GetValueOrDefault(409);
            if (result.Expected != seats || late != wishes - seats)
                throw new BenchmarkFailedException($"{result.Expected:N0} purchases were acknowledged and {late:N0} refused with 409, expected {seats:N0} and {wishes - seats:N0}: {result.FirstError}");

            rates[part] = wishes / result.Elapsed.TotalSeconds;
            notes.Add($"part {part + 1}: {rates[part]:N0}/s, p50 {result.Percentile(50):0.0} ms, p99 {result.Percentile(99):0.0} ms; the node used {microseconds:0} µs of processor time for each");
        }

        var end = Stopwatch.GetTimestamp();
        server.WaitFor("secuticket_pending_transactions", 0);
        notes.Add($"{Stopwatch.GetElapsedTime(end).TotalSeconds:0.0} s after the last answer nothing is pending");
        server.Kill();
        var length = new LedgerAudit(world).CheckSoldOut();
        notes.Add($"after kill -9 each of the {world.Tickets.Length:N0} tickets has one fan as its owner, who paid for it, and the money is conserved ({length:N0} blocks)");
        return new Measurement(rates, notes);
    }

    // Each seat is wished for three times or more, by whomever: who is first is the node's to say.
    private static (int Ticket, int Fan)[] Wishes(Random random, int first, int seats, int count)
    {
        var wishes = new (int Ticket, int Fan)[count];
        for (var i = 0; i < wishes.Length; i++) wishes[i] = (first + (i < count / seats * seats ? i % seats : random.Next(seats)), random.Next(Fans));
        random.Shuffle(wishes);
        return wishes;
    }
}
