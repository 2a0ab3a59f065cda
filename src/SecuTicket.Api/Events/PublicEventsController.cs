using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
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

        var query = new QueryReader(Request.Query);
        var limit = query.Limit();
        var after = query.Value<HistoryPlace>("after", HistoryPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        var snapshot = node.Snapshot;
        if (!snapshot.Chain.Ledger.Events.TryGet(eventId, out var terms)) return new ProblemResult(PathValue.NotFound($"event {id}"));

        return new PublicResales(node.Store, node.Spec, snapshot).Read(eventId, limit, after).TryGet(out var resales, out refusal)
            ? new JsonAnswer<PublicEventContract>(ContractOf(eventId, terms, snapshot, resales), ApiJson.Default.PublicEventContract)
            : new ProblemResult(refusal);
    }

    private static PublicEventContract ContractOf(in EventId id, EventTerms terms, NodeSnapshot snapshot, Page<PublicResaleContract> resales)
    {
        var tally = snapshot.Chain.Ledger.TallyOf(id);
        var faces = snapshot.Chain.Ledger.FacePrices.Find(id) ?? Trie<Ordinal, int>.Empty;
        return new PublicEventContract(
            id.ToString(),
            terms.Name,
            terms.Venue,
            [.. terms.Sessions.Select(SessionContract.Of)],
            terms.Cancelled,
            tally.Issued,
            tally.Sold,
            tally.Revoked,
            [.. faces.Take(FacePriceContract.Most).Select(static price => new FacePriceContract(price.Key.Value, price.Value))],
            faces.Count <= FacePriceContract.Most,
            CapOf(terms.Resale),
            terms.Resale.CommissionPercent,
            terms.Resale.MaxResales,
            resales,
            snapshot.Tip.Hash.ToString(),
            snapshot.Tip.Index);
    }

    private static ResaleCapContract CapOf(ResaleRules rules) => new(
        ResaleContract.WordOf(rules.Mode),
        rules.Mode switch { ResaleMode.FaceValue => 100, ResaleMode.Capped => rules.MaxPricePercent, _ => null })
    {
        OpensAt = rules.OpensAt,
        ClosesAt = rules.ClosesAt,
    };
}
