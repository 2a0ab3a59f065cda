namespace SecuTicket.Api.Hosting;

/// <summary>Tells the log and the meter of each request what became of it.</summary>
/// <remarks>One step of the pipeline for both: every step costs each request a state of its own and looks at the clock.</remarks>
internal sealed class RequestWatch(RequestDelegate next, RequestLog log, RequestMeter meter, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        var counted = log.IsOn ? SentBytes.Count(context) : null;
        try
        {
            await next(context);
        }
        finally
        {
            var elapsed = time.GetElapsedTime(start);
            meter.Observe(context, elapsed);
            log.Write(context, elapsed, counted);
        }
    }
}
