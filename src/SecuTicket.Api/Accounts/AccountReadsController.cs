using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Tickets;
using SecuTicket.Api.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Accounts;

/// <summary>What accounts have and did.</summary>
/// <param name="node">The node.</param>
[ApiController]
[Route("/accounts/{address}")]
[Tags("Accounts")]
public sealed class AccountReadsController(TicketNode node) : ControllerBase
{
    /// <summary>An account's coins and tickets; zeros for an address never seen</summary>
    [HttpGet]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<AccountContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var state = LedgerView.Of(node, query).State;
        if (query.Problem is { } problem) return problem;

        return new JsonAnswer<AccountContract>(AccountContract.Of(account, state, node.Accounts.IsKept(account)), ApiJson.Default.AccountContract);
    }

    /// <summary>The tickets that an account owns, in the order of their ids</summary>
    [HttpGet("tickets")]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<TicketContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Tickets(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<TicketPlace>("after", TicketPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        return new JsonAnswer<Page<TicketContract>>(new AccountTickets(view).Read(account, limit, after), ApiJson.Default.PageTicketContract);
    }

    /// <summary>The transactions that an account sent or that changed its coins or tickets, newest first</summary>
    [HttpGet("transactions")]
    [Refuses("storage_failed")]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, "true: those that wait, too; false when left out.")]
    [ProducesResponseType<Page<TransactionAnswer>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Transactions(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<HistoryPlace>("after", HistoryPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        return new JsonAnswer<Page<TransactionAnswer>>(new AccountHistory(node.Store, view).Read(account, limit, after), ApiJson.Default.PageTransactionAnswer);
    }
}
