using System.CommandLine;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Stakes;

/// <summary><c>secuticket forging-key …</c>: the key with which a node makes blocks on a chain of proof of stake.</summary>
internal static class ForgingKeyCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "forging-key",
        "The key with which a node makes and votes on blocks of a chain of proof of stake: a PEM file, as a wallet's.",
        New(tool),
        ShowOne(tool));

    private static Command New(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "Where it is written (PEM, mode 0600)." };
        var locking = new WalletLock();
        var force = WalletCommands.Force();
        return tool.Command("new", "Make a forging key. It is encrypted with --encrypt, or when a passphrase is given.", [file, locking.Encrypt, locking.Plain, locking.NewPassphraseFile, force], (run, _) =>
        {
            if (!locking.Choose(run, null).TryGet(out var passphrase, out var refusal)) return Task.FromResult(run.Fail(refusal));

            using var wallet = new Wallet(P256PrivateKey.Generate());
            var path = run.PathOf(run.Get(file)!);
            var written = WalletFile.Write(path, WalletPem.Write(wallet, passphrase, run.Surroundings.PassphraseRounds), run.Get(force));
            if (!written.IsAccepted) return Task.FromResult(run.Fail(written.Refusal));

            run.Advise("Keep a copy in a safe place, and never run two nodes with one forging key: what both sign costs the stake.");
            return Task.FromResult(Show(run, wallet, path, passphrase.Length > 0, 0));
        });
    }

    private static Command ShowOne(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "The key's file." };
        var number = StakeSymbols.Number();
        return tool.Command("show", "Show a forging key's account, and the commitment that a specification or a first stake names; never its private key.", [file, number], (run, _) =>
        {
            var path = run.PathOf(run.Get(file)!);
            if (!run.OpenWallet(path).TryGet(out var wallet, out var refusal)) return Task.FromResult(run.Fail(refusal));

            using (wallet) return Task.FromResult(Show(run, wallet, path, wallet.IsEncrypted, StakeSymbols.NumberOf(run, number)));
        });
    }

    private static int Show(Run run, Wallet wallet, string path, bool isEncrypted, int number)
    {
        PayloadFields fields = new()
        {
            { "address", wallet.Address.ToString() },
            { "commitment", wallet.CommitmentOf(number).ToString() },
            { "public_key", wallet.PublicKey.ToString() },
            { "file", path },
        };
        if (run.Json) run.Printer.Line(JsonValue.Object([.. fields, new("encrypted", isEncrypted ? JsonValue.True : JsonValue.False)]).ToString());
        else run.Printer.Fields([.. fields.Shown(), ("encrypted", isEncrypted ? "yes" : "no")]);
        return ExitCode.Done;
    }
}
