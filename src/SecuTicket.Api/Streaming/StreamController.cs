using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Streaming;

/// <summary>What happens at the node, as it happens.</summary>
/// <param name="node">The node.</param>
/// <param name="lifetime">Tells when the process stops.</param>
/// <param name="clock">Tells when a sign of life is due.</param>
[ApiController]
[Tags("Chain")]
public sealed class StreamController(TicketNode node, IHostApplicationLifetime lifetime, TimeProvider clock) : ControllerBase
{
    /// <summary>The media type of server-sent events.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>Server-sent events from now on: block, transaction, reorganisation; what happened while disconnected must be read elsewhere</summary>
    [HttpGet("/stream")]
    [Refuses("not_ready")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, MediaType)]
    public async Task<IActionResult> Listen()
    {
        if (HttpMethods.IsHead(Request.Method))
        {
            Response.ContentType = MediaType;
            return new EmptyResult();
        }

        if (node.Events.Subscribe(EdgeLimits.Counted(HttpContext.Connection.RemoteIpAddress)) is not { } channel)
            return new ProblemResult(new Refusal("not_ready", "As many listen already as this node serves at once: try again later.", RefusalKind.Transient));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            Response.ContentType = MediaType;
            Response.Headers.CacheControl = "no-store";
            HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await new EventStream(Response.BodyWriter, channel.Reader, clock).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // How a stream ends: one side goes.
        }
        finally
        {
            node.Events.Unsubscribe(channel);
        }

        return new EmptyResult();
    }
}
