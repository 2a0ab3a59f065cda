using System.Diagnostics;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A node comes back.</summary>
internal sealed class Restart1M : Figure
{
    public override string Name => "restart_1m";

    public override string Unit => "s";

    public override string About => "From the start of the process on 1,000,000 tickets (as many sales remembered, 100,000 owners) to the first 200 of GET /health/ready and then of GET /tickets/{id}.";

    public override bool LowerIsBetter => true;

    public override double? Target => 2;

    public override string LimitName => "limit_start";

    public override double? Limit(Session session) => session.ValueOf(LimitName);

    public override Measurement Measure(Session session)
    {
        var world = session.MillionTickets;
        return Starts.Measure(session, world.Small, server => server.Get($"/tickets/{world.Tickets[world.Tickets.Length / 2]}"));
    }
}

/// <summary>What a start costs when there is nothing to load.</summary>
internal sealed class LimitStart : Figure
{
    public override string Name => "limit_start";

    public override string Unit => "s";

    public override string About => "The same with a ledger of one ticket: what the process costs.";

    public override bool LowerIsBetter => true;

    public override Measurement Measure(Session session)
    {
        using var world = session.Build("limit-start", new WorldSize(1, 1, 1));
        return Starts.Measure(session, world, server => server.Get($"/tickets/{world.Tickets[0]}"));
    }
}

/// <summary>Starts a node again and again.</summary>
internal static class Starts
{
    /// <returns>Seconds of each start until <paramref name="use"/> was done.</returns>
    public static Measurement Measure(Session session, TicketWorld world, Action<ServerProcess> use)
    {
        // The first one makes the key file and the node's account.
        using (var first = ServerProcess.StartNode(world)) use(first);

        List<double> served = [], ready = [], used = [], memory = [];
        for (var i = 0; i < session.Runs; i++)
        {
            using var server = ServerProcess.StartNode(world);
            server.Get("/health/ready");
            ready.Add(Stopwatch.GetElapsedTime(server.StartedAt).TotalSeconds);
            use(server);
            served.Add(Stopwatch.GetElapsedTime(server.StartedAt).TotalSeconds);
            used.Add(server.ProcessorTime.TotalSeconds);
            memory.Add(server.WorkingSet / 1024.0 / 1024);
        }

        ready.Sort();
        used.Sort();
        memory.Sort();
        return new Measurement(served, $"GET /health/ready alone: {ready[ready.Count / 2]:0.000} s (median); the process used {used[used.Count / 2]:0.000} s of processor time (median); its working set is then {memory[memory.Count / 2]:0} MiB (median)");
    }
}
