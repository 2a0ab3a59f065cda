using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Transactions;

/// <summary>What became of transactions.</summary>
/// <param name="node">The node.</param>
[ApiController]
[Tags("Transactions")]
public sealed class TransactionReadsController(TicketNode node) : ControllerBase
{
    /// <summary>A transaction and what became of it</summary>
    [HttpGet("/transactions/{id}")]
    [Refuses("storage_failed")]
    [ProducesResponseType<TransactionAnswer>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find(string id)
    {
        if (!PathValue.Transaction(id).TryGet(out var transactionId, out var refusal)) return new ProblemResult(refusal);

        return node.FindTransaction(transactionId) is { } stored
            ? new JsonAnswer<TransactionAnswer>(TransactionAnswer.Of(stored, node.Snapshot.Final), ApiJson.Default.TransactionAnswer)
            : new ProblemResult(PathValue.NotFound($"transaction {id}: it was never acknowledged here nor came in a block"));
    }

    /// <summary>The transactions that wait for a block, in the order of their admission</summary>
    [HttpGet("/transactions/pending")]
    [Paged]
    [ProducesResponseType<Page<TransactionAnswer>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Pending()
    {
        var query = new QueryReader(Request);
        var limit = query.Limit();
        var after = query.Value<NumberPlace>("after", NumberPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;

        var inOrder = node.Snapshot.Pending.InOrder;
        var page = new PageBuilder<TransactionAnswer>(limit);
        var last = after;
        foreach (var (ordinal, pending) in after is { } place ? inOrder.After(new Ordinal(place.Number)) : inOrder)
        {
            var transaction = pending.Transaction.Transaction;
            var size = TransactionAnswer.SizeOf(transaction);
            if (!page.Fits(size)) return Answer(page.ToPage(last.ToString()));

            page.Add(TransactionAnswer.Of(transaction, TransactionStatus.Pending, null), size);
            last = new NumberPlace(ordinal.Value);
        }

        return Answer(page.ToPage(null));
    }

    /// <summary>The tutorials' name of GET /transactions/pending</summary>
    [HttpGet("/transactionPool")]
    [Paged]
    [ProducesResponseType<Page<TransactionAnswer>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult PendingTutorial() => Pending();

    private static JsonAnswer<Page<TransactionAnswer>> Answer(Page<TransactionAnswer> page) => new(page, ApiJson.Default.PageTransactionAnswer);
}
