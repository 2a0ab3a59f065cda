using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Benchmarks.Load;

/// <summary>So many connections to a server and not one more; which of them wait for a response, and which are free.</summary>
internal sealed class LoadConnections : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPEndPoint _server;
    private readonly Stack<LoadConnection> _free = [];
    private readonly List<LoadConnection> _busy = [];
    private readonly List<Socket> _readable = [];

    /// <summary>Opens them.</summary>
    public LoadConnections(IPEndPoint server, int count)
    {
        _server = server;
        for (var i = 0; i < count; i++) _free.Push(new LoadConnection(server));
    }

    /// <summary>Requests under way.</summary>
    public int Busy => _busy.Count;

    /// <summary>Connections that a request can be sent on.</summary>
    public int Free => _free.Count;

    /// <summary>Sends a request on a free connection.</summary>
    /// <param name="request">The whole of it.</param>
    /// <param name="startedAt">What its latency is counted from, in stopwatch ticks.</param>
    public void Send(ReadOnlySpan<byte> request, long startedAt)
    {
        var connection = _free.Pop();
        connection.Send(request, startedAt);
        _busy.Add(connection);
    }

    /// <summary>Waits until something can be read or the time is over, and reads it. Those whose response is complete, or that broke, are free afterwards.</summary>
    /// <param name="milliseconds">How long to wait; negative for as long as it takes.</param>
    /// <param name="tally">Counts what came.</param>
    /// <exception cref="BenchmarkFailedException">No response arrived for 30 seconds.</exception>
    public void Receive(int milliseconds, LoadTally tally)
    {
        if (_busy.Count == 0)
        {
            Thread.Sleep(Math.Max(0, milliseconds));
            return;
        }

        _readable.Clear();
        _readable.AddRange(_busy);
        Socket.Select(_readable, null, null, milliseconds < 0 ? (int)Patience.TotalMicroseconds : milliseconds * 1_000);
        if (_readable.Count == 0 && milliseconds < 0) throw new BenchmarkFailedException($"No response for {Patience.TotalSeconds} s; {tally.Count} had arrived.");

        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        foreach (var socket in _readable) Receive((LoadConnection)socket, now, tally);
    }

    public void Dispose()
    {
        foreach (var connection in _free) connection.Dispose();
        foreach (var connection in _busy) connection.Dispose();
    }

    private void Receive(LoadConnection connection, long now, LoadTally tally)
    {
        var state = connection.Receive(out var response);
        if (state == ResponseState.Partial) return;

        tally.Add(connection, state, response.Status, now - connection.SentAt);
        _busy.Remove(connection);
        if (state != ResponseState.Malformed && !response.Closes)
        {
            _free.Push(connection);
            return;
        }

        connection.Dispose();
        _free.Push(new LoadConnection(_server));
    }
}
