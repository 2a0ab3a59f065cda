using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Transactions;

/// <summary>Transactions of any type.</summary>
/// <param name="intake">The way in.</param>
/// <param name="batches">The way in for many at once.</param>
[ApiController]
[Tags("Transactions")]
public sealed class TransactionsController(TransactionIntake intake, BatchIntake batches) : ControllerBase
{
    /// <summary>Posts a transaction of any type, with its type and chain id</summary>
    [HttpPost("/transactions")]
    [TransactionBody<AnyTransactionDocument>]
    public Task<IActionResult> Post() => intake.AcceptAsync(Request, null);

    /// <summary>Posts up to 1,000 transactions, one a line; answers one verdict a line</summary>
    [HttpPost("/transactions/batch")]
    [TransactionBody<AnyTransactionDocument>(IsBatch = true)]
    public Task<IActionResult> PostBatch() => batches.AcceptAsync(Request);

    /// <summary>The tutorials' names of POST /transactions; without a type it is a transfer</summary>
    [HttpPost("/transactions/new")]
    [HttpPost("/transaction")]
    [TransactionBody<TransferDocument>(TakesAnyType = true)]
    public Task<IActionResult> PostTutorial() => intake.AcceptAsync(Request, null, TransferCoins.TypeName);
}
