using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Tickets;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Primitives;
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

        var query = new QueryReader(Request.Query);
        var state = LedgerView.Of(node.Snapshot, query).State;
        if (query.Problem is { } problem) return problem;

        var validator = state.Stakes?.Validators.Find(account);
        var found = new AccountContract(account.ToString(), state.BalanceOf(account), validator?.Staked ?? 0, node.Accounts.IsKept(account), state.TicketsOf(account).Count)
        {
            Unbonding = validator is { Withdrawals.Count: > 0 } ? validator.Unbonding : null,
        };
        return new JsonAnswer<AccountContract>(found, ApiJson.Default.AccountContract);
    }

    /// <summary>The tickets that an account owns, in the order of their ids</summary>
    [HttpGet("tickets")]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<TicketContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Tickets(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request.Query);
        var view = LedgerView.Of(node.Snapshot, query);
        var limit = query.Limit();
        var after = query.Value<TicketPlace>("after", TicketPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        var owned = view.State.TicketsOf(account);
        var page = new PageBuilder<TicketContract>(limit);
        var last = after;
        foreach (var (id, _) in after is { } place ? owned.After(place.Id) : owned)
        {
            if (!page.Fits(TicketContract.MaxBytes)) return Answer(page.ToPage(last.ToString()));

            page.Add(TicketContract.Of(id, view.State.Tickets.Find(id)!, view), TicketContract.MaxBytes);
            last = new TicketPlace(id);
        }

        return Answer(page.ToPage(null));
    }

    /// <summary>The transactions that an account sent or that changed its coins or tickets, newest first</summary>
    [HttpGet("transactions")]
    [Paged]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, "true: those that wait, too; false when left out.")]
    [ProducesResponseType<Page<TransactionAnswer>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Transactions(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);

        var query = new QueryReader(Request.Query);
        var view = LedgerView.Of(node.Snapshot, query);
        var limit = query.Limit();
        var after = query.Value<HistoryPlace>("after", HistoryPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        return new JsonAnswer<Page<TransactionAnswer>>(new AccountHistory(node.Store, view).Read(account, limit, after), ApiJson.Default.PageTransactionAnswer);
    }

    private static JsonAnswer<Page<TicketContract>> Answer(Page<TicketContract> page) => new(page, ApiJson.Default.PageTicketContract);

    // Where a page of tickets ended: the last one's id.
    private readonly record struct TicketPlace(TicketId Id)
    {
        public static bool TryParse(ReadOnlySpan<char> text, out TicketPlace place)
        {
            var read = Cursor.TryParse(text.ToString(), out var cursor) && cursor.Bytes.Length == TicketId.Size;
            place = read ? new TicketPlace(new TicketId(cursor.Bytes)) : default;
            return read;
        }

        public override string ToString() => new Cursor(Id.Span).ToString();
    }
}
