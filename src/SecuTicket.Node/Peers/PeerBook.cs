using System.Net;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>The addresses of other nodes, what is known of each, and which of them to call. Pure and not thread-safe: time and chance are passed in. Times are ms since 1970.</summary>
/// <remarks>
/// Strangers write into it, so whatever they say is bounded by source, by address block and as a whole, and displaces only what is no better. The proven peers that are known
/// the longest, the anchors, are displaced by nothing and always get some of the calls: whoever floods a node with addresses of his own can not cut it off from the honest
/// ones it knew before (Heilman and others, "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", USENIX Security 2015). What the operator wants is outside of these limits.
/// </remarks>
public sealed class PeerBook
{
    // What callers say who are reached under a host name, whose block nobody knows before it is called.
    private const string NamedCallers = "callers";

    private readonly PeerBookSettings _settings;
    private readonly Func<double> _random;
    private readonly SortedDictionary<PeerAddress, PeerRecord> _records = [];
    private readonly SortedDictionary<PeerAddress, PeerRecord?> _changes = [];

    /// <summary>Takes over the records that were kept. What exceeds a limit, because it was set lower, is dropped, the worst first.</summary>
    /// <param name="settings">The limits.</param>
    /// <param name="random">Where chance comes from: 0 inclusive to 1 exclusive.</param>
    /// <param name="kept">The records kept; none when null.</param>
    public PeerBook(PeerBookSettings settings, Func<double> random, IReadOnlyCollection<PeerRecord>? kept = null)
    {
        (_settings, _random) = (settings, random);
        var room = new PeerBookRoom(settings, this);
        foreach (var record in (kept ?? []).OrderBy(static one => !one.IsWanted).ThenBy(static one => one.KnownSince ?? long.MaxValue).ThenByDescending(static one => one.AddedAt).ThenBy(static one => one.Address))
        {
            if (room.TryTake(record)) _records[record.Address] = record;
            else _changes[record.Address] = null;
        }
    }

    /// <summary>All records in the order of addresses, also forgotten ones.</summary>
    public IReadOnlyCollection<PeerRecord> Records => _records.Values;

    /// <summary>The proven peers known the longest, one for each node, without those that the operator wants: those are never displaced anyway.</summary>
    public IReadOnlyList<PeerRecord> Anchors =>
        [.. _records.Values.Where(static one => one is { IsProven: true, IsWanted: false }).OrderBy(static one => one.KnownSince).ThenBy(static one => one.Address).DistinctBy(static one => one.NodeId).Take(_settings.Anchors)];

    /// <summary>What is known of an address; null when it is not in the book.</summary>
    public PeerRecord? Find(PeerAddress address) => _records.GetValueOrDefault(address);

    /// <summary>What is to be written since the last time this was asked, one for each address, in the order of addresses.</summary>
    public IReadOnlyList<PeerBookChange> TakeChanges()
    {
        PeerBookChange[] changes = [.. _changes.Select(static one => new PeerBookChange(one.Key, one.Value))];
        _changes.Clear();
        return changes;
    }

    /// <summary>Makes these, and no others, the configured ones: the operator's settings as they are at this start. One that was forgotten or is in the book otherwise becomes configured.</summary>
    /// <returns>Those for which there was no room.</returns>
    public IReadOnlyList<PeerAddress> Configure(IEnumerable<PeerAddress> addresses, long now)
    {
        var wanted = new SortedSet<PeerAddress>(addresses);
        PeerRecord[] before = [.. _records.Values.Where(one => one.IsWanted && one.Origin == PeerOrigin.Configured && !wanted.Contains(one.Address))];
        foreach (var record in before)
        {
            Remove(record.Address);
            if (record.IsProven) Admit(record with { Origin = PeerOrigin.Learnt });
        }

        return [.. wanted.Where(address => !Admit(Find(address) is { IsForgotten: false } known ? known with { Origin = PeerOrigin.Configured, Source = null } : New(address, PeerOrigin.Configured, null, now)))];
    }

