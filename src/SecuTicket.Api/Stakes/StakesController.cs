using Microsoft.AspNetCore.Mvc;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Stakes;

/// <summary>What is done with coins at stake, each a transaction.</summary>
/// <param name="intake">The way in.</param>
[ApiController]
[Tags("Stakes")]
public sealed class StakesController(TransactionIntake intake) : ControllerBase
{
    /// <summary>Puts coins at stake; a first stake names the commitment from which the account's blocks will reveal</summary>
    [HttpPost("/stake")]
    [TransactionBody<StakeDocument>]
    public Task<IActionResult> Put() => intake.AcceptAsync(Request, Stake.TypeName);

    /// <summary>Takes coins out of stake; they are paid when unbonding is over</summary>
    [HttpPost("/unstake")]
    [TransactionBody<UnstakeDocument>]
    public Task<IActionResult> TakeOut() => intake.AcceptAsync(Request, Unstake.TypeName);

    /// <summary>Proves that a validator signed two blocks of one slot, or two votes that contradict; the reporter gets a part of what it loses</summary>
    [HttpPost("/validators/report")]
    [TransactionBody<ReportDocument>]
    public Task<IActionResult> ReportOffence() => intake.AcceptAsync(Request, Core.Transactions.Report.TypeName);
}
