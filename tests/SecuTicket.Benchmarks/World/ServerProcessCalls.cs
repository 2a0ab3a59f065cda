using System.Globalization;
using System.Text.Json;
using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>What figures ask of a node beside what they measure.</summary>
internal static class ServerProcessCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes it forge a block of what waits.</summary>
    public static void Mine(this ServerProcess server)
    {
        var request = new RequestSet();
        request.AddPost("/mine", "{}"u8);
        using var load = new HttpLoad(server.EndPoint, 1);
        load.Run(request, 0, 1, 200).Clean();
    }

    /// <summary>Index of its tip.</summary>
    public static long Height(this ServerProcess server)
    {
        using var info = JsonDocument.Parse(server.Get("/info"));
        return info.RootElement.GetProperty("height").GetInt64();
    }

    /// <summary>One of its metrics.</summary>
    public static double Metric(this ServerProcess server, string name) =>
        double.Parse(server.Get("/metrics").Split('\n').First(line => line.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Waits until one of its metrics has a value.</summary>
    public static void WaitFor(this ServerProcess server, string metric, double value)
    {
        const int Pause = 20;
        var start = TimeProvider.System.GetTimestamp();
        while (server.Metric(metric) is var found && found != value)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience) throw new BenchmarkFailedException($"{metric} of a node is {found} after {Patience.TotalSeconds} s, expected {value}.");
            Thread.Sleep(Pause);
        }
    }
}
