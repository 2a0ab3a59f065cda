using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Tickets;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Events;

/// <summary>What events there are, their tickets and how they go.</summary>
/// <param name="node">The node.</param>
/// <param name="certificates">Who organisers are.</param>
[ApiController]
[Route("/events")]
[Tags("Events")]
public sealed class EventReadsController(TicketNode node, OrganiserCertificates certificates) : ControllerBase
{
    /// <summary>All events, in the order of their creation</summary>
    [HttpGet]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<EventContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult List()
    {
        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<NumberPlace>("after", NumberPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        var inOrder = view.State.EventOrder;
        var page = new PageBuilder<EventContract>(limit);
        var last = after;
        foreach (var (ordinal, id) in after is { } place ? inOrder.After(new Ordinal(place.Number)) : inOrder)
        {
            var terms = view.State.Events.Find(id)!;
            var size = EventContract.SizeOf(terms);
            if (!page.Fits(size)) return Answer(page.ToPage(last.ToString()));

            page.Add(EventContract.Of(id, terms, view, certificates.StandingOf(terms.Organiser)), size);
            last = new NumberPlace(ordinal.Value);
        }

        return Answer(page.ToPage(null));
    }

    /// <summary>An event and its rules</summary>
    [HttpGet("{id}")]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<EventContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        if (query.Problem is { } problem) return problem;

        return view.State.Events.TryGet(eventId, out var terms)
            ? new JsonAnswer<EventContract>(EventContract.Of(eventId, terms, view, certificates.StandingOf(terms.Organiser)), ApiJson.Default.EventContract)
            : new ProblemResult(PathValue.NotFound($"event {id}"));
    }

    /// <summary>The tickets of an event, in the order of their issue; of one status or session, when asked</summary>
    [HttpGet("{id}/tickets")]
    [Paged]
    [DocumentedQuery("status", JsonSchemaType.String, "unsold, sold, listed, redeemed or revoked; all when left out.")]
    [DocumentedQuery("session", JsonSchemaType.Integer, "Index of a session, from 0; all when left out.")]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<TicketContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Tickets(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<NumberPlace>("after", NumberPlace.TryParse, NumberPlace.Expected);
        var status = TicketContract.StatusOf(query.OneOf("status", TicketContract.StatusWords));
        var session = query.Number("session", 0, CreateEvent.MaxSessions - 1, -1);
        if (query.Problem is { } problem) return problem;
        if (!view.State.Events.Contains(eventId)) return new ProblemResult(PathValue.NotFound($"event {id}"));

        return Answer(new EventTickets(view).Read(eventId, session < 0 ? null : (int)session, status, limit, after));
    }

    /// <summary>Sales, resales and attendance of an event</summary>
    [HttpGet("{id}/stats")]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, "true: with the pending set applied, all but attendance; false when left out.")]
    [ProducesResponseType<EventStatsContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Stats(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var state = LedgerView.Of(node, query).State;
        if (query.Problem is { } problem) return problem;
        if (!state.Events.Contains(eventId)) return new ProblemResult(PathValue.NotFound($"event {id}"));

        var stats = EventStatsContract.Of(eventId, state.TallyOf(eventId), Attendance.Read(node.Store, eventId));
        return new JsonAnswer<EventStatsContract>(stats, ApiJson.Default.EventStatsContract);
    }

    private static JsonAnswer<Page<EventContract>> Answer(Page<EventContract> page) => new(page, ApiJson.Default.PageEventContract);

    private static JsonAnswer<Page<TicketContract>> Answer(Page<TicketContract> page) => new(page, ApiJson.Default.PageTicketContract);
}
