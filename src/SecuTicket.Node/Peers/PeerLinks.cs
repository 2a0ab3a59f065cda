using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>The peers that we call now, in the order of their addresses.</summary>
internal sealed class PeerLinks
{
    private readonly SortedDictionary<PeerAddress, PeerLink> _links = [];
    private PeerLink[]? _all;

    /// <summary>All of them, those being met included, as they are now.</summary>
    public PeerLink[] All => _all ??= [.. _links.Values];

    /// <summary>Those that can be asked.</summary>
    public PeerLink[] Ready => [.. _links.Values.Where(link => link.IsReady)];

    public PeerLink? At(PeerAddress address) => _links.GetValueOrDefault(address);

    /// <summary>The one that can be asked and is this node; null when there is none.</summary>
    public PeerLink? Of(Address node) => _links.Values.FirstOrDefault(link => link.IsReady && link.Identity?.Node == node);

    public void Add(PeerLink link)
    {
        _links.Add(link.Address, link);
        _all = null;
    }

    public void Close(PeerLink link)
    {
        link.IsClosed = true;
        _links.Remove(link.Address);
        _all = null;
    }
}
