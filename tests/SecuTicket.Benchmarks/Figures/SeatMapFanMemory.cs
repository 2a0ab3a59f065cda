using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What a fan before a seat map costs the node.</summary>
internal sealed class SeatMapFanMemory : Figure
{
    private const int Fans = 200;
    private const int Seats = 2_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public override string Name => "seat_map_fan_memory";

    public override string Unit => "KiB";

    public override string About => "Working set of a node by fan: 200 that opened the map of a house of 2,000 seats at once, listen to the stream on a connection each, and read the seats again.";

    public override bool LowerIsBetter => true;

    public override double? Target => 1_024;

    public override Measurement Measure(Session session)
    {
        using var world = session.Build("seat-map", new WorldSize(Fans, Seats, 0));
        double[] values = [.. Enumerable.Range(0, session.Runs).Select(_ => OnceAsync(world).GetAwaiter().GetResult())];
        return new Measurement(values);
    }

    private static async Task<double> OnceAsync(TicketWorld world)
    {
        using var server = ServerProcess.StartNode(world);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}") };
        var page = $"/sale/{world.EventId}?session=0&area=0";

        // What the first visitor costs is the node's own: pages compiled, a plan made.
        await http.GetStringAsync(page);
        await Task.Delay(Settling);
        var before = server.WorkingSet;
        var streams = await Task.WhenAll(Enumerable.Range(0, Fans).Select(async _ =>
        {
            if (!(await http.GetStringAsync(page)).Contains("data-seats", StringComparison.Ordinal)) throw new BenchmarkFailedException("The page has no seats.");
            var stream = await http.GetStreamAsync("/stream");
            await http.GetStringAsync($"/sale/{world.EventId}/seats?session=0&area=0");
            return stream;
        }));
        await Task.Delay(Settling);
        var each = (server.WorkingSet - before) / 1024.0 / Fans;
        foreach (var stream in streams) await stream.DisposeAsync();
        return each;
    }
}
