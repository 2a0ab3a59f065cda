using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Client;

/// <summary>Asks one node over HTTP. Signs with wallets on this machine: only payloads, signatures and public keys are ever sent.</summary>
/// <remarks>Every answer, a refusal and the lack of one included, is a value. Redirections are not followed: what is signed is for one node.</remarks>
public sealed class SecuTicketClient : IDisposable
{
    /// <summary>Longest that one request asks the node to wait for a decision: the contract's limit.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeastBetweenPosts = TimeSpan.FromSeconds(1);

    private const string JsonType = "application/json";
    private const string LinesType = "application/x-ndjson";

    private readonly ClientOptions _options;
    private readonly HttpClient _http;
    private NodeIdentity? _identity;

    /// <summary>A client for the node at an address.</summary>
    public SecuTicketClient(Uri node, ClientOptions options)
    {
        Node = node;
        _options = options;
        // An environment's proxy is for other machines.
        var network = options.Network ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !node.IsLoopback, AutomaticDecompression = DecompressionMethods.None };
        _http = new HttpClient(network, disposeHandler: options.Network is null) { BaseAddress = node, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The node's address.</summary>
    public Uri Node { get; }

    /// <summary>Asks for something.</summary>
    /// <param name="path">Path and query, such as <c>/tickets/{id}</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<NodeAnswer> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, default, cancellation);

    /// <summary>Sends a body of JSON, or none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">The body; empty for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="headers">More headers.</param>
    public async Task<NodeAnswer> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (!body.IsEmpty || method == HttpMethod.Post || method == HttpMethod.Put) request.Content = ContentOf(body, JsonType);
        return await SendAsync(request, _options.Timeout, cancellation);
    }

