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

    /// <summary>A node's clock went wrong, or was set right.</summary>
    ClockSkew,
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
