using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Stakes;

/// <summary><c>secuticket stake</c></summary>
internal static class StakePut
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var amount = StakeSymbols.Amount("How much, in minor units (cents).");
        var commitment = Symbols.Hash("--commitment", "The end of the hash chain that the account's blocks reveal. Left out: with a first stake that of the wallet's key, else none.");
        var number = StakeSymbols.Number();
        return tool.Write("stake", "Put coins at stake, so that the wallet's account makes and votes on blocks. A node must run with this wallet as its forging key.", [amount, commitment, number], async (writing, cancellation) =>
        {
            var run = writing.Run;
            var account = await writing.Client.GetAsync($"/accounts/{writing.Wallet.Address}?pending=true", cancellation);
            if (account.Refusal is not null) return run.Fail(account);

            var isFirst = account.Json.OptionalNumber("stake") is null or 0 && account.Json.OptionalNumber("unbonding") is null;
            var chosen = run.Get(commitment) ?? (isFirst || run.Get(number) is not null ? writing.Wallet.CommitmentOf(StakeSymbols.NumberOf(run, number)).ToString() : null);
            var fields = new PayloadFields { { "amount", run.Get(amount) }, { "commitment", chosen } };
            return await writing.SubmitAsync(Stake.TypeName, fields, $"{run.Get(amount)} more are at stake", cancellation);
        });
    }
}
