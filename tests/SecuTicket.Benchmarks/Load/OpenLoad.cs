using System.Diagnostics;
using System.Net;

namespace SecuTicket.Benchmarks.Load;

/// <summary>An open-loop client: it sends requests when they are due and not when the server is ready, on so many connections and no more.</summary>
/// <remarks>One thread that sleeps a millisecond at a time, as fine as poll(2) does: what that adds is counted as latency.</remarks>
internal sealed class OpenLoad(IPEndPoint server, int connections) : IDisposable
{
    private readonly LoadConnections _connections = new(server, connections);

    /// <summary>Sends request <paramref name="first"/> + i when <paramref name="arrivals"/>[i] seconds have passed, and reads all responses.</summary>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public OpenLoadResult Run(RequestSet requests, int first, double[] arrivals, int expectedStatus)
    {
        const int LongestPause = 1;
        var start = Stopwatch.GetTimestamp();
        var queue = new ArrivalQueue([.. arrivals.Select(seconds => start + (long)(seconds * Stopwatch.Frequency))]);
        var tally = new LoadTally(expectedStatus);
        while (!queue.IsEmpty || _connections.Busy > 0)
        {
            while (queue.TryTake(Stopwatch.GetTimestamp(), _connections.Free > 0, out var request, out var dueAt)) _connections.Send(requests[first + request].Span, dueAt);

            // With no connection free, or nothing left to send, only a response changes anything.
            _connections.Receive(_connections.Free == 0 || queue.IsEmpty ? -1 : queue.Pause(Stopwatch.GetTimestamp()) == 0 ? 0 : LongestPause, tally);
        }

        return new OpenLoadResult(tally.Result(Stopwatch.GetElapsedTime(start)), arrivals.Length / arrivals[^1], queue.Held, queue.LargestBacklog, queue.LargestDelay * 1_000.0 / Stopwatch.Frequency);
    }

    public void Dispose() => _connections.Dispose();
}

/// <summary>What an open-loop load gave.</summary>
/// <param name="Load">The responses; latencies are counted from when requests were due.</param>
/// <param name="Offered">Requests that were due a second.</param>
/// <param name="Held">Requests that found no free connection.</param>
/// <param name="LargestBacklog">The most that were due and not sent at one time.</param>
/// <param name="LargestDelay">The longest time from due to sent, in milliseconds.</param>
internal sealed record OpenLoadResult(LoadResult Load, double Offered, int Held, int LargestBacklog, double LargestDelay)
{
    /// <summary>Whether the server kept up: less than a second of requests was ever due and not sent.</summary>
    public bool KeptUp => LargestBacklog < Offered;

    /// <summary>What the client has to say about itself.</summary>
    public string Account => $"{Offered:N0}/s were due, {Load.PerSecond:N0}/s answered; {Held:N0} of {Load.Latencies.Length:N0} found no free connection, at most {LargestBacklog:N0} waited, sent {LargestDelay:0.0} ms late at most";
}
