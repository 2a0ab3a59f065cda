using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecuTicket.Benchmarks.Load;

/// <summary>A closed-loop client: each of its connections sends the next request when the response to the one before is complete.</summary>
/// <remarks>
/// One thread, for the server shares its cores with it: it sleeps in poll(2) until any connection is readable and then serves all that are. Nothing is
/// allocated for a request, nothing waits for time to pass.
/// </remarks>
internal sealed class HttpLoad : IDisposable
{
    private const int StalledMicroseconds = 30_000_000;
    private const int ShownBytes = 600;

    private readonly IPEndPoint _server;
    private readonly List<LoadConnection> _connections = [];
    private readonly List<Socket> _readable = [];
    private readonly SortedDictionary<int, int> _errors = [];
    private string? _firstError;

    /// <summary>Opens the connections.</summary>
    public HttpLoad(IPEndPoint server, int connections)
    {
        _server = server;
        for (var i = 0; i < connections; i++) _connections.Add(new LoadConnection(server));
    }

    /// <summary>Sends requests <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1, each once, and reads all responses.</summary>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public LoadResult Run(RequestSet requests, int first, int count, int expectedStatus)
    {
        _errors.Clear();
        _firstError = null;
        var latencies = new long[count];
        var (next, end, answered, expected) = (first, first + count, 0, 0);
        var busy = new List<LoadConnection>(_connections.Count);
        var start = Stopwatch.GetTimestamp();
        foreach (var connection in _connections)
        {
            if (next == end) break;

            connection.Send(requests[next++].Span, Stopwatch.GetTimestamp());
            busy.Add(connection);
        }

        while (busy.Count > 0)
        {
            _readable.Clear();
            foreach (var connection in busy) _readable.Add(connection);
            Socket.Select(_readable, null, null, StalledMicroseconds);
            if (_readable.Count == 0) throw new BenchmarkFailedException($"No response for {StalledMicroseconds / 1_000_000} s; {answered} of {count} had arrived.");

            var now = Stopwatch.GetTimestamp();
            foreach (var socket in _readable)
            {
                var connection = (LoadConnection)socket;
                var state = connection.Receive(out var response);
                if (state == ResponseState.Partial) continue;

                latencies[answered++] = now - connection.SentAt;
                if (state == ResponseState.Complete && response.Status == expectedStatus) expected++;
                else Note(state == ResponseState.Complete ? response.Status : 0, connection);

                var usable = connection;
                if (state == ResponseState.Malformed || response.Closes) usable = Replace(connection, busy);
                if (next < end) usable.Send(requests[next++].Span, now);
                else busy.Remove(usable);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        Array.Sort(latencies);
        return new LoadResult(expected, elapsed, latencies, new SortedDictionary<int, int>(_errors), _firstError);
    }

    /// <summary>Sends one GET and returns status and body.</summary>
    public static (int Status, string Body) Get(IPEndPoint server, string path)
    {
        var request = new RequestSet();
        request.AddGet(path);
        using var connection = new LoadConnection(server);
        connection.Send(request[0].Span, Stopwatch.GetTimestamp());
        Response response;
        ResponseState state;
        do state = connection.Receive(out response);
        while (state == ResponseState.Partial);
        return state == ResponseState.Complete
            ? (response.Status, Encoding.UTF8.GetString(connection.Received[response.BodyStart..]))
            : throw new BenchmarkFailedException($"GET {path} got no response that can be read: {Encoding.UTF8.GetString(connection.Received)}");
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private void Note(int status, LoadConnection connection)
    {
        _errors[status] = _errors.GetValueOrDefault(status) + 1;
        var shown = connection.Received;
        _firstError ??= Encoding.UTF8.GetString(shown[..Math.Min(shown.Length, ShownBytes)]);
    }

    private LoadConnection Replace(LoadConnection broken, List<LoadConnection> busy)
    {
        var fresh = new LoadConnection(_server);
        _connections[_connections.IndexOf(broken)] = fresh;
        busy[busy.IndexOf(broken)] = fresh;
        broken.Dispose();
        return fresh;
    }
}
