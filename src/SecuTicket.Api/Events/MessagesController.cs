using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Accounts;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Contact;

namespace SecuTicket.Api.Events;

/// <summary>What organisers write to those who hold tickets of their events, without learning who they are.</summary>
/// <param name="node">The node.</param>
/// <param name="contacts">Who opted in.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Events")]
public sealed class MessagesController(TicketNode node, ContactBook contacts, SignedRequestReader requests, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Writes to the present holders of an event's tickets who opted in; by the organiser, also of a cancelled event</summary>
    [HttpPost("/events/{id}/messages")]
    [SignedRequest]
    [JsonBody<MessageDocument>]
    [Refuses(RefusalCodes.NotOrganiser, "contacts_full", "storage_failed")]
    [ProducesResponseType<SentMessageContract>(StatusCodes.Status201Created, "application/json")]
    public async Task<IActionResult> Send(string id)
    {
        if (!PathValue.Event(id).TryGet(out var eventId, out var refusal)) return new ProblemResult(refusal);
        if (!(await BodyReader.ReadAsync(Request, limits.Value.Json, HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return new ProblemResult(refusal);

        using (body)
        {
            if (!ObjectBody.Read(body, ReadWords).TryGet(out var words, out refusal)) return new ProblemResult(refusal);
            if (!requests.Read(Request, body).TryGet(out var sender, out refusal)) return new ProblemResult(refusal);

            var snapshot = node.Snapshot;
            if (snapshot.Pending.State.Events.Find(eventId) is not { } terms) return new ProblemResult(PathValue.NotFound($"event {eventId}"));
            if (terms.Organiser != sender) return new ProblemResult(new Refusal(RefusalCodes.NotOrganiser, $"{sender} is not the organiser of event {eventId}."));

            var message = new ContactMessage(eventId, terms.Name, sender, words.Subject, words.Text);
            return contacts.Send(message, HoldersOf(eventId, snapshot.Chain.Ledger)).TryGet(out var sent, out refusal)
                ? new JsonAnswer<SentMessageContract>(SentMessageContract.Of(eventId.ToString(), sent), ApiJson.Default.SentMessageContract, StatusCodes.Status201Created)
                : new ProblemResult(refusal);
        }
    }

    private static (string Subject, string Text) ReadWords(FieldReader fields) => (
        fields.Text("subject", 1, ContactMessage.MaxSubject, static character => !char.IsControl(character), "characters without control characters"),
        fields.Text("text", 1, ContactMessage.MaxText, static character => character == '\n' || !char.IsControl(character), "characters without control characters other than line feeds"));

    private static IEnumerable<Address> HoldersOf(EventId eventId, LedgerState confirmed) => confirmed.TicketsOf(eventId)
        .Select(issued => confirmed.Tickets.Find(issued.Value)!)
        .Where(static ticket => ticket.Status is TicketStatus.Sold or TicketStatus.Listed or TicketStatus.Redeemed)
        .Select(static ticket => ticket.Owner);
}
