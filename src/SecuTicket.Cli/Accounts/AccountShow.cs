using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Accounts;

/// <summary><c>secuticket account</c></summary>
internal static class AccountShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var address = Symbols.Account();
        return tool.Command("account", "Show an account's money, what it has at stake, and how many tickets it holds.", [address], (run, cancellation) => DoAsync(run, run.Get(address), cancellation));
    }

    private static async Task<int> DoAsync(Run run, string? named, CancellationToken cancellation)
    {
        if (!Named(run, named).TryGet(out var address, out var refusal)) return run.Fail(refusal);
        if (!run.Connect().TryGet(out var client, out refusal)) return run.Fail(refusal);

        return run.Answer(await client.GetAsync($"/accounts/{address}", cancellation), answer => run.Printer.Fields(
            ("address", answer.Json.Text("address")),
            ("balance", answer.Json.Number("balance").ToString()),
            ("stake", answer.Json.OptionalNumber("stake") is > 0 and var stake ? stake.ToString() : null),
            ("unbonding", answer.Json.OptionalNumber("unbonding")?.ToString()),
            ("tickets", answer.Json.Number("tickets").ToString()),
            ("key", answer.Json.Flag("kept") ? "kept by the node" : "kept by its holder")));
    }

    /// <summary>The account that was named (and judged when the command line was read), or the wallet's.</summary>
    public static Verdict<Address> Named(Run run, string? named)
    {
        if (named is not null && Address.TryParse(named, out var address)) return address;
        if (!run.OpenWallet().TryGet(out var wallet, out var refusal)) return refusal;

        using (wallet) return wallet.Address;
    }
}
