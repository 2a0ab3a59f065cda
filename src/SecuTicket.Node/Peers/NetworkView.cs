using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>The peers as they are after some step: an immutable value for readers.</summary>
/// <param name="Peers">Nodes that proved who they are, or that an operator wants, in the order of their addresses.</param>
/// <param name="Connected">How many of them can be asked now.</param>
/// <param name="Shared">Addresses to tell to others who ask, at most <see cref="PeerLimits.Addresses"/>.</param>
public sealed record NetworkView(IReadOnlyList<PeerView> Peers, int Connected, EquatableArray<PeerAddress> Shared)
{
    /// <summary>No peers.</summary>
    public static NetworkView Empty { get; } = new([], 0, []);

    internal static NetworkView Of(PeerLinks links, PeerBook book, EquatableArray<PeerAddress> shared)
    {
        PeerView[] peers = [.. book.Records.Where(static record => record.IsWanted || record is { IsProven: true, IsForgotten: false }).Select(record => PeerView.Of(record, links.At(record.Address)))];
        return new NetworkView(peers, peers.Count(static peer => peer.IsConnected), shared);
    }
}

/// <summary>A peer.</summary>
/// <param name="Address">Where it is called.</param>
/// <param name="Node">Who it is; null while it never proved that.</param>
/// <param name="Tip">What it last said of its branch; null while it is not connected.</param>
/// <param name="LastSeen">When it last answered, in milliseconds since 1970, after a while not exact; null for never.</param>
/// <param name="IsConnected">Whether it can be asked now.</param>
public sealed record PeerView(PeerAddress Address, Address? Node, PeerTip? Tip, long? LastSeen, bool IsConnected)
{
    internal static PeerView Of(PeerRecord record, PeerLink? link) => link is { IsReady: true }
        ? new PeerView(record.Address, link.Identity?.Node, link.Tip, link.LastSeen, true)
        : new PeerView(record.Address, record.NodeId, null, record.LastSuccess, false);
}