    /// <summary>Takes in an address that the operator wants, also one that was forgotten or banned; it may be called at once.</summary>
    /// <returns>Accepted, also when it was there; <c>peers_full</c> when no more can be registered.</returns>
    public Verdict Register(PeerAddress address, long now)
    {
        var record = Find(address) is { IsForgotten: false } known
            ? known with { Origin = known.Origin == PeerOrigin.Configured ? PeerOrigin.Configured : PeerOrigin.Registered, Source = null, BannedUntil = 0, Failures = 0, NextAttempt = 0 }
            : New(address, PeerOrigin.Registered, null, now);
        return Admit(record)
            ? Verdict.Accepted
            : new Refusal("peers_full", $"{_settings.Registered} registered peers and {_settings.Records} peers in all can be kept here: take one out first.", RefusalKind.Transient);
    }

    /// <summary>Takes in what a peer told us. Known and forgotten ones stay as they are.</summary>
    /// <returns>How many were new and found room.</returns>
    public int Learn(IEnumerable<PeerAddress> addresses, PeerAddress source, long now)
    {
        // No more than find room together: the rest would only displace the first.
        var learnt = 0;
        foreach (var address in addresses.Where(address => !_records.ContainsKey(address)).Distinct().Take(_settings.UnprovenPerSource).ToArray())
        {
            if (Admit(New(address, PeerOrigin.Learnt, source.ToString(), now))) learnt++;
        }

        return learnt;
    }

    /// <summary>Takes in the address of a node that called us. A known one stays as it is, but that its pause ends: it is back. A forgotten one stays as it is.</summary>
    /// <returns>Whether it was new and found room.</returns>
    public bool Called(PeerAddress address, long now)
    {
        if (!_records.ContainsKey(address)) return Admit(New(address, PeerOrigin.Caller, BlockOf(address) ?? NamedCallers, now));
        if (Find(address) is { IsForgotten: false } known && known.NextAttempt > now + Milliseconds(_settings.LeastPause)) Put(known with { NextAttempt = now + Milliseconds(_settings.LeastPause) });

        return false;
    }

    /// <summary>A call ended well: a handshake proved who is there.</summary>
    /// <param name="address">Who was called.</param>
    /// <param name="nodeId">Who proved to be there.</param>
    /// <param name="block">Text of the <see cref="AddressBlock"/> of the IP address that was connected to.</param>
    /// <param name="now">The time.</param>
    public PeerSuccess Succeeded(PeerAddress address, Address nodeId, string block, long now)
    {
        if (Find(address) is not { IsForgotten: false } known) return new PeerSuccess(IsInBook: false);

        var isSame = known.NodeId == nodeId && known.IsProven;
        if (isSame && known.Block == block && known.Failures == 0 && Math.Abs(now - known.LastSuccess!.Value) < Milliseconds(_settings.SuccessPrecision)) return new PeerSuccess(IsInBook: true);

        var isInBook = Admit(known with
        {
            NodeId = nodeId,
            Block = block,
            KnownSince = isSame ? known.KnownSince : now,
            LastSuccess = now,
            LastAttempt = now,
            NextAttempt = 0,
            Failures = 0,
        });
        if (!isInBook) Remove(address);
        if (isSame) return new PeerSuccess(isInBook);

        var elsewhere = _records.Values.Where(one => one.NodeId == nodeId && one.Address != address).MinBy(static one => one.KnownSince)?.Address;
        return new PeerSuccess(isInBook, known.NodeId == nodeId ? null : known.NodeId, elsewhere);
    }

    /// <summary>A call failed, or the session with a peer ended by its fault: it is not called again before a pause, which doubles each time.</summary>
    public void Failed(PeerAddress address, long now)
    {
        if (Find(address) is not { IsForgotten: false } known) return;

        var failures = known.Failures == int.MaxValue ? int.MaxValue : known.Failures + 1;
        var record = known with { LastAttempt = now, Failures = failures, NextAttempt = now + PauseAfter(failures, known.IsWanted) };
        if (IsOver(record, now)) Remove(address);
        else Put(record);
    }

