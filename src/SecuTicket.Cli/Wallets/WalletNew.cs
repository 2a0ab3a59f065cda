using System.CommandLine;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Cli.Wallets;

/// <summary><c>secuticket wallet new</c></summary>
internal static class WalletNew
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var locking = new WalletLock();
        var force = WalletCommands.Force();
        return tool.Command(
            "new",
            "Make a key and keep it in the wallet's file (PEM, mode 0600). It is encrypted with --encrypt, or when a passphrase is given.",
            [locking.Encrypt, locking.Plain, locking.NewPassphraseFile, force],
            (run, _) => Task.FromResult(Do(run, locking, run.Get(force))));
    }

    private static int Do(Run run, WalletLock locking, bool force)
    {
        if (!locking.Choose(run, null).TryGet(out var passphrase, out var refusal)) return run.Fail(refusal);

        using var wallet = new Wallet(P256PrivateKey.Generate());
        return WalletImport.Keep(run, wallet, passphrase, force);
    }
}
