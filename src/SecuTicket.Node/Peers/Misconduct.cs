using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Counts what others did against the protocol; who did too much is left alone for a time.</summary>
/// <remarks>
/// Callers count by the node that they proved to be, and lose their sessions; whom we call counts by its address, and is not called. The two are kept apart: a stranger who passes
/// on the handshake of others could otherwise have an honest node's good address banned by what he sends in its name.
/// </remarks>
internal sealed class Misconduct(NetworkSettings settings, PeerBook book, PeerLinks links, Outbox outbox)
{
    /// <summary>Points of what no honest node does: an invalid block, a wrong signature.</summary>
    public const int Grave = 100;

    /// <summary>Points of what an honest node might do once, by accident.</summary>
    public const int Doubtful = 40;

    private readonly Dictionary<string, (int Points, long At)> _points = [];
    private readonly Queue<string> _order = new();

    /// <summary>Nodes and addresses remembered.</summary>
    public int Remembered => _points.Count;

    /// <summary>Charges a caller with something it sent.</summary>
    /// <param name="caller">The node it proved to be.</param>
    /// <param name="points">How grave it is.</param>
    /// <param name="deed">What it did, for the log: «it …».</param>
    public void ChargeCaller(Address caller, int points, string deed)
    {
        if (!IsTooMuch(caller.ToString(), points)) return;

        outbox.Banish(caller, outbox.Now + settings.BanTime);
        outbox.Report($"Calls of node {caller} are refused for {settings.BanTime / 60_000} min: {deed}.");
    }

    /// <summary>Charges a peer with something it answered.</summary>
    /// <param name="link">The peer.</param>
    /// <param name="points">How grave it is.</param>
    /// <param name="deed">What it did, for the log: «it …».</param>
    public void ChargePeer(PeerLink link, int points, string deed)
    {
        if (!IsTooMuch(link.Address.ToString(), points)) return;

        book.Ban(link.Address, outbox.Now + settings.BanTime);
        links.Close(link);
        outbox.Report($"The node at {link.Address} is left alone for {settings.BanTime / 60_000} min: {deed}.");
    }

    private bool IsTooMuch(string who, int points)
    {
        var before = _points.GetValueOrDefault(who);
        if (before.Points == 0 && !_points.ContainsKey(who))
        {
            _order.Enqueue(who);
            if (_order.Count > settings.RememberedMisconduct) _points.Remove(_order.Dequeue());
        }

        var halvings = (int)Math.Clamp((outbox.Now - before.At) / settings.MisconductHalfLife, 0, 31);
        var sum = (before.Points >> halvings) + points;
        _points[who] = (sum < settings.MisconductLimit ? sum : 0, outbox.Now);
        return sum >= settings.MisconductLimit;
    }
}
