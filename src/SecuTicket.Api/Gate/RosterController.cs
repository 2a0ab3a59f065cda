using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>What gates without a network go by.</summary>
/// <param name="rosters">Makes rosters.</param>
[ApiController]
[Tags("Gate")]
public sealed class RosterController(Rosters rosters) : ControllerBase
{
    /// <summary>The confirmed tickets of an event, signed by the node, for gates without a network; with since only what changed</summary>
    [HttpGet("/gate/roster")]
    [DocumentedQuery("event_id", JsonSchemaType.String, "The event, 32 hex digits.", IsRequired = true, Example = ExampleIds.Event)]
    [DocumentedQuery("since", JsonSchemaType.Integer, "The version that the gate has: only what changed after it. Left out, not of this chain's past, or too long ago: everything.")]
    [DocumentedQuery("tip", JsonSchemaType.String, "The tip of that version, 64 hex digits: where it is not on the node's branch, everything.")]
    [Refuses(RefusalCodes.NotFound, "roster_too_large", "not_ready")]
    [ProducesResponseType<RosterDocument>(StatusCodes.Status200OK, BodyRule.JsonMediaType)]
    public async Task<IActionResult> Roster()
    {
        var query = new QueryReader(Request);
        var id = query.Required<EventId>("event_id", EventId.TryParse, "32 lower-case hex digits");
        var since = query.Number("since", 0, CanonicalJson.MaxInteger, -1);
        var tip = query.Value<Hash256>("tip", Hash256.TryParse, "64 lower-case hex digits");
        if (query.Problem is { } problem) return problem;
        if (!(await rosters.GetAsync(id, since < 0 ? null : since, tip)).TryGet(out var roster, out var refusal)) return new ProblemResult(refusal);

        Response.RegisterForDispose(roster);
        return new FileContentResult(roster.Bytes, $"{BodyRule.JsonMediaType}; charset=utf-8");
    }
}
