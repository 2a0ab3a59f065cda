using System.Diagnostics;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Problems;

/// <summary>Gives every refusal the same form: exceptions, and the bare statuses the framework answers with.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>What the log shows for a request whose client went away; nobody receives it.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await ProblemResult.WriteAsync(context, Problem.Of(ProblemTable.CodeOf(fault.StatusCode), DetailOf(fault.StatusCode, context)));
            return;
        }
        catch (Exception fault) when (context.RequestAborted.IsCancellationRequested && fault is OperationCanceledException or IOException)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var traceId = TraceIdOf(context);
            LogUnhandled(fault, context.Request.Method, context.Request.Path.ToUriComponent(), traceId);
            context.Response.Clear();

            // What is done by several threads at once throws what one of them threw, wrapped.
            var code = (fault is AggregateException many ? many.InnerException : fault) is StorageException ? "storage_failed" : "internal_error";
            var detail = $"The request was not processed. The node's log has the cause under trace id {traceId}.";
            await ProblemResult.WriteAsync(context, Problem.Of(code, detail) with { TraceId = traceId });
            return;
        }

        if (IsBareRefusal(context.Response))
        {
            var status = context.Response.StatusCode;
            var problem = Problem.Of(ProblemTable.CodeOf(status), DetailOf(status, context)) with { Status = status };
            await ProblemResult.WriteAsync(context, problem);
        }
    }

    /// <summary>The id by which the log and, where its client has begun one (<c>traceparent</c>, W3C Trace Context), the trace of this request are found.</summary>
    internal static string TraceIdOf(HttpContext context) =>
        ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var begun) ? begun.TraceId.ToString() : context.TraceIdentifier;

    /// <summary>What a bare status means for whoever sent the request.</summary>
    private static string DetailOf(int status, HttpContext context) => status switch
    {
        400 => "The request line, a header or the framing of the body is not HTTP as this server reads it.",
        404 => $"There is no {context.Request.Path.ToUriComponent()} here. GET /swagger lists what there is.",
        405 => $"{context.Request.Method} is not answered here; the Allow header lists the methods that are.",
        408 => "The request did not arrive in time. Send it again, faster.",
        413 => "The body is larger than this server reads.",
        414 => "The address of the request is longer than this server reads.",
        415 => "Send the body as application/json in UTF-8 (a batch as application/x-ndjson).",
        431 => "The headers of the request are larger than this server reads.",
        _ => ProblemTable.Of(ProblemTable.CodeOf(status)).Title + ".",
    };

    private static bool IsBareRefusal(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600 and not ClientClosedRequest, ContentType: null, ContentLength: null or 0 };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed, trace {TraceId}")]
    private partial void LogUnhandled(Exception fault, string method, string path, string traceId);
}
