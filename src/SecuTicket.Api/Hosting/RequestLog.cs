using SecuTicket.Api.Problems;

namespace SecuTicket.Api.Hosting;

/// <summary>Writes one structured line for each request: method, path, status, time, bytes, trace, and the code of a refusal.</summary>
/// <remarks>
/// Never a body, a query or a header: they carry secrets, signatures and personal data. A refused request is the client's business and is
/// logged like any other (else any client could fill the log with warnings); only the node's own faults are errors.
/// </remarks>
internal sealed partial class RequestLog(ILogger<RequestLog> logger)
{
    /// <summary>Characters of a path that are logged: clients choose them.</summary>
    private const int MaxPathLength = 200;

    /// <summary>Whether requests that are answered have a line; the node's own faults have one in any case.</summary>
    public bool IsOn => logger.IsEnabled(LogLevel.Information);

    /// <summary>Writes the line of a request that is answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="sent">Counted the bytes of the answer's body; null where the log was not on.</param>
    public void Write(HttpContext context, TimeSpan elapsed, SentBytes? sent)
    {
        if (sent is null && !IsFault(context)) return;

        var level = LevelOf(context);
        if (logger.IsEnabled(level)) Write(context, level, elapsed, sent?.Total ?? context.Response.ContentLength ?? 0);
    }

    private static bool IsFault(HttpContext context) => context.Response.StatusCode >= StatusCodes.Status500InternalServerError;

    private static LogLevel LevelOf(HttpContext context)
    {
        if (IsFault(context)) return LogLevel.Error;
        var path = context.Request.Path;
        return path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/peer") ? LogLevel.Debug : LogLevel.Information;
    }

    private void Write(HttpContext context, LogLevel level, TimeSpan elapsed, long bytes)
    {
        var path = context.Request.Path.ToUriComponent();
        if (path.Length > MaxPathLength) path = path[..MaxPathLength];
        var milliseconds = Math.Round(elapsed.TotalMilliseconds, 3);
        var method = context.Request.Method;
        var status = context.Response.StatusCode;
        var trace = ProblemMiddleware.TraceIdOf(context);
        if (context.Features.Get<Problem>() is { } problem) LogRefused(level, method, path, status, problem.Code, milliseconds, bytes, trace);
        else LogAnswered(level, method, path, status, milliseconds, bytes, trace);
    }

    [LoggerMessage(Message = "{Method} {Path} {Status} in {ElapsedMs} ms, {Bytes} bytes, trace {TraceId}")]
    private partial void LogAnswered(LogLevel level, string method, string path, int status, double elapsedMs, long bytes, string traceId);

    [LoggerMessage(Message = "{Method} {Path} {Status} {Code} in {ElapsedMs} ms, {Bytes} bytes, trace {TraceId}")]
    private partial void LogRefused(LogLevel level, string method, string path, int status, string code, double elapsedMs, long bytes, string traceId);
}
