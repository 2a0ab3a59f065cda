using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>One choice of whom to call next out of a <see cref="PeerBook"/>.</summary>
internal sealed class PeerChoice
{
    // What stands for the block of a host name that nobody connected to yet: all of them may be in one.
    private const string Unknown = "";

    private readonly PeerBookSettings _settings;
    private readonly Func<double> _random;
    private readonly PeerBook _book;
    private readonly long _now;
    private readonly List<PeerRecord> _chosen = [];
    private readonly HashSet<PeerAddress> _taken = [];
    private readonly HashSet<Address> _nodes = [];
    private readonly Dictionary<string, int> _perBlock = new(StringComparer.Ordinal);

    public PeerChoice(PeerBookSettings settings, Func<double> random, PeerBook book, long now) => (_settings, _random, _book, _now) = (settings, random, book, now);

    /// <summary>Chooses; once.</summary>
    public IReadOnlyList<PeerAddress> Make(IReadOnlyCollection<PeerAddress> connected)
    {
        var free = _settings.Active;
        foreach (var address in connected)
        {
            if (!_taken.Add(address)) continue;

            var record = _book.Find(address);
            if (record is not { IsWanted: true }) free--;
            if (record is not null) Count(record);
        }

        foreach (var wanted in _book.Records.Where(one => one.IsWanted && IsDue(one)).OrderBy(static one => one.LastAttempt ?? 0)) Take(wanted);

        // Slots are held for anchors that can not be called now: whoever comes meanwhile does not get them.
        var anchors = _book.Anchors;
        List<PeerRecord> absent = [.. anchors.Where(one => !one.IsBanned(_now) && HasRoom(one))];
        var held = Math.Clamp(_settings.ActiveAnchors - anchors.Count(one => _taken.Contains(one.Address)), 0, Math.Min(absent.Count, Math.Max(free, 0)));
        Fill(held, [.. absent.Where(IsDue)], []);

        var due = _book.Records.Where(one => !one.IsWanted && IsDue(one)).ToLookup(static one => one.IsProven);
        Fill(free - held, [.. due[true]], [.. due[false]]);
        return InTurn();
    }

    /// <summary>Takes one out of a list, at random.</summary>
    public static PeerRecord Draw(List<PeerRecord> among, Func<double> random)
    {
        var at = Math.Min((int)(random() * among.Count), among.Count - 1);
        var drawn = among[at];
        among[at] = among[^1];
        among.RemoveAt(among.Count - 1);
        return drawn;
    }

    // Whoever can not call all at once calls the first of them: neither kind may wait for ever behind those of the other that do not answer.
    private List<PeerAddress> InTurn()
    {
        var kinds = _chosen.ToLookup(static one => one.IsWanted, static one => one.Address);
        var (wanted, others) = (kinds[true].ToArray(), kinds[false].ToArray());
        return [.. Enumerable.Range(0, Math.Max(wanted.Length, others.Length)).SelectMany(i => wanted.Skip(i).Take(1).Concat(others.Skip(i).Take(1)))];
    }

    // A coin decides for each slot, not the number of candidates: a flood of unproven ones gets no more slots than a few.
    private void Fill(int slots, List<PeerRecord> proven, List<PeerRecord> unproven)
    {
        while (slots > 0 && proven.Count + unproven.Count > 0)
        {
            var isProven = unproven.Count == 0 || (proven.Count > 0 && _random() < 0.5);
            var drawn = Draw(isProven ? proven : unproven, _random);
            if (!HasRoom(drawn)) continue;

            Take(drawn);
            slots--;
        }
    }

    // After the clock was set back a pause may seem longer than any can be: then it is over.
    private bool IsDue(PeerRecord record) =>
        !record.IsForgotten && !record.IsBanned(_now) && !_taken.Contains(record.Address)
        && (_now >= record.NextAttempt || record.NextAttempt - _now > (long)_settings.MostPause.TotalMilliseconds);

    private bool HasRoom(PeerRecord record) =>
        !_taken.Contains(record.Address)
        && (record.NodeId is not { } node || !_nodes.Contains(node))
        && (!_book.CapsBlock(record) || _perBlock.GetValueOrDefault(record.Block ?? Unknown) < _settings.ActivePerBlock);

    private void Take(PeerRecord record)
    {
        _taken.Add(record.Address);
        _chosen.Add(record);
        Count(record);
    }

    private void Count(PeerRecord record)
    {
        if (record.NodeId is { } node) _nodes.Add(node);
        if (_book.CapsBlock(record)) _perBlock[record.Block ?? Unknown] = _perBlock.GetValueOrDefault(record.Block ?? Unknown) + 1;
    }
}
