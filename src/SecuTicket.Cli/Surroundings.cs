using System.Security.Cryptography;
using System.Text;
using SecuTicket.Cli.Wallets;
using SecuTicket.Node.Custody;

namespace SecuTicket.Cli;

/// <summary>Everything outside itself that a run of the tool touches, so that a test can run a command in its own process.</summary>
public sealed record Surroundings
{
    /// <summary>Standard output, as bytes: an answer of the API goes there unchanged.</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether a person can be asked: standard input is a terminal.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Whether a person sees the output: it is a terminal.</summary>
    public bool IsSeen { get; init; }

    /// <summary>Whether a person sees standard error: progress is drawn there only then.</summary>
    public bool ErrorIsSeen { get; init; }

    /// <summary>Asks a person for a line that is not shown while it is typed.</summary>
    public Func<string, string> AskHidden { get; init; } = static _ => string.Empty;

    /// <summary>An environment variable, or null.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where nonces come from. Keys are drawn by the platform.</summary>
    public FillRandom FillRandom { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Rounds of PBKDF2 for the passphrases of wallets that are written.</summary>
    public int PassphraseRounds { get; init; } = WalletPem.Rounds;

    /// <summary>The folder that relative paths start from.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The user's own folder.</summary>
    public required string HomeFolder { get; init; }

    /// <summary>The network, for tests; the real one when null.</summary>
    public HttpMessageHandler? Network { get; init; }

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        Output = Console.OpenStandardOutput(),
        Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true },
        Input = Console.In,
        CanAsk = !Console.IsInputRedirected,
        IsSeen = !Console.IsOutputRedirected,
        ErrorIsSeen = !Console.IsErrorRedirected,
        AskHidden = HiddenLine.Ask,
        Variable = Environment.GetEnvironmentVariable,
        WorkingFolder = Environment.CurrentDirectory,
        HomeFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    };
}
