using System.CommandLine;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Wallets;

/// <summary>The options that say whether what is written is encrypted, and with which passphrase.</summary>
internal sealed class WalletLock
{
    /// <summary>Encrypt.</summary>
    public Option<bool> Encrypt { get; } = new("--encrypt") { Description = "Encrypt what is written with a passphrase." };

    /// <summary>Do not encrypt.</summary>
    public Option<bool> Plain { get; } = new("--plain") { Description = "Do not encrypt what is written, although the source is encrypted or a passphrase is given." };

    /// <summary>With another passphrase than the source's.</summary>
    public Option<string?> NewPassphraseFile { get; } = new("--new-passphrase-file")
    {
        Description = "A file whose first line encrypts what is written. [SECUTICKET_NEW_PASSPHRASE; default: the passphrase that opens the source]",
        HelpName = "FILE",
    };

    /// <summary>Whether what is written would be encrypted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="wallet">What is written, or null for a new wallet.</param>
    /// <returns>The passphrase, empty for none; or <c>usage</c>.</returns>
    public Verdict<string> Choose(Run run, Wallet? wallet)
    {
        var chosen = new PassphraseSource(run.Surroundings, run.Get(NewPassphraseFile) is { } path ? run.PathOf(path) : null, "--new-passphrase-file", "SECUTICKET_NEW_PASSPHRASE");
        var opening = new PassphraseSource(run.Surroundings, run.PassphraseFile);
        var wished = run.Get(Encrypt) || chosen.IsGiven || (wallet is null ? opening.IsGiven : wallet.IsEncrypted);
        if (run.Get(Plain))
            return run.Get(Encrypt) ? new Refusal(FailureCodes.Usage, "--encrypt and --plain exclude one another.") : string.Empty;
        if (!wished) return string.Empty;

        return chosen.IsGiven || !opening.IsGiven ? chosen.Choose("what is written") : opening.Choose("what is written");
    }
}
