using Microsoft.AspNetCore.Http.Features;
using SecuTicket.Api.Problems;
using Serilog;
using Serilog.Events;

namespace SecuTicket.Api.Hosting;

/// <summary>One structured line for each request, by Serilog.AspNetCore: method, path, status, time, bytes, trace, and the code of a refusal.</summary>
/// <remarks>
/// Never a body, a query or a header: they carry secrets, signatures and personal data. A refused request is the client's business and is
/// logged like any other (else any client could fill the log with warnings); only the node's own faults are errors.
/// </remarks>
internal static class RequestLog
{
    /// <summary>What the lines have as their source, by which their level is set (<c>Serilog:MinimumLevel:Override</c>).</summary>
    public const string Source = "Serilog.AspNetCore.RequestLoggingMiddleware";

    /// <summary>Characters of a path that are logged: clients choose them.</summary>
    private const int MaxPathLength = 200;

    /// <summary>Writes the line of each request that follows.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) => app.UseSerilogRequestLogging(options =>
    {
        options.Logger = app.ApplicationServices.GetRequiredService<Serilog.ILogger>();
        options.MessageTemplate = "{Method} {Path} {Status} in {ElapsedMs} ms, {Bytes} bytes, trace {TraceId}";
        options.GetLevel = static (context, _, fault) => LevelOf(context, fault);
        options.GetMessageTemplateProperties = static (context, _, elapsed, status) => PropertiesOf(context, elapsed, status);
    });

    private static LogEventLevel LevelOf(HttpContext context, Exception? fault)
    {
        if (fault is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError) return LogEventLevel.Error;

        var path = context.Request.Path;
        return path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/peer") ? LogEventLevel.Debug : LogEventLevel.Information;
    }

    private static IEnumerable<LogEventProperty> PropertiesOf(HttpContext context, double elapsed, int status)
    {
        var path = context.Request.Path.ToUriComponent();
        var sent = (context.Features.Get<IHttpResponseBodyFeature>() as SentBytes)?.Total ?? context.Response.ContentLength ?? 0;
        yield return Property("Method", context.Request.Method);
        yield return Property("Path", path.Length > MaxPathLength ? path[..MaxPathLength] : path);
        yield return Property("Status", status);
        yield return Property("ElapsedMs", Math.Round(elapsed, 3));
        yield return Property("Bytes", sent);
        yield return Property("TraceId", ProblemMiddleware.TraceIdOf(context));
        if (context.Features.Get<Problem>() is { } problem) yield return Property("Code", problem.Code);
    }

    private static LogEventProperty Property(string name, object value) => new(name, new ScalarValue(value));
}
