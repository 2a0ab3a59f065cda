using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Counts what peers did against the protocol, by node; who did too much is dropped for a time.</summary>
internal sealed class Misconduct(NetworkSettings settings, PeerBook book, PeerLinks links, Outbox outbox)
{
    /// <summary>Points of what no honest node does: an invalid block, a wrong signature, bytes that are no message.</summary>
    public const int Grave = 100;

    /// <summary>Points of what an honest node might do once, by accident.</summary>
    public const int Doubtful = 40;

    private readonly Dictionary<Address, int> _points = [];
    private readonly Queue<Address> _order = new();

    /// <summary>Nodes remembered.</summary>
    public int Remembered => _points.Count;

    /// <summary>Charges a node with something it did.</summary>
    /// <param name="node">The node.</param>
    /// <param name="points">How grave it is.</param>
    /// <param name="deed">What it did, for the log: «it …».</param>
    public void Charge(Address node, int points, string deed)
    {
        if (!_points.ContainsKey(node))
        {
            _order.Enqueue(node);
            if (_order.Count > settings.RememberedMisconduct) _points.Remove(_order.Dequeue());
        }

        var sum = _points[node] = _points.GetValueOrDefault(node) + points;
        if (sum < settings.MisconductLimit) return;

        _points[node] = 0;
        var until = outbox.Now + settings.BanTime;
        outbox.Banish(node, until);
        outbox.Report($"The node {node} is left alone for {settings.BanTime / 60_000} min: {deed}.");
        if (links.Of(node) is not { } link) return;

        book.Ban(link.Address, until);
        links.Close(link);
    }

    /// <summary>Charges a peer that we called; before it proved who it is, its address alone.</summary>
    public void Charge(PeerLink link, int points, string deed)
    {
        if (link.Identity is { } identity)
        {
            Charge(identity.Node, points, deed);
        }
        else if (points >= settings.MisconductLimit)
        {
            book.Ban(link.Address, outbox.Now + settings.BanTime);
            links.Close(link);
            outbox.Report($"The node at {link.Address} is left alone for {settings.BanTime / 60_000} min: {deed}.");
        }
    }
}
