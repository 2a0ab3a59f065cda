using SecuTicket.Core.Mempool;

namespace SecuTicket.Node;

/// <summary>The limits and habits of one node.</summary>
public sealed record NodeSettings
{
    /// <summary>When blocks are sealed.</summary>
    public SealingSettings Sealing { get; init; } = new();

    /// <summary>How much may wait for a block.</summary>
    public MempoolLimits Mempool { get; init; } = new();

    /// <summary>Commands that may wait for the single writer; whoever brings one more waits for room.</summary>
    public int MaxQueuedCommands { get; init; } = 4_096;

    /// <summary>Effects of one durable write, more or less; commands that wait beyond them go into the next one.</summary>
    public int MaxGroupSize { get; init; } = 8_192;

    /// <summary>Requests for a block that may wait their turn.</summary>
    public int MaxSealRequests { get; init; } = 256;

    /// <summary>Decided transactions remembered as rejected, so that posting one again answers how it ended.</summary>
    public int MaxRememberedRejections { get; init; } = 100_000;

    /// <summary>A fault planted on purpose, for tests only: transactions of abandoned blocks are lost in silence. No configuration can switch it on.</summary>
    /// <remarks>A simulation of a network is believed only after it found this.</remarks>
    internal bool ForgetsAbandoned { get; init; }
}

/// <summary>When blocks are sealed.</summary>
public sealed record SealingSettings
{
    /// <summary>Whether blocks are sealed without being asked for.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Transactions that must wait for a block to be sealed at once.</summary>
    public int MinPending { get; init; } = 5;

    /// <summary>How long a transaction waits at the most for a block to be sealed.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Least time between the starts of two automatic seals, unless half a block waits.</summary>
    public TimeSpan MinSpacing { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Random time added to the spacing, and to the moment at which enough wait, at the most: nodes that heard the same transaction must not all start at once.</summary>
    public TimeSpan MaxJitter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Random time added to <see cref="MaxWait"/>, at the most. Longer than <see cref="MaxJitter"/>: nothing is in a hurry then.</summary>
    public TimeSpan MaxWaitJitter { get; init; } = TimeSpan.FromSeconds(1);
}
