using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>What gates did, uploaded by them and reported to the organiser.</summary>
/// <param name="node">The node.</param>
/// <param name="intake">Takes receipts.</param>
/// <param name="reports">Makes reports.</param>
/// <param name="organisers">Says whether the organiser asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Gate")]
public sealed class ReceiptsController(TicketNode node, ReceiptIntake intake, GateReports reports, OrganiserRequests organisers, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Uploads a gate's receipts, each signed and linked to the one before; again changes nothing</summary>
    [HttpPost("/gate/receipts")]
    [JsonBody<ReceiptsDocument>]
    [Refuses("storage_failed")]
    [ProducesResponseType<ReceiptVerdictsContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Upload()
    {
        var rule = limits.Value.JsonBatch;
        if (!(await BodyReader.ReadAsync(Request, rule, HttpContext.RequestAborted)).TryGet(out var body, out var refusal)) return new ProblemResult(refusal);

        (GateScope Scope, IReadOnlyList<SignedReceipt> Receipts) upload;
        using (body)
        {
            if (!ObjectBody.Read(body, Read, rule.LimitBytes).TryGet(out upload, out refusal)) return new ProblemResult(refusal);
        }

        var verdicts = await intake.TakeAsync(upload.Scope, upload.Receipts, HttpContext.RequestAborted);
        return new JsonAnswer<ReceiptVerdictsContract>(verdicts, ApiJson.Default.ReceiptVerdictsContract);
    }

    /// <summary>Who was let in at which gate, and which tickets twice; for the organiser, with what waits for a block</summary>
    [HttpGet("/events/{id}/gate-report")]
    [SignedRequest]
    [Paged]
    [Refuses(RefusalCodes.NotOrganiser, "not_ready", "storage_failed")]
    [ProducesResponseType<GateReportContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Report(string id)
    {
        var query = new QueryReader(Request);
        var limit = query.Limit();
        var after = query.Value<TicketId>("after", TicketId.TryParse, "the next of the page before");
        if (query.Problem is { } problem) return problem;
        if (!(await organisers.ReadAsync(Request, id)).TryGet(out var terms, out var refusal)) return new ProblemResult(refusal);

        return reports.Make(node.Snapshot.Pending.State, terms, after, limit).TryGet(out var report, out refusal)
            ? new JsonAnswer<GateReportContract>(GateReportContract.Of(terms.Id, report), ApiJson.Default.GateReportContract)
            : new ProblemResult(refusal);
    }

    private (GateScope Scope, IReadOnlyList<SignedReceipt> Receipts) Read(FieldReader fields)
    {
        var scope = new GateScope(node.Spec.ChainId, fields.Account("gate"), fields.Has("event_id") ? fields.Event("event_id") : null);
        return (scope, fields.Objects("receipts", 0, SignedReceipt.MaxBatch, receipt => SignedReceipt.Read(receipt, scope)));
    }
}
