using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Answers how the seats of an area stand now, waiting purchases included: what a seat map reads again when something happened.</summary>
public static class SeatReading
{
    /// <summary>Where; queries <c>session</c> and <c>area</c> are numbers from 0.</summary>
    public const string Route = "/sale/{id}/seats";

    /// <summary>Sends the bytes that all fans share; 304 to who has them already, 404 where there is no such event, session or area.</summary>
    public static IResult Read(HttpContext context, string id, TicketNode node, SeatPlans plans)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(context.Request);
        var session = (int)query.Number("session", 0, CreateEvent.MaxSessions - 1, 0);
        var area = (int)query.Number("area", 0, int.MaxValue, 0);
        if (query.Problem is { } problem) return problem;

        var ledger = node.Snapshot.Pending.State;
        if (!ledger.Events.TryGet(eventId, out var terms) || session >= terms.Sessions.Count) return new ProblemResult(PathValue.NotFound($"session {session} of event {id}"));

        var areas = plans.Of(ledger, eventId, session).Areas;
        if (area >= areas.Count) return new ProblemResult(PathValue.NotFound($"area {area} in session {session} of event {id}"));

        var states = areas[area].StatesIn(ledger.Tickets);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = states.Tag;
        return context.Request.Headers.IfNoneMatch == states.Tag ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(states.Json, "application/json");
    }
}
