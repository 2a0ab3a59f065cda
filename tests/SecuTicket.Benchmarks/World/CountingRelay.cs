using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Benchmarks.World;

/// <summary>Stands between two nodes, hands on what they send each other, and counts every byte of it: bodies, heads, whatever else is on the connection.</summary>
internal sealed class CountingRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _toServer;
    private long _fromServer;

    /// <summary>Listens on a free port.</summary>
    public CountingRelay()
    {
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _ = AcceptAsync();
    }

    /// <summary>Where it is connected to instead of the server, which must know it as its own address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Who is behind it; to be set before anybody connects.</summary>
    public IPEndPoint? Server { get; set; }

    /// <summary>Bytes that came from clients so far.</summary>
    public long ToServer => Interlocked.Read(ref _toServer);

    /// <summary>Bytes that came from the server so far.</summary>
    public long FromServer => Interlocked.Read(ref _fromServer);

    /// <summary>Bytes of both directions so far.</summary>
    public long Bytes => ToServer + FromServer;

    /// <summary>Waits until nothing has come for some time.</summary>
    public void WaitForSilence()
    {
        const int Silence = 100;
        for (var (before, now) = (-1L, Bytes); before != now; (before, now) = (now, Bytes)) Thread.Sleep(Silence);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // How listening ends.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            client.NoDelay = true;
            await server.ConnectAsync(Server!);
            await Task.WhenAny(HandOnAsync(client, server, count => Interlocked.Add(ref _toServer, count)), HandOnAsync(server, client, count => Interlocked.Add(ref _fromServer, count)));
        }
    }

    private static async Task HandOnAsync(Socket from, Socket to, Action<int> count)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var received)
            {
                count(received);
                await to.SendAsync(buffer.AsMemory(0, received));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // One side is gone, and so is the connection.
        }
    }
}