    /// <summary>Does not call an address, nor tell it to others, before a time. Its standing begins anew then.</summary>
    /// <returns>Whether it is in the book; bans of strangers are not remembered.</returns>
    public bool Ban(PeerAddress address, long until)
    {
        if (Find(address) is not { IsForgotten: false } known) return false;

        Put(known with { BannedUntil = Math.Max(known.BannedUntil, until), KnownSince = known.IsProven ? until : null });
        return true;
    }

    /// <summary>The operator does not want an address any more. It is remembered, so that peers and callers do not bring it back.</summary>
    /// <returns>Whether it was in the book.</returns>
    public bool Forget(PeerAddress address, long now)
    {
        if (Find(address) is not { IsForgotten: false }) return false;

        Remove(address);
        Admit(new PeerRecord(address, PeerOrigin.Learnt, now) { IsForgotten = true });
        return true;
    }

    /// <summary>Drops what was silent for too long. To be called now and then, and before a first choice.</summary>
    /// <returns>Who was dropped.</returns>
    public IReadOnlyList<PeerAddress> Expire(long now)
    {
        var anchors = Anchors;
        PeerAddress[] over = [.. _records.Values.Where(one => IsOver(one, anchors.Contains(one) ? one.LastAttempt!.Value : now)).Select(static one => one.Address)];
        foreach (var address in over) Remove(address);
        return over;
    }

    /// <summary>Whom to call next: all that the operator wants, those not tried for the longest first, and in turn with them as many of the others as are missing, anchors first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="connected">Who is connected or being called.</param>
    public IReadOnlyList<PeerAddress> Choose(long now, IReadOnlyCollection<PeerAddress> connected) => new PeerChoice(_settings, _random, this, now).Make(connected);

    /// <summary>Whether more than <see cref="PeerBookSettings.ActivePerBlock"/> of the connected are of one address block with this one, which a host name shows only when it is called: it should be let go.</summary>
    public bool IsCrowded(PeerAddress address, IReadOnlyCollection<PeerAddress> connected) =>
        Find(address) is { IsWanted: false } record && CapsBlock(record)
        && connected.Count(one => one != address && Find(one) is { IsWanted: false } other && other.Block == record.Block) >= _settings.ActivePerBlock;

    /// <summary>Some addresses to tell to another peer, at random: proven lately, neither banned nor forgotten, nor private where that is not to be shared.</summary>
    public IReadOnlyList<PeerAddress> ToShare(int count, long now)
    {
        List<PeerRecord> good = [.. _records.Values.Where(one => one.LastSuccess >= now - Milliseconds(_settings.SharedLife) && !one.IsBanned(now) && (_settings.SharesPrivate || !IsPrivate(one)))];
        var shared = new List<PeerAddress>();
        while (shared.Count < count && good.Count > 0) shared.Add(PeerChoice.Draw(good, _random).Address);
        return shared;
    }

    /// <summary>Whether the limits of address blocks hold for a record.</summary>
    internal bool CapsBlock(PeerRecord record) =>
        !record.IsWanted && !(_settings.LoopbackIsExempt && (record.Address.IsLoopback || record.Block == AddressBlock.Loopback.Text));

    // A name by the block in which it was last connected to.
    private static bool IsPrivate(PeerRecord record) =>
        record.Address.Literal is { } literal
            ? AddressGuard.IsPrivate(literal)
            : record.Address.IsLoopback || record.Block == AddressBlock.Loopback.Text || (IPNetwork.TryParse(record.Block, out var block) && AddressGuard.IsPrivate(block.BaseAddress));

    private static string? BlockOf(PeerAddress address) => address.Literal is { } literal ? AddressBlock.Of(literal).Text : null;

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static PeerRecord New(PeerAddress address, PeerOrigin origin, string? source, long now) => new(address, origin, now) { Source = source, Block = BlockOf(address) };

