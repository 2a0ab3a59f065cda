using System.CommandLine;

namespace SecuTicket.Cli.Wallets;

/// <summary><c>secuticket wallet show</c></summary>
internal static class WalletShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Command(
        "show",
        "Show the wallet's address and public key; never its private key.",
        [],
        (run, _) => Task.FromResult(Do(run)));

    private static int Do(Run run)
    {
        if (!run.OpenWallet().TryGet(out var wallet, out var refusal)) return run.Fail(refusal);

        using (wallet) return WalletCommands.Show(run, wallet, run.WalletPath, wallet.IsEncrypted);
    }
}
