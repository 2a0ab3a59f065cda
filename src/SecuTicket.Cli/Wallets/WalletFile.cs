using System.Text;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Wallets;

/// <summary>Wallets on disk: mode 0600, made whole or not at all, never replaced unasked.</summary>
internal static class WalletFile
{
    /// <summary>Opens a wallet; whoever calls disposes of it.</summary>
    /// <returns>The wallet; or <c>wallet</c>: missing, open to others, damaged, wrong passphrase; or <c>usage</c> when a passphrase can not be asked for.</returns>
    public static Verdict<Wallet> Open(string path, PassphraseSource passphrase)
    {
        if (!File.Exists(path))
            return Refuse($"There is no wallet at '{path}'. Make one: secuticket wallet new (or name one with --wallet or SECUTICKET_WALLET).");
        if (DurableFiles.OpenToOthers(path) is { } mode)
            return Refuse($"The wallet '{path}' is open to others ({mode}). Run: chmod 600 '{path}' (and ask who may have read it).");

        return ReadText(path).TryGet(out var pem, out var refusal) ? WalletPem.Read(pem, path, passphrase) : refusal;
    }

    /// <summary>The text of a file that holds a key.</summary>
    public static Verdict<string> ReadText(string path) => BoundedFile.ReadText(path, WalletPem.MaxSize, FailureCodes.Wallet);

    /// <summary>Writes a secret to a file, with the folders it needs.</summary>
    /// <returns>Accepted, or <c>wallet</c> when something is there and may not be replaced.</returns>
    public static Verdict Write(string path, string pem, bool replace)
    {
        if (Directory.Exists(path)) return Refuse($"'{path}' is a folder.");
        if (!replace && File.Exists(path)) return Refuse($"'{path}' exists and is not replaced: what it holds would be lost. Name another with --wallet, or say --force.");

        MakeFolder(Path.GetDirectoryName(path)!);
        DurableFiles.Create(path, unfinished => File.WriteAllBytes(unfinished, Encoding.ASCII.GetBytes(pem)), replace);
        return Verdict.Accepted;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, DurableFiles.OwnerOnly | UnixFileMode.UserExecute);
    }

    private static Refusal Refuse(string sentence) => new(FailureCodes.Wallet, sentence);
}
