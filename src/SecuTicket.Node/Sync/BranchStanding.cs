using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Sync;

/// <summary>How a peer's branch compares with our chain.</summary>
/// <param name="IsHeavier">Whether it has proven more weight than our tip has.</param>
/// <param name="Fork">The last block it has in common with our branch; null when that is further below our tip than a reorganisation may reach.</param>
/// <param name="Refusal">Why it can not be taken however much it weighs: <c>fork_too_deep</c> (Transient: no peer is to blame), <c>invalid_parent</c>, or what was wrong with a header. Null when it can be.</param>
public sealed record BranchStanding(bool IsHeavier, ChainNode? Fork, Refusal? Refusal)
{
    /// <summary>Blocks of ours that taking it would undo.</summary>
    public long Undone { get; init; }

    /// <summary>Hashes of its blocks that our chain does not know, oldest first; none when it is long.</summary>
    public EquatableArray<Hash256> Missing { get; init; } = [];

    /// <summary>Of a long branch the parts whose hashes are to be read again, oldest first; the first may hold blocks that our chain knows.</summary>
    public EquatableArray<HeaderSegment> Segments { get; init; } = [];

    /// <summary>Whether its blocks are to be fetched.</summary>
    public bool IsWanted => IsHeavier && Refusal is null;

    /// <summary>Whether an operator must decide between it and our chain.</summary>
    public bool IsAlarm => IsHeavier && Fork is null && Refusal is { Code: RefusalCodes.ForkTooDeep };
}