    private bool IsOver(PeerRecord record, long now)
    {
        if (record.IsWanted || record.IsForgotten || record.IsBanned(now)) return false;

        return record.IsProven
            ? now - record.LastSuccess >= Milliseconds(_settings.ProvenLife)
            : record.Failures >= _settings.UnprovenFailures || now - record.AddedAt >= Milliseconds(_settings.UnprovenLife);
    }

    // Between half of the pause and all of it, so that nodes which lost the same peer do not come back together.
    private long PauseAfter(int failures, bool isWanted)
    {
        var full = Math.Min(Milliseconds(isWanted ? _settings.MostPauseOfWanted : _settings.MostPause), Milliseconds(_settings.LeastPause) << Math.Min(failures, 20));
        return (full / 2) + (long)(_random() * (full / 2));
    }

    private bool Admit(PeerRecord record)
    {
        while (Crowd(record) is { } crowd)
        {
            if (Worst(crowd) is not { } worst) return false;

            Remove(worst.Address);
        }

        Put(record);
        return true;
    }

    // The records of which one must go before this one may come; null when there is room.
    private IEnumerable<PeerRecord>? Crowd(PeerRecord newcomer)
    {
        var isUnproven = newcomer is { IsWanted: false, IsProven: false };
        var isCapped = newcomer.Block is not null && CapsBlock(newcomer);
        var (all, registered, neighbours, unproven, ofSource) = (0, 0, 0, 0, 0);
        foreach (var one in Others(newcomer))
        {
            all++;
            if (one.Origin == PeerOrigin.Registered) registered++;
            if (isCapped && IsNeighbour(one, newcomer)) neighbours++;
            if (!isUnproven || !IsUnproven(one)) continue;

            unproven++;
            if (one.Source == newcomer.Source) ofSource++;
        }

        if (newcomer.IsForgotten) return all >= _settings.Forgotten ? Others(newcomer) : null;
        if (newcomer is { IsWanted: true, Origin: PeerOrigin.Registered } && registered >= _settings.Registered) return [];
        if (neighbours >= _settings.PerBlock) return Others(newcomer).Where(one => IsNeighbour(one, newcomer) && (!isUnproven || IsUnproven(one)));
        if (ofSource >= _settings.UnprovenPerSource) return Others(newcomer).Where(one => IsUnproven(one) && one.Source == newcomer.Source);
        if (unproven >= _settings.Unproven) return Others(newcomer).Where(IsUnproven);
        return all >= _settings.Records ? Others(newcomer) : null;
    }

    private IEnumerable<PeerRecord> Others(PeerRecord newcomer) => _records.Values.Where(one => one.IsForgotten == newcomer.IsForgotten && one.Address != newcomer.Address);

    private bool IsNeighbour(PeerRecord one, PeerRecord newcomer) => one.Block == newcomer.Block && CapsBlock(one);

    private static bool IsUnproven(PeerRecord one) => one is { IsWanted: false, IsProven: false };

    // Banned ones stay as long as others can go: forgetting one would lift its ban.
    private PeerRecord? Worst(IEnumerable<PeerRecord> crowd)
    {
        PeerRecord[] displaceable = [.. crowd.Where(static one => !one.IsWanted)];
        var anchors = displaceable.Any(static one => !one.IsProven) ? [] : Anchors;
        return displaceable.Where(one => !anchors.Contains(one)).Min(Comparer<PeerRecord>.Create(static (one, other) => Rank(one).CompareTo(Rank(other))));
    }

    private static (bool, long, int, long, PeerAddress) Rank(PeerRecord one) => (one.IsProven, one.BannedUntil, -one.Failures, one.LastSuccess ?? one.AddedAt, one.Address);

    private void Put(PeerRecord record)
    {
        if (record == Find(record.Address)) return;

        _records[record.Address] = record;
        _changes[record.Address] = record;
    }

    private void Remove(PeerAddress address)
    {
        if (_records.Remove(address)) _changes[address] = null;
    }
}
