using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>The address under which other nodes reach one node, so that it can be cut off from them while its own port stays open for clients.</summary>
internal sealed class PeerRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<IPEndPoint, int, Wire?> _wireOf;
    private volatile int _to;

    /// <param name="wireOf">The wire of who calls from an end to our port; null when nobody knows.</param>
    public PeerRelay(Func<IPEndPoint, int, Wire?> wireOf)
    {
        _wireOf = wireOf;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The node listens on this port now.</summary>
    public void LeadTo(int port) => _to = port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        await Task.Yield();
        using (near)
        using (var far = new TcpClient())
        {
            // Closing is a reset: who is cut off is not told that all is well.
            near.LingerState = new LingerOption(true, 0);
            try
            {
                if (_wireOf((IPEndPoint)near.Client.RemoteEndPoint!, Port) is not { } wire) return;

                var cut = wire.Connect();
                await wire.FlowAsync(cut);
                await far.ConnectAsync(IPAddress.Loopback, _to, cut);
                await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream(), wire, cut), PumpAsync(far.GetStream(), near.GetStream(), wire, cut));
            }
            catch (Exception end) when (end is SocketException or IOException or OperationCanceledException)
            {
                // One of the two is gone, or cut off.
            }
        }
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Wire wire, CancellationToken cut)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cut) is > 0 and var count)
        {
            await wire.FlowAsync(cut);
            await to.WriteAsync(buffer.AsMemory(0, count), cut);
        }
    }
}
