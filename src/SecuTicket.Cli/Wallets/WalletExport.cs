using System.CommandLine;
using System.Text;

namespace SecuTicket.Cli.Wallets;

/// <summary><c>secuticket wallet export</c></summary>
internal static class WalletExport
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var onlyPublic = new Option<bool>("--public") { Description = "Only the public key (PEM SubjectPublicKeyInfo)." };
        var destination = new Option<string?>("--out") { Description = "Write to this file (mode 0600) instead of standard output.", HelpName = "FILE" };
        var locking = new WalletLock();
        var force = WalletCommands.Force();
        return tool.Command(
            "export",
            "Print the wallet's key as PEM, which openssl reads too. An encrypted wallet stays encrypted unless --plain is said.",
            [onlyPublic, destination, locking.Encrypt, locking.Plain, locking.NewPassphraseFile, force],
            (run, _) => Task.FromResult(Do(run, run.Get(onlyPublic), run.Get(destination), locking, run.Get(force))));
    }

    private static int Do(Run run, bool onlyPublic, string? destination, WalletLock locking, bool force)
    {
        if (!run.OpenWallet().TryGet(out var wallet, out var refusal)) return run.Fail(refusal);

        using (wallet)
        {
            var passphrase = string.Empty;
            if (!onlyPublic && !locking.Choose(run, wallet).TryGet(out passphrase, out refusal)) return run.Fail(refusal);

            var pem = onlyPublic ? WalletPem.WritePublic(wallet) : WalletPem.Write(wallet, passphrase, run.Surroundings.PassphraseRounds);
            if (destination is null)
            {
                run.Printer.Raw(Encoding.ASCII.GetBytes(pem));
                return ExitCode.Done;
            }

            var path = run.PathOf(destination);
            var written = WalletFile.Write(path, pem, force);
            if (!written.IsAccepted) return run.Fail(written.Refusal);

            run.Say($"Written to '{path}'.");
            return ExitCode.Done;
        }
    }
}
