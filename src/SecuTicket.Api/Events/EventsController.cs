using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Events;

/// <summary>What organisers do with events, each a transaction.</summary>
/// <param name="intake">The way in.</param>
[ApiController]
[Route("/events")]
[Tags("Events")]
public sealed class EventsController(TransactionIntake intake) : ControllerBase
{
    /// <summary>Creates an event; the sender is its organiser</summary>
    [HttpPost]
    [TransactionBody<CreateEventDocument>]
    public Task<IActionResult> Create() => intake.AcceptAsync(Request, CreateEvent.TypeName);

    /// <summary>Cancels an event; holders claim the face price with a return</summary>
    [HttpPost("cancel")]
    [TransactionBody<CancelEventDocument>]
    public Task<IActionResult> Cancel() => intake.AcceptAsync(Request, CancelEvent.TypeName);
}
