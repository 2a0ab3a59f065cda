using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>How a device becomes a gate: a code from the organiser, the device's account back, and then the organiser's <c>update_event</c>.</summary>
/// <param name="node">The node.</param>
/// <param name="pairings">The codes.</param>
/// <param name="organisers">Says whether the organiser asks.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Gate")]
public sealed class PairingsController(TicketNode node, GatePairings pairings, OrganiserRequests organisers, SignedRequestReader requests, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Makes a one-time code for a gate's device, good for ten minutes; by the organiser</summary>
    [HttpPost("/events/{id}/gate-pairings")]
    [SignedRequest]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [Refuses(RefusalCodes.NotOrganiser, "not_ready")]
    [ProducesResponseType<PairingCodeContract>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create(string id)
    {
        if (!(await organisers.ReadAsync(Request, id)).TryGet(out var terms, out var refusal)) return new ProblemResult(refusal);
        if (!pairings.Create(terms.Id).TryGet(out var code, out refusal)) return ComeAgain(refusal);

        Response.Headers.CacheControl = "no-store";
        var contract = new PairingCodeContract(code.Code, TimeText.OfMilliseconds(code.ExpiresAt.ToUnixTimeMilliseconds()));
        return new JsonAnswer<PairingCodeContract>(contract, ApiJson.Default.PairingCodeContract, StatusCodes.Status201Created) { Location = $"/events/{terms.Id}/gate-pairings" };
    }

    /// <summary>Devices that used a code of the event within the last day, oldest first; for the organiser, who lists them with update_event</summary>
    [HttpGet("/events/{id}/gate-pairings")]
    [SignedRequest]
    [Refuses(RefusalCodes.NotOrganiser)]
    [ProducesResponseType<Page<PairingClaimContract>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(string id)
    {
        if (!(await organisers.ReadAsync(Request, id)).TryGet(out var terms, out var refusal)) return new ProblemResult(refusal);

        return new JsonAnswer<Page<PairingClaimContract>>(new Page<PairingClaimContract>([.. pairings.Claims(terms.Id).Select(PairingClaimContract.Of)], null), ApiJson.Default.PagePairingClaimContract);
    }

    /// <summary>Uses a pairing code: proves the device's account to the organiser; signed with the device's key</summary>
    [HttpPost("/gate/pair")]
    [SignedRequest]
    [JsonBody<PairDocument>]
    [Refuses(RefusalCodes.NotFound, "pairing_used")]
    [ProducesResponseType<PairedContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Pair()
    {
        if (!(await BodyReader.ReadAsync(Request, limits.Value.Json, HttpContext.RequestAborted)).TryGet(out var body, out var refusal)) return new ProblemResult(refusal);

        using (body)
        {
            var read = ObjectBody.Read(body, static fields => (
                Code: fields.Text("code", 1, GatePairings.MaxCode, char.IsAscii, "ASCII characters"),
                Name: fields.Text("name", 1, GatePairings.MaxName, static character => !char.IsControl(character), "characters without control characters")));
            if (!read.TryGet(out var device, out refusal)) return new ProblemResult(refusal);
            if (!requests.Read(Request, body).TryGet(out var gate, out refusal)) return new ProblemResult(refusal);
            if (!pairings.Claim(device.Code, gate, device.Name).TryGet(out var id, out refusal)) return ComeAgain(refusal);

            // A block may have taken the event away again; the code was good all the same.
            var name = node.Snapshot.Pending.State.Events.Find(id)?.Name ?? string.Empty;
            return new JsonAnswer<PairedContract>(new PairedContract(id.ToString(), name, node.Spec.ChainId, node.Self.ToString()), ApiJson.Default.PairedContract);
        }
    }

    private ProblemResult ComeAgain(Refusal refusal)
    {
        if (refusal.Kind == RefusalKind.Transient) Response.Headers.RetryAfter = ((int)GatePairings.CodeLife.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new ProblemResult(refusal);
    }
}
