namespace SecuTicket.Simulation;

/// <summary>What goes wrong on purpose.</summary>
public enum Fault
{
    /// <summary>A message took much longer than usual.</summary>
    Delay,

    /// <summary>A message was lost.</summary>
    Loss,

    /// <summary>A message came twice.</summary>
    Duplication,

    /// <summary>A message came before one that was sent earlier between the same two.</summary>
    Reordering,

    /// <summary>Some nodes could not reach the others for a while.</summary>
    Partition,

    /// <summary>Nodes could reach one another again.</summary>
    Healing,

    /// <summary>A node stopped without warning and started again later.</summary>
    Crash,

    /// <summary>A node stopped while a write was under way; the write was lost.</summary>
    TornWrite,

    /// <summary>A node stopped after a write was durable and before anybody heard of it.</summary>
    SilentWrite,

    /// <summary>A disk refused a write.</summary>
    FailedWrite,

    /// <summary>A disk was slow for a while.</summary>
    SlowDisk,

    /// <summary>A node's clock went wrong.</summary>
    ClockSkew,

    /// <summary>A liar made a block without enough work.</summary>
    BadWork,

    /// <summary>A liar made a block whose header commits to another body.</summary>
    BadRoot,

    /// <summary>A liar gave a good header with a changed body.</summary>
    MutatedBody,

    /// <summary>A liar made a block with a transaction that its sender did not sign.</summary>
    BadSignature,

    /// <summary>A liar made a block with a transaction that the rules refuse.</summary>
    BrokenRule,

    /// <summary>A liar made a block that pays more than its reward.</summary>
    WrongReward,

    /// <summary>A liar made a block timed at or before the median of the 11 before it.</summary>
    BeforeMedian,

    /// <summary>A liar made a block timed far ahead.</summary>
    FarFuture,

    /// <summary>A liar made two right blocks at one height and gave each to other nodes.</summary>
    Equivocation,

    /// <summary>A liar made a right branch in secret and released it late.</summary>
    WithheldBranch,

    /// <summary>A liar made a right branch that is longer and weighs less.</summary>
    LongLightBranch,

    /// <summary>A liar made a right branch that weighs more and leaves the chain deeper than the limit of reorganisations.</summary>
    TooDeepBranch,

    /// <summary>A liar claimed a height and weight that it has not.</summary>
    WrongClaim,

    /// <summary>A liar answered with bytes that mean nothing, with too many headers, with made-up addresses, or not at all.</summary>
    Garbage,

    /// <summary>A liar sent transactions that their senders did not sign.</summary>
    UnsignedTransactions,
}

/// <summary>How often each kind of fault was injected.</summary>
public sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<Fault>().Length];

    /// <summary>How often one kind was.</summary>
    public long this[Fault fault] => _counts[(int)fault];

    /// <summary>Counts one more.</summary>
    public void Count(Fault fault) => _counts[(int)fault]++;

    /// <summary>Adds another run's counts.</summary>
    public void Add(FaultCounts other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
    }
}
