using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Gate;

/// <summary>Codes that holders show, and what gates are told about them.</summary>
/// <param name="judge">Judges codes.</param>
/// <param name="codes">Makes codes.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Gate")]
public sealed class GateController(OnlineGate judge, GateCodeMaker codes, SignedRequestReader requests, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Judges a code; it lets nobody in: entry is POST /tickets/redeem</summary>
    [HttpPost("/gate/scan")]
    [JsonBody<ScanDocument>]
    [ProducesResponseType<ScanContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Scan()
    {
        var read = await ObjectBody.ReadAsync(
            Request,
            limits.Value.Json,
            static fields => (Code: fields.Text("code", 0, CanonicalJson.MaxSize, static _ => true, "characters"), Gate: fields.Account("gate")));
        return read.TryGet(out var scanned, out var refusal)
            ? new JsonAnswer<ScanContract>(judge.Judge(scanned.Code, scanned.Gate), ApiJson.Default.ScanContract)
            : new ProblemResult(refusal);
    }

    /// <summary>A code for now, for a holder whose key this node keeps; ask anew for each showing</summary>
    [HttpGet("/tickets/{id}/code")]
    [SignedRequest]
    [Refuses(RefusalCodes.NotHolder)]
    [ProducesResponseType<GateCodeContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Code(string id)
    {
        if (!PathValue.Ticket(id).TryGet(out var ticket, out var refusal)) return new ProblemResult(refusal);
        if (!(await BodyReader.ReadAsync(Request, limits.Value.OptionalJson, HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return new ProblemResult(refusal);

        using (body)
        {
            if (!requests.Read(Request, body).TryGet(out var holder, out refusal)) return new ProblemResult(refusal);
            if (!codes.Make(ticket, holder).TryGet(out var code, out refusal)) return new ProblemResult(refusal);

            // Whoever has it within the next minute goes in.
            Response.Headers.CacheControl = "no-store";
            return new JsonAnswer<GateCodeContract>(code, ApiJson.Default.GateCodeContract);
        }
    }
}
