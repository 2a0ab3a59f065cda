using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Calls peers over HTTP/1.1 or, where TLS negotiates it, HTTP/2. Every answer is a stranger's: bounded in size, time and slowness, and never repeated in an error. Thread-safe.</summary>
/// <remarks>No redirects, proxies, cookies, credentials or compressed answers: none of them is part of the protocol, and each would let a peer send this node elsewhere or cost it more than it sees.</remarks>
public sealed class PeerClient : IDisposable
{
    /// <summary>Most bytes of a peer's refusal that are read.</summary>
    public const int ProblemBytes = 4 * 1024;

    private const string ProblemMediaType = "application/problem+json";
    private const int FirstBufferBytes = 16 * 1024;

    private static readonly Refusal TooSlow = PeerRefusals.NotReached("The peer did not answer in time, or too slowly.");
    private static readonly Refusal BrokenOff = PeerRefusals.NotReached("The connection with the peer ended before its answer did.");
    private static readonly Refusal NotTrusted = PeerRefusals.NotReached("No secure connection with the peer: its certificate is not for this host, not from a trusted root or not in force, or it speaks no TLS that is accepted.");
    private static readonly Refusal NotThere = PeerRefusals.NotReached("The peer could not be connected to.");
    private static readonly Refusal Overloaded = PeerRefusals.NotReached("What answers at the peer's address is not able to for now.");
    private static readonly Refusal NotHttp = PeerRefusals.NotOurs("What answers at the peer's address breaks the rules of HTTP.");
    private static readonly Refusal OtherAnswer = PeerRefusals.NotOurs("What answers at the peer's address does not answer as a node does.");
    private static readonly Refusal TooLarge = PeerRefusals.NotOurs("The peer's answer is larger than it may be.");

    private readonly TimeProvider _clock;
    private readonly ReachedBlocks _reached;
    private readonly HttpMessageInvoker _http;

    /// <summary>Nothing is connected yet.</summary>
    /// <param name="guard">Judges every address before it is connected to.</param>
    /// <param name="resolve">Finds the IP addresses of a name, such as <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/>.</param>
    /// <param name="settings">How peers are connected to.</param>
    /// <param name="clock">Decides what is too late.</param>
    public PeerClient(AddressGuard guard, Func<string, CancellationToken, Task<IPAddress[]>> resolve, PeerClientSettings settings, TimeProvider clock)
    {
        var connector = new PeerConnector(guard, resolve, settings, clock);
        _clock = clock;
        _reached = connector.Reached;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            SslOptions = PeerTrust.OptionsFor(settings.TrustedRoots),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = settings.ConnectTime,
            PooledConnectionLifetime = settings.ConnectionLifetime,
            PooledConnectionIdleTimeout = settings.IdleTime,
            MaxConnectionsPerServer = settings.ConnectionsPerPeer,
            MaxResponseHeadersLength = settings.HeaderKiB,
            // A body that was not read to its end is not worth reading.
            MaxResponseDrainSize = 0,
        });
    }

    /// <summary>Calls a peer and waits for its whole answer.</summary>
    /// <returns>
    /// The answer; or <c>address_not_allowed</c>, <c>unreachable</c>, <c>not_a_node</c> or one of the codes that <see cref="PeerRefusals"/> knows of peers.
    /// A refusal is <see cref="RefusalKind.Transient"/> exactly when the same call may succeed later.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public async Task<Verdict<PeerReply>> CallAsync(PeerCall call, PeerCallLimits limits, CancellationToken stop)
    {
        using var deadline = new CallDeadline(limits, _clock, stop);
        using var request = RequestFor(call);
        using var host = _reached.Take(call.To.Host, call.To.Port);
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            deadline.HeadersCame();
            if (response.StatusCode != HttpStatusCode.OK) return await RefusalOfAsync(response, deadline);
            if (!HasType(response.Content, MediaTypeOf(call))) return OtherAnswer;
            if (await ReadAsync(response.Content, limits.ResponseBytes, deadline) is not { } body) return TooLarge;

            return new PeerReply(body, host.Block, HeadBytes(request) + call.Body.Length, HeadBytes(response) + body.Length);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return TooSlow;
        }
        catch (HttpRequestException fault)
        {
            return fault.InnerException is NotConnectedException known ? known.Why : Meaning(fault.HttpRequestError);
        }
        catch (HttpIOException fault)
        {
            return Meaning(fault.HttpRequestError);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            // A SocketException comes as it is from a connection that was reset before the handler looked at it.
            return BrokenOff;
        }
    }

    /// <summary>Closes every connection; calls under way fail.</summary>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestFor(PeerCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{call.To}/peer/v1/{call.Kind}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ReadOnlyMemoryContent(call.Body) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeOf(call)), ContentLength = call.Body.Length } },
        };
        if (call.Session is { } session) request.Headers.Add(SessionToken.HeaderName, session.Reveal());
        return request;
    }

    private static string MediaTypeOf(PeerCall call) => call.IsJson ? MediaTypeNames.Application.Json : MediaTypeNames.Application.Octet;

    private static bool HasType(HttpContent content, string mediaType) => string.Equals(content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    // A node says why. What stands between us and a node, a reverse proxy for instance, may say that the node is not there now.
    private static async Task<Refusal> RefusalOfAsync(HttpResponseMessage response, CallDeadline deadline)
    {
        var status = (int)response.StatusCode;
        if (status >= 400 && HasType(response.Content, ProblemMediaType) && await ReadAsync(response.Content, ProblemBytes, deadline) is { } problem && PeerRefusals.Of(CodeIn(problem)) is { } known)
            return known;

        return status >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout ? Overloaded : OtherAnswer;
    }

    private static string CodeIn(ReadOnlyMemory<byte> problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()! : "";
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    // Null when there is more. Memory grows with what came, not with what was announced; what it grew through is used again.
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int most, CallDeadline deadline)
    {
        if (content.Headers.ContentLength > most) return null;

        await using var stream = await content.ReadAsStreamAsync(deadline.Token);
        var bytes = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var count = 0;
            while (await stream.ReadAsync(bytes.AsMemory(count), deadline.Token) is > 0 and var read)
            {
                count += read;
                if (count > most) return null;

                deadline.BodyCame(count);
                if (count == bytes.Length) bytes = Larger(bytes);
            }

            return bytes.AsSpan(0, count).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static byte[] Larger(byte[] bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * bytes.Length);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }

    private static Refusal Meaning(HttpRequestError error) => error switch
    {
        HttpRequestError.SecureConnectionError => NotTrusted,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError => NotHttp,
        HttpRequestError.ResponseEnded => BrokenOff,
        _ => NotThere,
    };

    private static long HeadBytes(HttpRequestMessage request) =>
        $"POST {request.RequestUri!.PathAndQuery} HTTP/1.1\r\nHost: {request.RequestUri.Authority}\r\n\r\n".Length + Bytes(request.Headers) + Bytes(request.Content!.Headers);

    private static long HeadBytes(HttpResponseMessage response) =>
        $"HTTP/1.1 200 {response.ReasonPhrase}\r\n\r\n".Length + Bytes(response.Headers) + Bytes(response.Content.Headers);

    private static long Bytes(HttpHeaders headers) => headers.NonValidated.Sum(header => header.Value.Sum(value => (long)Encoding.UTF8.GetByteCount($"{header.Key}: {value}\r\n")));
}
