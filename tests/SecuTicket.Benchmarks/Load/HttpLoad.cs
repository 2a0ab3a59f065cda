using System.Diagnostics;
using System.Net;
using System.Text;

namespace SecuTicket.Benchmarks.Load;

/// <summary>A closed-loop client: each of its connections sends the next request when the response to the one before is complete.</summary>
/// <remarks>
/// One thread, for the server shares its cores with it: it sleeps in poll(2) until any connection is readable and then serves all that are. Nothing is
/// allocated for a request, nothing waits for time to pass.
/// </remarks>
internal sealed class HttpLoad(IPEndPoint server, int connections) : IDisposable
{
    private readonly LoadConnections _connections = new(server, connections);

    /// <summary>Sends requests <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1, each once, and reads all responses.</summary>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public LoadResult Run(RequestSet requests, int first, int count, int expectedStatus)
    {
        var end = first + count;
        return Run(requests, first, next => next < end, expectedStatus);
    }

    /// <summary>Sends all requests again and again for some time, and reads all responses.</summary>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public LoadResult RunFor(RequestSet requests, TimeSpan time, int expectedStatus) => RunFor(requests, int.MaxValue, time, expectedStatus);

    /// <summary>The same, and not more than <paramref name="most"/> of them.</summary>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public LoadResult RunFor(RequestSet requests, int most, TimeSpan time, int expectedStatus)
    {
        var start = Stopwatch.GetTimestamp();
        return Run(requests, 0, next => next < most && Stopwatch.GetElapsedTime(start) < time, expectedStatus);
    }

    /// <summary>Sends one GET and returns status and body.</summary>
    public static (int Status, string Body) Get(IPEndPoint server, string path)
    {
        var request = new RequestSet();
        request.AddGet(path);
        var (status, body, _) = Ask(server, request[0]);
        return (status, body);
    }

    /// <summary>Sends one request and returns status and body, and the bytes of the head.</summary>
    public static (int Status, string Body, int HeadSize) Ask(IPEndPoint server, ReadOnlyMemory<byte> request)
    {
        using var connection = new LoadConnection(server);
        connection.Send(request.Span, Stopwatch.GetTimestamp());
        Response response;
        ResponseState state;
        do state = connection.Receive(out response);
        while (state == ResponseState.Partial);
        return state == ResponseState.Complete
            ? (response.Status, Encoding.UTF8.GetString(connection.Received[response.BodyStart..]), response.BodyStart)
            : throw new BenchmarkFailedException($"{Encoding.UTF8.GetString(request.Span)} got no response that can be read: {Encoding.UTF8.GetString(connection.Received)}");
    }

    public void Dispose() => _connections.Dispose();

    private LoadResult Run(RequestSet requests, int next, Func<int, bool> goesOn, int expectedStatus)
    {
        var tally = new LoadTally(expectedStatus);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            while (_connections.Free > 0 && goesOn(next)) _connections.Send(requests[next++ % requests.Count].Span, Stopwatch.GetTimestamp());
            if (_connections.Busy == 0) return tally.Result(Stopwatch.GetElapsedTime(start));

            _connections.Receive(milliseconds: -1, tally);
        }
    }
}
