using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Takes the heaviest branch that peers have: headers first, which must show the weight that was claimed, then the blocks that are missing.</summary>
/// <remarks>
/// One peer's branch is read at a time while that makes ours heavier, or did not take long: of those that were read in vain least often, the one that claims most. Whoever reads on without an end, or
/// drips what it has, is not waited for: after <see cref="NetworkSettings.ReadingSlice"/> another peer's branch is read beside it, and when <see cref="NetworkSettings.Readings"/> are read so,
/// the oldest is left after <see cref="NetworkSettings.ReadingAtMost"/>. So a claim that its headers do not bear out, or that is never answered, delays others once, however large it is.
/// </remarks>
internal sealed class ChainSync
{
    private readonly NetworkSettings _settings;
    private readonly Func<NodeSnapshot> _snapshot;
    private readonly ISealVerifier _seals;
    private readonly PeerLinks _links;
    private readonly Outbox _outbox;
    private readonly Misconduct _misconduct;
    private readonly CompactFetch _compact;
    private readonly BranchFetch _bodies;
    private readonly ExpiringSet<PeerAddress> _told = new(64);
    private readonly RecentSet<Hash256> _toldTips = new(64);
    private readonly RecentSet<(Address Caller, Hash256 Block)> _triedInVain = new(256);
    private readonly HashSet<Hash256> _underWay = [];
    private readonly ExpiringSet<Hash256> _coming = new(64);
    private readonly Dictionary<Hash256, NetworkInput.BlockAnnounced> _following = [];
    private readonly List<BranchReading> _readings = [];
    private long _considerAt = long.MaxValue;

    public ChainSync(NetworkSettings settings, Func<NodeSnapshot> snapshot, ISealVerifier seals, PeerLinks links, Outbox outbox, Misconduct misconduct)
    {
        (_settings, _snapshot, _seals, _links, _outbox, _misconduct) = (settings, snapshot, seals, links, outbox, misconduct);
        _compact = new CompactFetch(snapshot, outbox, misconduct);
        _bodies = new BranchFetch(settings, snapshot, links, outbox, misconduct, _compact);
    }

    /// <summary>Headers that were asked for, and blocks.</summary>
    public FetchCount Fetched => _bodies.Fetched + new FetchCount(Headers, 0, HeaderBytes);

    /// <summary>Blocks from peers that joined our branch.</summary>
    public long Connected => _bodies.Connected;

    /// <summary>How often a branch was left because our disk failed, and why the last time; null when it never did.</summary>
    public (int Count, Refusal? Last) DiskFailures { get; private set; }

    /// <summary>Whether headers or blocks are on their way, or a peer's heavier tip was announced whose block is still to be brought.</summary>
    public bool IsBusy => _readings.Count > 0 || _compact.UnderWay > 0 || _bodies.Offering > 0 || Heavier().Any(link => _coming.Contains(link.Tip.Hash, _outbox.Now));

    private long Headers { get; set; }

    private long HeaderBytes { get; set; }

    /// <summary>Begins with a peer that claims more weight than ours has, unless another's branch is read that is still to be waited for.</summary>
    public void Consider()
    {
        if (Candidates().MinBy(static link => (link.FailedReadings, UInt128.MaxValue - link.Tip.Weight)) is not { } link || _outbox.Now < TurnsAt) return;

        if (_readings.Count >= _settings.Readings)
        {
            // Begins with the next one.
            Stop(_readings[0], isInVain: true);
            return;
        }

        var chain = _snapshot().Chain;
        var reading = new BranchReading(link, new HeaderBranch(chain, _seals), link.Tip, _outbox.Now);
        _readings.Add(reading);
        if (link.TipHeader is { } next && next.Header.Hash == link.Tip.Hash && next.Header.Previous == chain.Tip.Hash) ReadNext(reading, next);
        else ReadOn(reading);
    }

    /// <summary>When a peer is to be left for another one, or another one asked beside it; far away when there is none.</summary>
    public long NextAt => Math.Min(_considerAt, _readings.Count > 0 && Candidates().Any() ? Math.Min(TurnsAt, _readings.Min(LeaveAt)) : long.MaxValue);

