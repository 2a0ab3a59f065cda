using System.CommandLine;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Wallets;

/// <summary><c>secuticket wallet import</c></summary>
internal static class WalletImport
{
    private const string StandardInput = "-";

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var source = new Argument<string>("file") { Description = "A PEM file with a P-256 private key: PKCS #8 (encrypted or not) or openssl's EC PRIVATE KEY; - for standard input." };
        var locking = new WalletLock();
        var force = WalletCommands.Force();
        return tool.Command(
            "import",
            "Keep a key made elsewhere, by openssl for example, in the wallet's file. Encrypted stays encrypted.",
            [source, locking.Encrypt, locking.Plain, locking.NewPassphraseFile, force],
            (run, _) => Task.FromResult(Do(run, run.Get(source)!, locking, run.Get(force))));
    }

    /// <summary>Writes a wallet to the wallet's file and says so.</summary>
    /// <returns>The exit code.</returns>
    public static int Keep(Run run, Wallet wallet, string passphrase, bool force)
    {
        var isEncrypted = passphrase.Length > 0;
        var written = WalletFile.Write(run.WalletPath, WalletPem.Write(wallet, passphrase, run.Surroundings.PassphraseRounds), force);
        if (!written.IsAccepted) return run.Fail(written.Refusal);

        run.Advise(isEncrypted
            ? "The wallet is encrypted: without its passphrase it is lost. Keep a copy of the file."
            : "The wallet is not encrypted: whoever can read the file can spend. Keep a copy of it in a safe place (wallet export --encrypt).");
        return WalletCommands.Show(run, wallet, run.WalletPath, isEncrypted);
    }

    private static int Do(Run run, string source, WalletLock locking, bool force)
    {
        if (!Read(run, source).TryGet(out var wallet, out var refusal)) return run.Fail(refusal);

        using (wallet) return locking.Choose(run, wallet).TryGet(out var passphrase, out refusal) ? Keep(run, wallet, passphrase, force) : run.Fail(refusal);
    }

    private static Verdict<Wallet> Read(Run run, string source)
    {
        var passphrase = new PassphraseSource(run.Surroundings, run.PassphraseFile);
        if (source == StandardInput) return WalletPem.Read(FromInput(run.Surroundings.Input), "standard input", passphrase);

        var path = run.PathOf(source);
        if (!WalletFile.ReadText(path).TryGet(out var pem, out var refusal)) return refusal;

        var read = WalletPem.Read(pem, path, passphrase);
        if (read.IsAccepted && DurableFiles.OpenToOthers(path) is { } mode) run.Say($"Note that '{path}' is open to others ({mode}): whoever read it has the key too.");
        return read;
    }

    private static string FromInput(TextReader input)
    {
        var buffer = new char[WalletPem.MaxSize];
        return new string(buffer, 0, input.ReadBlock(buffer));
    }
}
