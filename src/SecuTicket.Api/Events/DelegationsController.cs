using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Custody;

namespace SecuTicket.Api.Events;

/// <summary>Whether this node may complete official sales of an event with the event's key, where it keeps that.</summary>
/// <param name="node">The node.</param>
/// <param name="delegations">What organisers chose.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Events")]
public sealed class DelegationsController(TicketNode node, EventDelegations delegations, SignedRequestReader requests, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Lets this node add the event's signature to official sales of its sellers, or stops it; by the organiser</summary>
    [HttpPut("/events/{id}/delegation")]
    [SignedRequest]
    [JsonBody<DelegationDocument>]
    [Refuses(RefusalCodes.NotOrganiser)]
    [ProducesResponseType<DelegationContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Put(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);
        if (!(await BodyReader.ReadAsync(Request, limits.Value.Json, HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return new ProblemResult(refusal);

        using (body)
        {
            if (!ObjectBody.Read(body, static fields => fields.Flag("enabled")).TryGet(out var enabled, out refusal)) return new ProblemResult(refusal);
            if (!requests.Read(Request, body).TryGet(out var sender, out refusal)) return new ProblemResult(refusal);
            if (node.Snapshot.Pending.State.Events.Find(eventId) is not { } terms) return new ProblemResult(new Refusal(RefusalCodes.NotFound, $"There is no event {eventId}."));
            if (terms.Organiser != sender) return new ProblemResult(new Refusal(RefusalCodes.NotOrganiser, $"{sender} is not the organiser of event {eventId}."));

            delegations.Set(eventId, enabled);
            return new JsonAnswer<DelegationContract>(new DelegationContract(eventId.ToString(), enabled), ApiJson.Default.DelegationContract);
        }
    }
}