    // When another branch may be begun: at once when none is read, and not while one that is read keeps making ours heavier, or our ledger has yet to say whether it does.
    private long TurnsAt
    {
        get
        {
            if (_readings.Count == 0) return 0;
            if (_bodies.Offering > 0) return long.MaxValue;

            var sliceEnds = _readings.Max(static reading => reading.AdvancedAt) + _settings.ReadingSlice;
            return _readings.Count < _settings.Readings ? sliceEnds : Math.Max(sliceEnds, _readings[0].StartedAt + _settings.ReadingAtMost);
        }
    }

    // Twice what the peer takes to answer: far away is not silent, and where all are far away no other one is quicker.
    private long LeaveAt(BranchReading reading) => _bodies.Offering == 0 ? reading.ProgressAt + Math.Max(_settings.Patience, 2 * reading.Link.AnswersIn) : long.MaxValue;

    /// <summary>Turns to another peer when those that are asked bring nothing, or too little for too long. What they still bring is not looked at, but for blocks on their way to our ledger.</summary>
    public void Tick()
    {
        if (_outbox.Now >= _considerAt || _readings.Count > 0)
        {
            if (_outbox.Now >= _considerAt) _considerAt = long.MaxValue;
            Consider();
        }

        foreach (var reading in _readings.ToArray())
        {
            if (_bodies.Offering > 0) reading.Arrived(_outbox.Now);
            else if (_outbox.Now >= LeaveAt(reading) && Candidates().Any()) Stop(reading, isInVain: true);
        }
    }

    /// <summary>Asks those again whose chain could not be taken of late.</summary>
    public void LookAgain()
    {
        foreach (var link in _links.Ready) link.SetAside = default;
    }

    /// <summary>A caller has a new tip: its block is wanted when it follows ours and nobody else is bringing it.</summary>
    public void Take(NetworkInput.TipAnnounced announced)
    {
        var (hash, previous) = (announced.Tip.Hash, announced.Header.Header.Previous);
        Note(announced.Caller, announced.Tip, announced.Header);
        var chain = _snapshot().Chain;
        var isNew = chain.Find(hash) is null && !_underWay.Contains(hash) && !_coming.Contains(hash, _outbox.Now);
        var isNext = previous == chain.Tip.Hash || _underWay.Contains(previous);
        if (isNew && isNext)
        {
            _considerAt = _outbox.Now + _settings.Patience;
            _coming.Put(hash, _considerAt, _outbox.Now);
        }

        _outbox.Answer<PeerAnswer>(announced.Reply, new PeerAnswer.Wanted(isNew && isNext ? [0] : []));
        if (chain.Find(hash) is { Invalid: true }) _misconduct.ChargeCaller(announced.Caller, Misconduct.Grave, "it announced a block that is invalid");
        if (isNew && !isNext) Consider();
    }

    /// <summary>A caller brought a block in short: one that follows our tip is put together at once, of others the headers are asked for.</summary>
    public void Take(NetworkInput.BlockAnnounced announced)
    {
        var (hash, header) = (announced.Block.Hash, announced.Block.Header);
        var link = Note(announced.Caller, announced.Tip, header);
        var chain = _snapshot().Chain;
        if (chain.Find(hash) is { } known)
        {
            if (known.Invalid) _misconduct.ChargeCaller(announced.Caller, Misconduct.Grave, "it announced a block that is invalid");
        }
        else if (_underWay.Contains(header.Header.Previous))
        {
            _following[header.Header.Previous] = announced;
        }
        else if (header.Header.Previous != chain.Tip.Hash)
        {
            Consider();
        }
        else
        {
            Judge(announced, link, chain);
        }
    }

    private PeerLink? Note(Address caller, PeerTip tip, SealedHeader header)
    {
        var link = _links.Of(caller);
        if (header.Seal is not null) _outbox.Witness(header);
        if (link is not null) (link.Tip, link.TipHeader, link.KnownBlock) = (tip, header, tip.Hash);
        return link;
    }

