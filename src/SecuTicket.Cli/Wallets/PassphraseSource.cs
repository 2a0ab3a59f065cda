using SecuTicket.Cli.Output;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Wallets;

/// <summary>Where a passphrase comes from: a file, the environment, or a person at a terminal, in this order.</summary>
/// <param name="surroundings">The world outside.</param>
/// <param name="file">The file that was named, or null.</param>
/// <param name="option">The option that names one, for the sentence that says what is missing.</param>
/// <param name="variable">The environment variable that may hold one.</param>
internal sealed class PassphraseSource(Surroundings surroundings, string? file, string option = "--passphrase-file", string variable = "SECUTICKET_PASSPHRASE")
{
    /// <summary>Most characters of one.</summary>
    public const int MaxLength = 1024;

    private const int MaxFileSize = 8 * 1024;

    /// <summary>Whether one was given without asking anybody.</summary>
    public bool IsGiven => file is not null || !string.IsNullOrEmpty(surroundings.Variable(variable));

    /// <summary>The passphrase that opens something.</summary>
    /// <param name="what">What it opens.</param>
    public Verdict<string> Read(string what) => Given() ?? Ask(what, twice: false);

    /// <summary>A passphrase that will protect something; a person types it twice.</summary>
    /// <param name="what">What it protects.</param>
    public Verdict<string> Choose(string what) => Given() ?? Ask(what, twice: true);

    private Verdict<string>? Given()
    {
        if (file is not null) return FromFile(file);

        return surroundings.Variable(variable) is { Length: > 0 } held ? Checked(held, variable) : (Verdict<string>?)null;
    }

    private Verdict<string> FromFile(string path)
    {
        var size = new FileInfo(path);
        if (!size.Exists) return new Refusal(FailureCodes.File, $"The passphrase file '{path}' does not exist.");
        if (size.Length > MaxFileSize) return new Refusal(FailureCodes.File, $"The passphrase file '{path}' has {size.Length} bytes; at most {MaxFileSize} are read.");

        if (DurableFiles.OpenToOthers(path) is { } mode) surroundings.Error.WriteLine(Printable.Line($"Note that '{path}' is open to others ({mode}): whoever read it has the passphrase too."));

        using var reader = new StreamReader(path);
        return Checked(reader.ReadLine() ?? string.Empty, $"The first line of '{path}'");
    }

    private Verdict<string> Ask(string what, bool twice)
    {
        if (!surroundings.CanAsk)
            return new Refusal(FailureCodes.Usage, $"{what} needs a passphrase, and standard input is no terminal where it could be asked for: name a file with {option}, or set {variable}.");

        var typed = surroundings.AskHidden($"Passphrase for {what}: ");
        return twice && surroundings.AskHidden("The same again: ") != typed
            ? new Refusal(FailureCodes.Usage, "The two passphrases differ; nothing was done.")
            : Checked(typed, "The passphrase");
    }

    private static Verdict<string> Checked(string passphrase, string where) => passphrase.Length switch
    {
        0 => new Refusal(FailureCodes.Usage, $"{where} is empty, where a passphrase is expected."),
        > MaxLength => new Refusal(FailureCodes.Usage, $"{where} is longer than {MaxLength} characters."),
        _ => passphrase,
    };
}
