using System.CommandLine;

namespace SecuTicket.Cli.Wallets;

/// <summary><c>secuticket wallet …</c></summary>
internal static class WalletCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "wallet",
        "The key on this machine that your tickets and money belong to.",
        WalletNew.Build(tool),
        WalletShow.Build(tool),
        WalletExport.Build(tool),
        WalletImport.Build(tool));

    /// <summary><c>--force</c>.</summary>
    public static Option<bool> Force() => new("--force") { Description = "Replace the file if it exists. What a replaced wallet holds is lost unless its key is kept elsewhere." };

    /// <summary>Prints what may be known of a wallet.</summary>
    /// <returns>The exit code.</returns>
    public static int Show(Run run, Wallet wallet, string path, bool isEncrypted)
    {
        if (run.Json) run.Printer.Line(WalletJson.Of(wallet, path, isEncrypted));
        else run.Printer.Fields(("address", wallet.Address.ToString()), ("public_key", wallet.PublicKey.ToString()), ("file", path), ("encrypted", isEncrypted ? "yes" : "no"));
        return ExitCode.Done;
    }
}