    private IEnumerable<PeerLink> Candidates() =>
        Heavier().Where(link => _readings.All(reading => reading.Link != link) && !_underWay.Contains(link.Tip.Hash) && !_coming.Contains(link.Tip.Hash, _outbox.Now) && (link.SetAside.Tip != link.Tip.Hash || link.SetAside.Until <= _outbox.Now));

    private IEnumerable<PeerLink> Heavier()
    {
        var weight = _snapshot().Chain.Tip.Weight;
        return _links.Ready.Where(link => link.Tip.Weight > weight);
    }

    private void Judge(NetworkInput.BlockAnnounced announced, PeerLink? link, Blockchain chain)
    {
        var hash = announced.Block.Hash;
        if (_underWay.Contains(hash) || _underWay.Count >= _settings.Assemblies || _triedInVain.Contains((announced.Caller, hash))) return;

        var branch = new HeaderBranch(chain, _seals);
        if (branch.Add([announced.Block.Header], _outbox.Now).Refusal is { } refusal)
        {
            _misconduct.ChargeCaller(announced.Caller, Misconduct.Grave, $"it announced a block whose header is refused with {refusal.Code}");
        }
        else if (branch.AskAgainAt is { } later)
        {
            if (link is not null) SetAside(link, Math.Min(later, _outbox.Now + _settings.FutureWait));
        }
        else if (branch.Weight > chain.Tip.Weight && !branch.LacksCheckpoint)
        {
            _underWay.Add(hash);
            Assemble(announced, link);
        }
    }

    private void Assemble(NetworkInput.BlockAnnounced announced, PeerLink? link)
    {
        _compact.Assemble(announced.Block, link, _bodies.CountBytes, result =>
        {
            if (result.TryGet(out var block, out var refusal)) _bodies.OfferAnnounced(block, announced.Block.Size, End);
            else End(refusal);
        });

        void End(Refusal? refusal)
        {
            _underWay.Remove(announced.Block.Hash);
            if (refusal is not null) _triedInVain.Add((announced.Caller, announced.Block.Hash));
            if (refusal is { Kind: RefusalKind.Invalid }) _misconduct.ChargeCaller(announced.Caller, Misconduct.Grave, $"it announced a block that is refused with {refusal.Code}");
            if (_following.Remove(announced.Block.Hash, out var next)) Take(next);
            Consider();
        }
    }

    // The one block that is missing came with the peer's tip.
    private void ReadNext(BranchReading reading, SealedHeader next)
    {
        Headers++;
        HeaderBytes += next.Size;
        Read(reading, [next]);
    }

    private void ReadOn(BranchReading reading) => _outbox.Call<PeerAnswer.Headers>(
        reading.Link,
        reading.Branch.Request,
        (answer, bytes) =>
        {
            if (reading.IsStopped) return;

            reading.Arrived(_outbox.Now);
            Headers += answer.Items.Count;
            HeaderBytes += bytes;
            Read(reading, answer.Items);
        },
        failure =>
        {
            // An endless answer, or none of ours. What is on its way to an operator's error page comes once, a liar's comes again.
            if (failure.Code == PeerRefusals.NotANode) _misconduct.ChargePeer(reading.Link, Misconduct.Doubtful, "it answers a question for headers with something else");
            Stop(reading, isInVain: true);
        });

    private void Read(BranchReading reading, EquatableArray<SealedHeader> page)
    {
        var (link, branch) = (reading.Link, reading.Branch);
        if (branch.Add(page, _outbox.Now).Refusal is { } refusal)
        {
            if (refusal.Kind == RefusalKind.Invalid) _misconduct.ChargePeer(link, Misconduct.Grave, $"it sent a header that is refused with {refusal.Code}");
            else Tell(link, link.Tip.Hash, $"The branch of {link.Address} is not followed. {refusal.Detail}");
            Stop(reading, isInVain: true);
        }
        else if (branch.IsEnded)
        {
            Judge(reading);
        }
        else if (IsTooSlow(reading) && Candidates().Any())
        {
            // It may be honest and far away: others are asked first.
            Stop(reading, isInVain: true);
        }
        else
        {
            ReadOn(reading);
        }
    }

