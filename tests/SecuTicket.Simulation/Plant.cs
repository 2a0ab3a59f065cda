namespace SecuTicket.Simulation;

/// <summary>A fault planted in the nodes on purpose: a simulator that does not find it finds nothing.</summary>
public enum Plant
{
    /// <summary>None.</summary>
    None,

    /// <summary>Nodes take the longest chain for the heaviest.</summary>
    LongestChain,

    /// <summary>Nodes forget the transactions of abandoned blocks.</summary>
    ForgetsAbandoned,

    /// <summary>Nodes do not ask whether a block is later than the median of the 11 before it.</summary>
    SkipsMedianTime,

    /// <summary>Validators sign votes whatever they signed before.</summary>
    ForgetsVotes,
}
