namespace SecuTicket.Simulation.Stakes;

/// <summary>What is tried in a world of stakes; delays, losses, splits and crashes come with each.</summary>
public enum StakeScenario
{
    /// <summary>Nothing beside them.</summary>
    Weather,

    /// <summary>A validator makes two blocks in its slots and gives each to others.</summary>
    Equivocation,

    /// <summary>A validator votes and makes blocks on every branch it sees.</summary>
    NothingAtStake,

    /// <summary>A validator leaves its slot empty when that wins it more slots.</summary>
    Grinding,

    /// <summary>More than a third is away for a while.</summary>
    OfflineThird,

    /// <summary>A node begins late, with a checkpoint, and is offered a branch from before it.</summary>
    LateJoiner,

    /// <summary>A validator's disk is put back to what it was some time before.</summary>
    RestoredBackup,
}

/// <summary>What a world of stakes is like.</summary>
/// <param name="Seed">Where chance starts; with it the scenario changes.</param>
/// <param name="Nodes">How many validators there are.</param>
public sealed record StakeSettings(ulong Seed, int Nodes = 7)
{
    /// <summary>Slots in which things go wrong.</summary>
    public int Slots { get; init; } = 120;

    /// <summary>Slots at the most in which all is well again.</summary>
    public int QuietSlots { get; init; } = 120;

    /// <summary>Whether the nodes sign votes whatever they signed before: a fault that must be found.</summary>
    public bool ForgetsVotes { get; init; }

    /// <summary>What is tried.</summary>
    public StakeScenario Scenario => (StakeScenario)(Seed % (ulong)Enum.GetValues<StakeScenario>().Length);
}
