using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Output;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>One run of one command: what was asked for, the node and the wallet it named, and where its words go.</summary>
internal sealed class Run : IDisposable
{
    private readonly GlobalOptions _globals;
    private readonly ParseResult _parsed;
    private SecuTicketClient? _client;

    public Run(Surroundings surroundings, GlobalOptions globals, ParseResult parsed)
    {
        Surroundings = surroundings;
        _globals = globals;
        _parsed = parsed;
        Printer = new Printer(surroundings);
    }

    /// <summary>The world outside.</summary>
    public Surroundings Surroundings { get; }

    /// <summary>Writes to standard output.</summary>
    public Printer Printer { get; }

    /// <summary>Whether the node's answer is to be printed unchanged.</summary>
    public bool Json => _parsed.GetValue(_globals.Json);

    /// <summary>The node as it was named.</summary>
    public string NodeName => NonEmpty(_parsed.GetValue(_globals.Node)) ?? NonEmpty(Surroundings.Variable("SECUTICKET_NODE")) ?? GlobalOptions.DefaultNode;

    /// <summary>The path of the wallet's file.</summary>
    public string WalletPath => PathOf(NonEmpty(_parsed.GetValue(_globals.Wallet)) ?? WalletPlace.Default(Surroundings));

    /// <summary>The path that <c>--passphrase-file</c> names.</summary>
    public string? PassphraseFile => _parsed.GetValue(_globals.PassphraseFile) is { } path ? PathOf(path) : null;

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>A path as the user wrote it, from the folder the tool was started in.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, Surroundings.WorkingFolder);

    /// <summary>The client for the node.</summary>
    /// <returns>The client, or <c>usage</c> when the node's name is no address.</returns>
    public Verdict<SecuTicketClient> Connect()
    {
        if (_client is not null) return _client;
        if (!NodeUrl.Parse(NodeName).TryGet(out var url, out var refusal)) return refusal;

        return _client = new SecuTicketClient(url, new ClientOptions { Clock = Surroundings.Clock, FillRandom = Surroundings.FillRandom, Network = Surroundings.Network });
    }

    /// <summary>Opens the wallet; whoever calls disposes of it.</summary>
    public Verdict<Wallet> OpenWallet() => OpenWallet(WalletPath);

    /// <summary>Opens the wallet in a file; whoever calls disposes of it.</summary>
    public Verdict<Wallet> OpenWallet(string path) => WalletFile.Open(path, new PassphraseSource(Surroundings, PassphraseFile));

    /// <summary>Says something to the person, on standard error.</summary>
    public void Say(string sentence) => Surroundings.Error.WriteLine(Printable.Line(sentence));

    /// <summary>Says what a person may want to know and a script does not.</summary>
    public void Advise(string sentence)
    {
        if (Surroundings.ErrorIsSeen) Say(sentence);
    }

    /// <summary>Says why it was not done.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(Refusal refusal)
    {
        Say($"{refusal.Code}: {refusal.Detail}");
        foreach (var fault in refusal.Faults)
            if (!refusal.Detail.Contains(fault.Message, StringComparison.Ordinal)) Say($"  {fault.Field}: {fault.Message}");
        return ExitCode.Of(refusal.Code);
    }

    /// <summary>Says why the node did not do it; with <c>--json</c> its answer goes to standard output too.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">The node did it.</exception>
    public int Fail(NodeAnswer answer)
    {
        var refusal = answer.Refusal ?? throw new InvalidOperationException("The node did not refuse.");
        if (Json && answer.IsFromNode) Printer.Raw(answer.Body.Span);
        var exitCode = Fail(refusal);
        return answer.IsFromNode ? ExitCode.Refused : exitCode;
    }

    /// <summary>Prints an answer: unchanged with <c>--json</c>, else as <paramref name="show"/> does.</summary>
    /// <returns>The exit code.</returns>
    public int Answer(NodeAnswer answer, Action<NodeAnswer> show)
    {
        if (answer.Refusal is not null) return Fail(answer);

        if (Json) Printer.Raw(answer.Body.Span);
        else show(answer);
        return ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
