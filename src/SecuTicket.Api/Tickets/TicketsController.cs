using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tickets;

/// <summary>What is done with tickets, each a transaction.</summary>
/// <param name="intake">The way in.</param>
[ApiController]
[Route("/tickets")]
[Tags("Tickets")]
public sealed class TicketsController(TransactionIntake intake) : ControllerBase
{
    /// <summary>Issues tickets, as the event's organiser</summary>
    [HttpPost]
    [TransactionBody<IssueTicketsDocument>]
    public Task<IActionResult> Issue() => intake.AcceptAsync(Request, IssueTickets.TypeName);

    /// <summary>Sells a ticket officially: signed by an official seller and by the event's key</summary>
    [HttpPost("sell")]
    [TransactionBody<SellTicketDocument>]
    public Task<IActionResult> Sell() => intake.AcceptAsync(Request, SellTicket.TypeName);

    /// <summary>Buys a ticket from the organiser or from a holder who listed it</summary>
    [HttpPost("purchase")]
    [TransactionBody<PurchaseTicketDocument>]
    public Task<IActionResult> Purchase() => intake.AcceptAsync(Request, PurchaseTicket.TypeName);

    /// <summary>Gives a ticket away</summary>
    [HttpPost("transfer")]
    [TransactionBody<TransferTicketDocument>]
    public Task<IActionResult> Transfer() => intake.AcceptAsync(Request, TransferTicket.TypeName);

    /// <summary>Offers a ticket for resale</summary>
    [HttpPost("list")]
    [TransactionBody<ListTicketDocument>]
    public Task<IActionResult> List() => intake.AcceptAsync(Request, ListTicket.TypeName);

    /// <summary>Withdraws an offer</summary>
    [HttpPost("unlist")]
    [TransactionBody<UnlistTicketDocument>]
    public Task<IActionResult> Unlist() => intake.AcceptAsync(Request, UnlistTicket.TypeName);

    /// <summary>Gives a ticket back to the organiser for a refund</summary>
    [HttpPost("return")]
    [TransactionBody<ReturnTicketDocument>]
    public Task<IActionResult> Return() => intake.AcceptAsync(Request, ReturnTicket.TypeName);

    /// <summary>Lets a ticket's holder in, once, as a gate of the event</summary>
    [HttpPost("redeem")]
    [TransactionBody<RedeemTicketDocument>]
    public Task<IActionResult> Redeem() => intake.AcceptAsync(Request, RedeemTicket.TypeName);

    /// <summary>Takes a ticket out of circulation, as the organiser</summary>
    [HttpPost("revoke")]
    [TransactionBody<RevokeTicketDocument>]
    public Task<IActionResult> Revoke() => intake.AcceptAsync(Request, RevokeTicket.TypeName);
}
