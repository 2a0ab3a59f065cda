using System.Net;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Peers;

/// <summary>What nodes ask each other: docs/protocol.md, "Peers". Not for people, hence not in the documents.</summary>
/// <param name="node">Knows the chain's limits.</param>
/// <param name="network">Answers.</param>
/// <param name="places">How many at a time.</param>
/// <param name="clock">Decides what is too late.</param>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class PeerController(TicketNode node, PeerNetwork network, PeerPlaces places, TimeProvider clock) : ControllerBase
{
    /// <summary>Longest time from the headers of a request to the end of its answer.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(60);

    /// <summary>The same in a handshake, which is small.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    // Of an answer, what is handed to the connection at a time: it takes no more than its reader has room for.
    private const int Piece = 64 * 1024;

    private static readonly Refusal TooMany = new(PeerRefusals.NotReady, "Too many nodes ask at the same time: try again later.", RefusalKind.Transient);
    private static readonly Refusal NoSession = new(PeerRefusals.SessionUnknown, "No session that is open here was shown. Begin with a hello.", RefusalKind.Transient);

    private ChainSpec Spec => node.Spec;

    /// <summary>Answers a node</summary>
    [HttpPost(PeerRoutes.Prefix + "/{kind}")]
    public async Task<IActionResult> Receive(string kind)
    {
        // What is refused anyway is refused before its body costs anything.
        if (!PeerKinds.All.Contains(kind)) return new ProblemResult(new Refusal(RefusalCodes.NotFound, "Nodes of this version do not know this message."));
        if (!PeerKinds.IsJson(kind) && !PeerRoutes.HasSession(HttpContext)) return new ProblemResult(NoSession);

        using var late = new CancellationTokenSource(PeerKinds.IsJson(kind) ? HandshakeTime : RequestTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, HttpContext.RequestAborted);
        try
        {
            return await AnswerAsync(kind, either.Token) is { } refusal ? new ProblemResult(refusal) : new EmptyResult();
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            HttpContext.Abort();
            return new EmptyResult();
        }
    }

    private static string MediaTypeOf(string kind) => PeerKinds.IsJson(kind) ? MediaTypeNames.Application.Json : MediaTypeNames.Application.Octet;

    private async Task<Refusal?> AnswerAsync(string kind, CancellationToken cancellation)
    {
        using var reading = await places.BeginAsync(HttpContext, cancellation);
        if (!reading.IsAcquired) return TooMany;

        var rule = new BodyRule(PeerCodec.MaxRequestSize(kind, Spec), MediaTypeOf(kind), IsOptional: true);

        // Twice, so that a sender of a little too much reads why instead of a broken connection.
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Math.Max(2L * rule.LimitBytes, Piece);
        if (!(await BodyReader.ReadAsync(Request, rule, cancellation)).TryGet(out var body, out var refusal)) return refusal;

        using (body)
        {
            using var place = await places.EnterAsync(HttpContext, PeerKinds.IsJson(kind), cancellation);
            if (!place.IsAcquired) return TooMany;

            var verdict = await network.ReceiveAsync(kind, body.Memory, PeerRoutes.SessionOf(Request), HttpContext.Connection.RemoteIpAddress ?? IPAddress.None, cancellation);
            if (!verdict.TryGet(out var answer, out refusal)) return refusal;

            await SendAsync(answer, MediaTypeOf(kind), cancellation);
            return null;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> answer, string mediaType, CancellationToken cancellation)
    {
        Response.ContentType = mediaType;
        Response.ContentLength = answer.Length;
        Response.Headers.CacheControl = "no-store";
        for (var sent = 0; sent < answer.Length; sent += Piece)
            await Response.Body.WriteAsync(answer[sent..Math.Min(sent + Piece, answer.Length)], cancellation);
    }
}
