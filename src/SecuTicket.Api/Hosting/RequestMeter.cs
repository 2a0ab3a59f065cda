using System.Collections.Concurrent;

namespace SecuTicket.Api.Hosting;

/// <summary>Measures how long requests take, by method, route template and class of status.</summary>
internal sealed class RequestMeter(Metrics metrics)
{
    /// <summary>Requests no route took: the template of none of them may become a label, for clients choose their paths.</summary>
    private const string NoRoute = "none";

    private readonly HistogramMetric _durations = metrics.AddHistogram(
        "http_request_duration_seconds", "Time from the request's headers to the end of the answer.", "method", "route", "status");

    // By the endpoint, not by its template: a text is hashed to its last character for each request.
    private readonly ConcurrentDictionary<(string Method, Endpoint? Endpoint, int StatusClass), HistogramMetric.Series> _series = new();

    /// <summary>Counts a request that is answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Observe(HttpContext context, TimeSpan elapsed)
    {
        var key = (Known(context.Request.Method), context.GetEndpoint(), context.Response.StatusCode / 100);
        _series.GetOrAdd(key, static (k, durations) => durations.Of(k.Method, RouteOf(k.Endpoint), $"{k.StatusClass}xx"), _durations).Observe(elapsed);
    }

    /// <summary>Controllers' templates come without the leading slash.</summary>
    private static string RouteOf(Endpoint? endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route ? (route.StartsWith('/') ? route : "/" + route) : NoRoute;

    /// <summary>A method is a client's word too.</summary>
    private static string Known(string method) =>
        HttpMethods.IsGet(method) ? "GET"
        : HttpMethods.IsPost(method) ? "POST"
        : HttpMethods.IsPut(method) ? "PUT"
        : HttpMethods.IsDelete(method) ? "DELETE"
        : HttpMethods.IsHead(method) ? "HEAD"
        : HttpMethods.IsOptions(method) ? "OPTIONS"
        : "other";
}
