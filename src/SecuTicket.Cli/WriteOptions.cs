using System.CommandLine;

namespace SecuTicket.Cli;

/// <summary>The options of commands that write to the chain.</summary>
internal sealed class WriteOptions
{
    /// <summary>How long a write waits for its block when nobody says otherwise: a node seals what waited ten minutes.</summary>
    public const int DefaultWaitSeconds = 660;

    private const int MaxWaitSeconds = 24 * 3600;

    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Do not wait for the block: done as soon as the node has it durably." };

    private readonly Option<int> _wait = new("--wait")
    {
        Description = $"How long to wait for the block, in seconds; after that the exit code is {ExitCode.Pending}.",
        HelpName = "SECONDS",
        DefaultValueFactory = static _ => DefaultWaitSeconds,
    };

    /// <summary>The options.</summary>
    public WriteOptions() => _wait.Validators.Add(static result =>
    {
        if (result.Tokens is [{ } token] && (!int.TryParse(token.Value, out var seconds) || seconds is < 1 or > MaxWaitSeconds)) result.AddError($"--wait: expected 1 to {MaxWaitSeconds} seconds.");
    });

    /// <summary>All of them.</summary>
    public IEnumerable<Symbol> All => [_noWait, _wait];

    /// <summary>How long to wait; zero for not at all.</summary>
    public TimeSpan Of(Run run) => run.Get(_noWait) ? TimeSpan.Zero : TimeSpan.FromSeconds(run.Get(_wait));
}
