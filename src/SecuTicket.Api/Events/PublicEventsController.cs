using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Node;

namespace SecuTicket.Api.Events;

/// <summary>What anyone may know of an event.</summary>
/// <param name="node">The node.</param>
[ApiController]
[Route("/events")]
[Tags("Events")]
public sealed class PublicEventsController(TicketNode node) : ControllerBase
{
    /// <summary>An event for the public and for regulators: supply, face prices, cap, and every resale with its price and the proof that it is in the chain; no accounts and no seats</summary>
    [HttpGet("{id}/public")]
    [Paged]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<PublicEventContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var limit = query.Limit();
        var after = query.Value<HistoryPlace>("after", HistoryPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        var snapshot = node.Snapshot;
        if (!snapshot.Chain.Ledger.Events.TryGet(eventId, out var terms)) return new ProblemResult(PathValue.NotFound($"event {id}"));

        return new PublicResales(node.Store, node.Spec, snapshot).Read(eventId, limit, after).TryGet(out var resales, out refusal)
            ? new JsonAnswer<PublicEventContract>(PublicEventContract.Of(eventId, terms, snapshot, resales), ApiJson.Default.PublicEventContract)
            : new ProblemResult(refusal);
    }
}
