using Microsoft.Extensions.Options;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.SignedRequests;

/// <summary>Reads signed requests about an event that only its organiser may make.</summary>
/// <param name="node">The node.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
public sealed class OrganiserRequests(TicketNode node, SignedRequestReader requests, IOptions<LimitOptions> limits)
{
    /// <summary>Reads a request whose body says nothing.</summary>
    /// <inheritdoc cref="ReadAsync{T}(HttpRequest, string, BodyRule, Func{FieldReader, T})"/>
    /// <returns>The event, with everything pending applied; or the first refusal in the contract's order, <c>not_found</c> and <c>not_organiser</c> last.</returns>
    public async ValueTask<Verdict<EventTerms>> ReadAsync(HttpRequest request, string id) =>
        (await ReadAsync(request, id, limits.Value.OptionalJson, static _ => true)).TryGet(out var asked, out var refusal) ? asked.Terms : refusal;

    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">What the fields of the body say.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="id">The event, as the path has it.</param>
    /// <param name="rule">What body the route reads.</param>
    /// <param name="read">Reads every field that may be there.</param>
    /// <returns>The event, with everything pending applied, and what the body says; or the first refusal in the contract's order, <c>not_found</c> and <c>not_organiser</c> last.</returns>
    public async ValueTask<Verdict<(EventTerms Terms, T Said)>> ReadAsync<T>(HttpRequest request, string id, BodyRule rule, Func<FieldReader, T> read)
        where T : notnull
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return refusal;
        if (!(await BodyReader.ReadAsync(request, rule, request.HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return refusal;

        using (body)
        {
            if (!ObjectBody.Read(body, read).TryGet(out var said, out refusal)) return refusal;
            var terms = node.Snapshot.Pending.State.Events.Find(eventId);
            return requests.Read(request, body, sender => terms is null
                    ? PathValue.NotFound($"event {eventId}")
                    : terms.Organiser == sender ? null : new Refusal(RefusalCodes.NotOrganiser, $"{sender} is not the organiser of event {eventId}."))
                .TryGet(out _, out refusal) ? (terms!, said) : refusal;
        }
    }
}