    /// <summary>Sends lines, each a JSON object; the answer has as many.</summary>
    /// <param name="path">The route.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<NodeAnswer> PostLinesAsync(string path, ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path.TrimStart('/')) { Content = ContentOf(lines, LinesType) };
        return await SendAsync(request, _options.Timeout, cancellation);
    }

    /// <summary>Asks for what only an operator may do.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">The body; empty for none.</param>
    /// <param name="adminKey">The operator's key; null on a node that asks for none.</param>
    /// <param name="wait">How long the node may wait for a decision, where it makes a transaction; at most <see cref="LongestWait"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<NodeAnswer> SendAdminAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, string? adminKey, TimeSpan wait, CancellationToken cancellation)
    {
        var headers = new List<(string Name, string Value)>();
        if (adminKey is not null) headers.Add(("Authorization", $"Bearer {adminKey}"));
        if (wait > TimeSpan.Zero) headers.Add(("Prefer", $"wait={Math.Ceiling(Math.Min(wait.TotalSeconds, LongestWait.TotalSeconds))}"));
        return SendAsync(method, path, body, cancellation, [.. headers]);
    }

    /// <summary>Who the node is and which chain it keeps; asked once.</summary>
    public async Task<Verdict<NodeIdentity>> IdentifyAsync(CancellationToken cancellation)
    {
        if (_identity is not null) return _identity;

        var answer = await GetAsync("/info", cancellation);
        if (answer.Refusal is not null) return answer.Refusal;

        return _identity = new NodeIdentity(answer.Json.Text("node"), answer.Json.Text("chain_id"));
    }

    /// <summary>Signs a transaction and posts it.</summary>
    /// <param name="wallet">Who signs.</param>
    /// <param name="type">The operation.</param>
    /// <param name="fields">Its own fields.</param>
    /// <param name="wait">How long to wait for its block; zero for not at all.</param>
    /// <param name="cancellation">Gives up waiting; what was posted stays posted.</param>
    public async Task<NodeAnswer> SubmitAsync(Wallet wallet, string type, IEnumerable<JsonMember> fields, TimeSpan wait, CancellationToken cancellation)
    {
        if (!(await IdentifyAsync(cancellation)).TryGet(out var node, out var refusal)) return NodeAnswer.None(refusal);

        var validUntil = (_options.Clock.GetUtcNow() + Draft.DefaultValidity).ToUnixTimeSeconds();
        var payload = Draft.Of(type, node.ChainId, wallet.Address, validUntil, _options.FillRandom, fields);
        return await PostSignedAsync("/transactions", Draft.WithSignatures(payload, wallet.Sign(payload)), wait, cancellation);
    }

    /// <summary>Posts what is signed already, again and again until it is decided or the time is over.</summary>
    /// <remarks>
    /// The same transaction twice is one transaction, so asking again is safe and tells its present status. Once the node has it, it stays with it: should the node go away then, the last answer is given, which has the id.
    /// </remarks>
    /// <param name="path">The route.</param>
    /// <param name="body">Payload and signatures.</param>
    /// <param name="wait">How long to wait for its block; zero for not at all.</param>
    /// <param name="cancellation">Gives up waiting; what was posted stays posted.</param>
    public async Task<NodeAnswer> PostSignedAsync(string path, JsonValue body, TimeSpan wait, CancellationToken cancellation)
    {
        var bytes = CanonicalJson.Write(body);
        var start = _options.Clock.GetTimestamp();
        NodeAnswer? accepted = null;
        while (true)
        {
            var asked = _options.Clock.GetTimestamp();
            var left = wait - _options.Clock.GetElapsedTime(start, asked);
            var seconds = (int)Math.Ceiling(Math.Clamp(left.TotalSeconds, 0, LongestWait.TotalSeconds));
            var answer = seconds == 0
                ? await SendAsync(HttpMethod.Post, path, bytes, cancellation)
                : await SendAsync(HttpMethod.Post, path, bytes, cancellation, ("Prefer", $"wait={seconds}"));
            if (accepted is not null && answer.IsSilence) return accepted;
            if (answer.Refusal is not null || answer.Json.OptionalText("status") != "pending" || left <= LongestWait) return answer;

            // A node that stops, or a proxy that drops the wish to wait, answers at once.
            accepted = answer;
            var rest = LeastBetweenPosts - _options.Clock.GetElapsedTime(asked);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, _options.Clock, cancellation);
        }
    }

    /// <summary>Sends a request that proves who asks.</summary>
    /// <param name="wallet">Who asks.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, as they are sent and signed.</param>
    /// <param name="body">The body; empty for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<NodeAnswer> SendSignedAsync(Wallet wallet, HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!(await IdentifyAsync(cancellation)).TryGet(out var node, out var refusal)) return NodeAnswer.None(refusal);

        return await SendAsync(method, path, body, cancellation, ("Authorization", Token(wallet, node, method, path, body)));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Token(Wallet wallet, NodeIdentity node, HttpMethod method, string path, ReadOnlyMemory<byte> body)
    {
        var claims = JsonValue.Object(
        [
            new("type", JsonValue.Of("request")),
            new("method", JsonValue.Of(method.Method)),
            new("path", JsonValue.Of(new Uri(Node, path.TrimStart('/')).PathAndQuery)),
            new("sender", JsonValue.Of(wallet.Address.ToString())),
            new("at", JsonValue.Of(_options.Clock.GetUtcNow().ToUnixTimeSeconds())),
            new("body_sha256", JsonValue.Of(Hash256.Sha256(body.Span).ToString())),
            new("chain_id", JsonValue.Of(node.ChainId)),
            new("node", JsonValue.Of(node.Node)),

            // A node takes each token of a write once: with a nonce the same wish twice within a second is two.
            new("nonce", Draft.NonceOf(_options.FillRandom)),
        ]);
        return "SecuTicket " + Base64Url.EncodeToString(CanonicalJson.Write(Draft.WithSignatures(claims, wallet.Sign(claims))));
    }

    private async Task<NodeAnswer> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        if (request.Headers.Contains("Prefer")) timeout += LongestWait;
        using var late = new CancellationTokenSource(timeout, _options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await ReadAsync(answer.Content, either.Token);
            return body is null
                ? NodeAnswer.None(new Refusal(FailureCodes.UnreadableAnswer, $"The answer of {Node} is longer than {_options.MaxAnswerSize} bytes."))
                : NodeAnswer.Of((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, body, answer.Headers.Date);
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException or IOException)
        {
            return NodeAnswer.None(new Refusal(FailureCodes.Unreachable, $"{Node} does not answer: {Sentence(failure)} Is a node running there? Another one is chosen with --node or SECUTICKET_NODE."));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return NodeAnswer.None(new Refusal(FailureCodes.Unreachable, $"{Node} did not answer within {timeout.TotalSeconds:0} s."));
        }
    }

    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > _options.MaxAnswerSize) return null;

        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var read = await stream.ReadAsync(buffer, cancellation); read > 0; read = await stream.ReadAsync(buffer, cancellation))
        {
            if (body.Length + read > _options.MaxAnswerSize) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static ReadOnlyMemoryContent ContentOf(ReadOnlyMemory<byte> body, string mediaType) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static string Sentence(Exception failure) => failure.Message.TrimEnd('.') + ".";
}
