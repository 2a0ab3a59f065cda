using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;

namespace SecuTicket.Api.Events;

/// <summary>Whether this node may complete official sales of an event with the event's key, where it keeps that.</summary>
/// <param name="delegations">What organisers chose.</param>
/// <param name="organisers">Says whether the organiser asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Events")]
public sealed class DelegationsController(EventDelegations delegations, OrganiserRequests organisers, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Lets this node add the event's signature to official sales of its sellers, or stops it; by the organiser</summary>
    [HttpPut("/events/{id}/delegation")]
    [SignedRequest]
    [JsonBody<DelegationDocument>]
    [Refuses(RefusalCodes.NotOrganiser)]
    [ProducesResponseType<DelegationContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Put(string id)
    {
        if (!(await organisers.ReadAsync(Request, id, limits.Value.Json, static fields => fields.Flag("enabled"))).TryGet(out var asked, out var refusal)) return new ProblemResult(refusal);

        delegations.Set(asked.Terms.Id, asked.Said);
        return new JsonAnswer<DelegationContract>(new DelegationContract(asked.Terms.Id.ToString(), asked.Said), ApiJson.Default.DelegationContract);
    }
}
