using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Tickets;

/// <summary>What tickets are now and were before.</summary>
/// <param name="node">The node.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Route("/tickets")]
[Tags("Tickets")]
public sealed class TicketReadsController(TicketNode node, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>A ticket as it is now</summary>
    [HttpGet("{id}")]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<TicketContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find()
    {
        // Not a parameter: binding one costs as much as the rest of this.
        var id = PathValue.Of(Request, "id");
        if (!PathValue.Ticket(id).TryGet(out var ticketId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        if (query.Problem is { } problem) return problem;

        return view.State.Tickets.TryGet(ticketId, out var ticket)
            ? new TicketAnswer(ticketId, ticket, view)
            : new ProblemResult(PathValue.NotFound($"ticket {id}"));
    }

    /// <summary>Every change of a ticket, oldest first; with pending=true those that wait follow, without block and time</summary>
    [HttpGet("{id}/history")]
    [Refuses("storage_failed")]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<TicketChangeContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult History(string id)
    {
        if (!PathValue.Ticket(id).TryGet(out var ticketId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<HistoryPlace>("after", TicketHistory.TryReadPlace, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        return view.State.Tickets.Contains(ticketId)
            ? new JsonAnswer<Page<TicketChangeContract>>(new TicketHistory(node.Store, view).Read(ticketId, limit, after), ApiJson.Default.PageTicketChangeContract)
            : new ProblemResult(PathValue.NotFound($"ticket {id}"));
    }

    /// <summary>Whether a ticket lets somebody in: they own it, it was sold, it was not used, revoked or cancelled; and whether an identity shown is its holder's</summary>
    [HttpPost("verify")]
    [JsonBody<VerifyTicketDocument>]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<VerificationContract>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Verify()
    {
        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var body = await ObjectBody.ReadPersonalAsync(Request, limits.Value.Json, static fields => (Ticket: fields.Ticket("ticket_id"), Owner: fields.Account("owner"), Shown: ShownIdentity.Read(fields)));
        if (!body.TryGet(out var claim, out var refusal)) return new ProblemResult(refusal);
        if (query.Problem is { } problem) return problem;

        var shown = default(ShownIdentity);
        if (claim.Shown is { } sent)
        {
            if (!IdentityCommitment.Canonical(sent.Identity).TryGet(out var canonical, out refusal)) return new ProblemResult(refusal);

            shown = new ShownIdentity(canonical, sent.Salt);
        }

        var answer = VerificationContract.Of(view.State, claim.Ticket, claim.Owner).With(view.State, claim.Ticket, shown);
        return new JsonAnswer<VerificationContract>(answer, ApiJson.Default.VerificationContract);
    }
}
