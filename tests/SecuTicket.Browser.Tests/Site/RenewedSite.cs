using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>A node as browsers see it whose release is replaced now and then: all answers are the node's, but the version that the gate's page and its service worker name.</summary>
internal sealed partial class RenewedSite : IAsyncDisposable
{
    private static readonly string[] Versioned = ["/entrance", "/entrance/worker"];

    private readonly WebApplication _app;
    private readonly HttpClient _node;
    private int _renewals;

    private RenewedSite(WebApplication app, HttpClient node) => (_app, _node) = (app, node);

    /// <summary>Where browsers find it: a secure page's address.</summary>
    public string Url => _app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>Begins to serve.</summary>
    public static async Task<RenewedSite> StartAsync(NodeUnderTest node)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var site = new RenewedSite(app, node.Client);
        app.Run(site.ForwardAsync);
        await app.StartAsync();
        return site;
    }

    /// <summary>From now on it is a newer release.</summary>
    public void Renew() => Interlocked.Increment(ref _renewals);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ForwardAsync(HttpContext context)
    {
        var (asked, answered) = (context.Request, context.Response);
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path + asked.QueryString.ToString());
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody)
        {
            request.Content = new StreamContent(asked.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        }

        foreach (var name in (string[])["Accept", "Accept-Language", "Authorization", "Cookie", "Prefer"])
            if (asked.Headers.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, values.ToArray());
        using var answer = await _node.SendAsync(request, context.RequestAborted);
        answered.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(static header => header.Key is not ("Transfer-Encoding" or "Content-Length"))) answered.Headers[name] = values.ToArray();
        if (Versioned.Contains(asked.Path.Value)) await answered.WriteAsync(Renewed(await answer.Content.ReadAsStringAsync()));
        else await answered.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }

    // The version is the first of what looks like one: in the page's meta, in the worker's list.
    private string Renewed(string text) => Version().Replace(text, match => $"{match.Groups[1].Value}{_renewals:x8}", 1);

    [GeneratedRegex("(version\"(?: content=|:)\"[0-9a-f]{24})[0-9a-f]{8}")]
    private static partial Regex Version();
}
