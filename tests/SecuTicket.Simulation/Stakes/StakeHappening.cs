namespace SecuTicket.Simulation.Stakes;

/// <summary>What a scenario is about, and must really have come to pass somewhere: a run that never saw it has shown nothing.</summary>
public enum StakeHappening
{
    /// <summary>An honest node had two blocks of one slot by one forger.</summary>
    TwoBlocksOfOneSlot,

    /// <summary>An honest node had two votes of one validator that contradict.</summary>
    VotesContradicted,

    /// <summary>Every honest node has the evidence in a final block, the offender lost its stake and the reporter got its part.</summary>
    OffenderSlashed,

    /// <summary>A validator left a slot of its own empty for the sake of its seed.</summary>
    SlotLeftEmpty,

    /// <summary>More than a third was away, the chain went on, and nothing new became final.</summary>
    NothingFinal,

    /// <summary>After they came back, what was made without them became final too.</summary>
    FinalAgain,

    /// <summary>A branch from before the checkpoint that weighs more than the right one, and that a node without a checkpoint would follow, was refused by all.</summary>
    LongRangeForkRefused,

    /// <summary>A node that began late came to the checkpoint of its specification.</summary>
    CheckpointReached,

    /// <summary>A disk was put back that knew less than was signed.</summary>
    SignaturesForgotten,

    /// <summary>A disk was put back without its mark.</summary>
    MarkLost,

    /// <summary>A validator whose disk was put back made a block and voted again.</summary>
    SignedAgain,

    /// <summary>A validator's hash chain came to its end, and the next took its place.</summary>
    CommitmentRenewed,
}
