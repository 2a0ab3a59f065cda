using System.Net;
using System.Text;

namespace SecuTicket.Cli.Tests;

/// <summary>What a request looked like on the wire.</summary>
internal sealed record SeenRequest(string Method, string Path, string? Authorization, string? Prefer, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A network with one node on it that answers as the test says, and remembers what it was asked.</summary>
internal sealed class ScriptedNode(Func<SeenRequest, (int Status, string MediaType, string Body)> answer) : HttpMessageHandler
{
    public const string Info = """{"node":"0x596d92658e2C947126dda212Ec1341aDe00dCae5","chain_id":"secuticket-dev","engine":"proof-of-work","height":7,"tip":"00","peers":0,"version":"0.1.0"}""";

    /// <summary>A node that answers 200 with some JSON to everything but <c>/info</c>.</summary>
    public ScriptedNode(string json)
        : this(_ => (200, "application/json", json))
    {
    }

    public List<SeenRequest> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var seen = new SeenRequest(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Headers.TryGetValues("Authorization", out var authorization) ? authorization.Single() : null,
            request.Headers.TryGetValues("Prefer", out var prefer) ? prefer.Single() : null,
            request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellation));
        Requests.Add(seen);
        var (status, mediaType, body) = seen.Path == "/info" ? (200, "application/json", Info) : answer(seen);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
    }
}
