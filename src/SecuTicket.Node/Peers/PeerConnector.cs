using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Connects to the host of a peer: resolves its name once, judges what came of it, and connects to just that.</summary>
/// <remarks>Were the name resolved again for the connection, its owner could answer with an allowed address first and with a forbidden one then («DNS rebinding»).</remarks>
internal sealed class PeerConnector(AddressGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve, PeerClientSettings settings, TimeProvider clock)
{
    /// <summary>Where hosts were connected to.</summary>
    public ReachedBlocks Reached { get; } = new();

    // One is in it for each that is under way.
    private readonly Channel<bool> _lookups = Channel.CreateBounded<bool>(settings.Lookups);

    private static readonly Refusal NoAddress = PeerRefusals.NotReached("The name of the peer's host could not be resolved.");
    private static readonly Refusal NoConnection = PeerRefusals.NotReached("Nothing accepts connections at the peer's address.");
    private static readonly Refusal TooSlow = PeerRefusals.NotReached("No connection with the peer in time.");

    /// <summary>A connection, before any TLS.</summary>
    /// <exception cref="NotConnectedException">There is none, with the reason.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext wanted, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(settings.ConnectTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var host = wanted.DnsEndPoint;
        try
        {
            var allowed = await AllowedAsync(host.Host, either.Token);
            var each = settings.ConnectTime / allowed.Length;
            foreach (var address in allowed)
                if (await TryConnectAsync(new IPEndPoint(address, host.Port), each, either.Token) is { } socket)
                    return new Connection(socket, Reached.Take(host.Host, host.Port), AddressBlock.Of(address));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new NotConnectedException(TooSlow);
        }

        throw new NotConnectedException(NoConnection);
    }

    private async Task<IPAddress[]> AllowedAsync(string host, CancellationToken stop)
    {
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, stop);
        if (found.Length == 0) throw new NotConnectedException(NoAddress);

        var judged = found.Select(address => (Address: address, Verdict: guard.Judge(address))).ToArray();
        IPAddress[] allowed = [.. judged.Where(one => one.Verdict.IsAccepted).Select(one => one.Address).Take(settings.AddressesTried)];
        return allowed.Length > 0 ? allowed : throw new NotConnectedException(judged[0].Verdict.Refusal!);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        await _lookups.Writer.WriteAsync(true, stop);
        var lookup = Task.Run(() => resolve(host, CancellationToken.None), CancellationToken.None);

        // The resolver goes on when nobody waits any more: only its end makes room for another.
        _ = lookup.ContinueWith(_ => _lookups.Reader.TryRead(out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await lookup.WaitAsync(stop);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    // One address of several that swallows packets must not use up the time of the others.
    private async Task<Socket?> TryConnectAsync(IPEndPoint to, TimeSpan time, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, either.Token);
            return socket;
        }
        catch (Exception fault)
        {
            socket.Dispose();
            if (fault is SocketException || (fault is OperationCanceledException && !stop.IsCancellationRequested)) return null;
            throw;
        }
    }

    private sealed class Connection : NetworkStream
    {
        private readonly ReachedBlocks.Hold _host;

        public Connection(Socket socket, ReachedBlocks.Hold host, AddressBlock block)
            : base(socket, ownsSocket: true)
        {
            _host = host;
            _host.Block = block;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) _host.Dispose();
        }
    }
}

/// <summary>Carries a refusal through the HTTP client, which knows exceptions only.</summary>
/// <param name="why">Why there is no connection.</param>
internal sealed class NotConnectedException(Refusal why) : Exception(why.Detail)
{
    /// <summary>Why there is no connection.</summary>
    public Refusal Why => why;
}
