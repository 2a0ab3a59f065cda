using Serilog.Core;
using Serilog.Events;

namespace SecuTicket.Api.Hosting;

/// <summary>Tells the meter what became of each request, and counts the bytes of its answer where the log will say them.</summary>
internal sealed class RequestWatch(RequestDelegate next, Serilog.ILogger log, RequestMeter meter, TimeProvider time)
{
    private readonly Serilog.ILogger _log = log.ForContext(Constants.SourceContextPropertyName, RequestLog.Source);

    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        if (_log.IsEnabled(LogEventLevel.Information)) SentBytes.Count(context);
        try
        {
            await next(context);
        }
        finally
        {
            meter.Observe(context, time.GetElapsedTime(start));
        }
    }
}