    private bool IsTooSlow(BranchReading reading)
    {
        var time = _outbox.Now - reading.StartedAt;
        return time > _settings.HeaderGrace && (long)reading.Branch.Pages * PeerLimits.Headers < _settings.LeastHeaderRate * (time / 1_000);
    }

    private void Judge(BranchReading reading)
    {
        var (link, branch) = (reading.Link, reading.Branch);
        var standing = branch.Against(_snapshot().Chain);
        var lie = branch.VerifyClaim(reading.Claim).Refusal;
        if (lie is { Kind: RefusalKind.Invalid }) _misconduct.ChargePeer(link, Misconduct.Doubtful, lie.Detail);
        if (link.Tip == reading.Claim && branch.AskAgainAt is null) link.Tip = new PeerTip(branch.Tip.Index, branch.Weight, branch.Tip.Hash);
        if (standing.IsWanted && !branch.LacksCheckpoint && _readings.Exists(other => other != reading && other.AdvancedAt > other.StartedAt && _outbox.Now < other.AdvancedAt + _settings.ReadingSlice))
        {
            // Another one makes ours heavier, likely by the same blocks: what is still missing then is asked for after it.
            Stop(reading, isInVain: false);
            return;
        }

        if (standing.IsWanted && !branch.LacksCheckpoint)
        {
            _bodies.Fetch(reading, standing, refusal =>
            {
                if (refusal is { Kind: RefusalKind.Invalid }) _misconduct.ChargePeer(link, Misconduct.Grave, $"its chain has a block that is refused with {refusal.Code}");
                if (refusal is { Code: NodeTrouble.StorageFailed }) DiskFailures = (DiskFailures.Count + 1, refusal);
                Stop(reading, isInVain: refusal is not null);
            });
            return;
        }

        if (standing.IsAlarm) Tell(link, branch.Tip.Hash, $"A heavier branch of {link.Address} leaves ours {_snapshot().Chain.BeyondReach}: an operator must decide. Its tip is block {branch.Tip.Index} {branch.Tip.Hash}.", isAlarm: true);
        else if (branch.AskAgainAt is { } later && later > _outbox.Now + _settings.FutureWait) Tell(link, branch.Tip.Hash, $"The branch of {link.Address} is not followed yet. Its block {branch.Tip.Index + 1} is {(later - _outbox.Now) / 1_000} s too far ahead of this node's clock: is the clock right?");
        else if (standing.IsWanted) Tell(link, branch.Tip.Hash, $"The branch of {link.Address} is not followed yet. It ends with block {branch.Tip.Index}, below block {branch.Chain.Spec.Checkpoint!.Index}, the operator's checkpoint.");
        Stop(reading, isInVain: standing.IsHeavier || (lie is not null && branch.AskAgainAt is null));
    }

    private void Tell(PeerLink link, Hash256 tip, string what, bool isAlarm = false)
    {
        if (_toldTips.Contains(tip) || _told.Contains(link.Address, _outbox.Now)) return;

        _toldTips.Add(tip);
        _told.Put(link.Address, _outbox.Now + _settings.AlarmInterval, _outbox.Now);
        _outbox.Report(what, isAlarm);
    }

    private void Stop(BranchReading reading, bool isInVain)
    {
        if (!_readings.Remove(reading)) return;

        reading.Stop();
        var link = reading.Link;
        link.FailedReadings = isInVain ? link.FailedReadings + 1 : 0;
        if (isInVain) SetAside(link, _outbox.Now + Math.Min(_settings.SetAsideFor << Math.Min(link.FailedReadings - 1, 16), _settings.SetAsideAtMost));
        else if (reading.Branch.AskAgainAt is { } later) SetAside(link, Math.Min(later, _outbox.Now + _settings.FutureWait));
        Consider();
    }

    private static void SetAside(PeerLink link, long until) => link.SetAside = (link.Tip.Hash, until);
}
