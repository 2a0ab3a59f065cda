using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Stakes;

/// <summary><c>secuticket unstake</c></summary>
internal static class StakeTakeOut
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var amount = StakeSymbols.Amount("How much, in minor units (cents).");
        return tool.Write("unstake", "Take coins out of stake. They are paid when unbonding is over; until then they can still be lost for an offence.", [amount], (writing, cancellation) =>
            writing.SubmitAsync(Unstake.TypeName, new PayloadFields { { "amount", writing.Run.Get(amount) } }, $"{writing.Run.Get(amount)} are on their way out of stake", cancellation));
    }
}
