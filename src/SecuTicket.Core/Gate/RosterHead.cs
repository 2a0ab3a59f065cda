using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Gate;

/// <summary>A moment of a chain: a block by index and hash. Two branches have different hashes at one index.</summary>
/// <param name="Version">Index of the block.</param>
/// <param name="Tip">Its hash.</param>
public readonly record struct RosterPoint(long Version, Hash256 Tip);

/// <summary>What a roster says beside its entries.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Node">The account of the node that signed it.</param>
/// <param name="Event">The event, whole also where only changes are told.</param>
/// <param name="At">The block it is fresh to.</param>
/// <param name="Since">The block after which its entries changed; null for a full roster.</param>
public sealed record RosterHead(string ChainId, Address Node, RosterEvent Event, RosterPoint At, RosterPoint? Since)
{
    /// <summary>Whether it replaces whatever was known.</summary>
    public bool IsFull => Since is null;
}

/// <summary>Whose roster of what a gate goes by.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Event">The event.</param>
/// <param name="Node">The account of the node it trusts, from <c>GET /info</c>.</param>
public sealed record RosterSource(string ChainId, EventId Event, Address Node);
