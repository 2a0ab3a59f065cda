using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Something on a port of this machine that answers each request with whatever bytes a test wants.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<Stream, Task> _answer;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Task _accepting;

    public RawPeer(Func<Stream, Task> answer, SslServerAuthenticationOptions? tls = null)
    {
        _answer = answer;
        _tls = tls;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request with the same text and keeps the connection.</summary>
    public static RawPeer Saying(string answer) => new(stream => WriteAsync(stream, answer));

    /// <summary>Answers the first request only, and closes the connection.</summary>
    public static RawPeer SayingAndClosing(string answer) => new(async stream =>
    {
        await WriteAsync(stream, answer);
        stream.Close();
    });

    public static string Ok(string body, string type = "application/octet-stream") => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public PeerAddress Address => At($"http://127.0.0.1:{Port}");

    /// <summary>Head and body of what came, as Latin-1.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public int Connections => _connections.Count;

    /// <summary>What TLS agreed upon with the last connection.</summary>
    public SslApplicationProtocol Protocol { get; private set; }

    public static PeerAddress At(string text) => PeerAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    /// <summary>Ends every connection.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException || _stop.IsCancellationRequested)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using var _ = client;
        await using var closing = _stop.Token.Register(client.Close);
        try
        {
            Stream stream = client.GetStream();
            if (_tls is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(_tls);
                Protocol = secured.NegotiatedApplicationProtocol;
                stream = secured;
            }

            while (await ReadRequestAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                // A test that failed leaves answers waiting for it.
                await _answer(stream).WaitAsync(_stop.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException or InvalidOperationException or OperationCanceledException)
        {
        }
    }

    private static async Task<string?> ReadRequestAsync(Stream stream)
    {
        var text = new StringBuilder();
        var bytes = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(bytes);
            if (read == 0) return null;

            text.Append(Encoding.Latin1.GetString(bytes, 0, read));
            var whole = text.ToString();
            var end = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && whole.Length >= end + 4 + LengthIn(whole[..end])) return whole;
        }
    }

    private static int LengthIn(string head)
    {
        const string name = "Content-Length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head[(at + name.Length)..].Split("\r\n")[0]);
    }
}
