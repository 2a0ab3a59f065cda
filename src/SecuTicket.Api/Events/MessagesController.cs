using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Accounts;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
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
/// <param name="organisers">Says whether the organiser asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Events")]
public sealed class MessagesController(TicketNode node, ContactBook contacts, OrganiserRequests organisers, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Writes to the present holders of an event's tickets who opted in; by the organiser, also of a cancelled event</summary>
    [HttpPost("/events/{id}/messages")]
    [SignedRequest]
    [JsonBody<MessageDocument>]
    [Refuses(RefusalCodes.NotOrganiser, "storage_failed")]
    [ProducesResponseType<SentMessageContract>(StatusCodes.Status201Created, "application/json")]
    public async Task<IActionResult> Send(string id)
    {
        if (!(await organisers.ReadAsync(Request, id, limits.Value.Json, ReadWords)).TryGet(out var asked, out var refusal)) return new ProblemResult(refusal);

        var (terms, words) = asked;
        var message = new ContactMessage(terms.Id, terms.Name, terms.Organiser, words.Subject, words.Text);
        return contacts.Send(message, HoldersOf(terms.Id, node.Snapshot.Chain.Ledger)).TryGet(out var sent, out refusal)
            ? new JsonAnswer<SentMessageContract>(SentMessageContract.Of(terms.Id.ToString(), sent), ApiJson.Default.SentMessageContract, StatusCodes.Status201Created)
            : new ProblemResult(refusal);
    }

    private static (string Subject, string Text) ReadWords(FieldReader fields) => (
        fields.Text("subject", 1, ContactMessage.MaxSubject, static character => !char.IsControl(character), "characters without control characters"),
        fields.Text("text", 1, ContactMessage.MaxText, static character => character == '\n' || !char.IsControl(character), "characters without control characters other than line feeds"));

    private static IEnumerable<Address> HoldersOf(EventId eventId, LedgerState confirmed) => confirmed.TicketsOf(eventId)
        .Select(issued => confirmed.Tickets.Find(issued.Value)!)
        .Where(static ticket => ticket.Status is TicketStatus.Sold or TicketStatus.Listed or TicketStatus.Redeemed)
        .Select(static ticket => ticket.Owner);
}
