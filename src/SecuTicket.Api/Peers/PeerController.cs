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
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class PeerController(TicketNode node, PeerNetwork network, PeerPlaces places) : ControllerBase
{
    // Of an answer, what is handed to the connection at a time: it takes no more than its reader has room for.
    private const int Piece = 64 * 1024;

    private static readonly Refusal NoSession = new("session_unknown", "No session that is open here was shown. Begin with a hello.", RefusalKind.Transient);

    private ChainSpec Spec => node.Spec;

    /// <summary>Answers a node</summary>
    [HttpPost(PeerRoutes.Prefix + "/{kind}")]
    public async Task<IActionResult> Receive(string kind)
    {
        // What is refused anyway is refused before its body costs anything.
        if (!PeerKinds.All.Contains(kind)) return new ProblemResult(new Refusal(RefusalCodes.NotFound, "Nodes of this version do not know this message."));
        if (!PeerKinds.IsJson(kind) && !PeerRoutes.HasSession(HttpContext)) return new ProblemResult(NoSession);

        using var place = await places.EnterAsync(HttpContext);
        if (!place.IsAcquired) return new ProblemResult(new Refusal("not_ready", "Too many nodes ask at the same time: try again later.", RefusalKind.Transient));

        if ((await AnswerAsync(kind)).TryGet(out var answer, out var refusal)) await SendAsync(answer, MediaTypeOf(kind));
        else return new ProblemResult(refusal);

        return new EmptyResult();
    }

    private static string MediaTypeOf(string kind) => PeerKinds.IsJson(kind) ? MediaTypeNames.Application.Json : MediaTypeNames.Application.Octet;

    private async Task<Verdict<ReadOnlyMemory<byte>>> AnswerAsync(string kind)
    {
        var rule = new BodyRule(PeerCodec.MaxRequestSize(kind, Spec), MediaTypeOf(kind), IsOptional: true);

        // Twice, so that a sender of a little too much reads why instead of a broken connection.
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Math.Max(2L * rule.LimitBytes, Piece);
        if (!(await BodyReader.ReadAsync(Request, rule, HttpContext.RequestAborted)).TryGet(out var body, out var refusal)) return refusal;

        using (body)
        {
            return await network.ReceiveAsync(kind, body.Memory, PeerRoutes.SessionOf(Request), HttpContext.Connection.RemoteIpAddress ?? IPAddress.None, HttpContext.RequestAborted);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> answer, string mediaType)
    {
        Response.ContentType = mediaType;
        Response.ContentLength = answer.Length;
        Response.Headers.CacheControl = "no-store";
        for (var sent = 0; sent < answer.Length; sent += Piece)
            await Response.Body.WriteAsync(answer[sent..Math.Min(sent + Piece, answer.Length)], HttpContext.RequestAborted);
    }
}
