using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Takes the heaviest branch that peers have: headers first, which must show the weight that was claimed, then the blocks that are missing.</summary>
/// <remarks>
/// One peer's headers are read at a time: of those that were read in vain least often, the one that claims most. So a claim that its headers do not bear out, or that is never
/// answered, delays others once, however large it is.
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
    private readonly RecentSet<Hash256> _alarmed = new(64);
    private readonly RecentSet<(Address Caller, Hash256 Block)> _triedInVain = new(256);
    private readonly HashSet<Hash256> _underWay = [];
    private readonly Dictionary<Hash256, NetworkInput.BlockAnnounced> _following = [];
    private Reading? _reading;

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

    /// <summary>Whether headers or blocks are on their way.</summary>
    public bool IsBusy => _reading is not null || _compact.UnderWay > 0 || _bodies.Offering > 0;

    private long Headers { get; set; }

    private long HeaderBytes { get; set; }

    /// <summary>Begins with a peer that claims more weight than ours has, unless one is being asked.</summary>
    public void Consider()
    {
        if (_reading is not null || Candidates().MinBy(static link => (link.FailedReadings, UInt128.MaxValue - link.Tip.Weight)) is not { } link) return;

        _reading = new Reading(link, new HeaderBranch(_snapshot().Chain, _seals), link.Tip, _outbox.Now);
        ReadOn(_reading);
    }

    /// <summary>Asks those again whose chain could not be taken of late.</summary>
    public void LookAgain()
    {
        foreach (var link in _links.Ready) link.SetAside = default;
    }

    /// <summary>A caller announced a block: one that follows our tip is put together at once, of others the headers are asked for.</summary>
    public void Take(NetworkInput.BlockAnnounced announced)
    {
        var (hash, header) = (announced.Block.Hash, announced.Block.Header);
        var link = _links.Of(announced.Caller);
        if (link is not null) (link.Tip, link.KnownBlock) = (announced.Tip, hash);
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

    private IEnumerable<PeerLink> Candidates()
    {
        var weight = _snapshot().Chain.Tip.Weight;
        return _links.Ready.Where(link => link.Tip.Weight > weight && (link.SetAside.Tip != link.Tip.Hash || link.SetAside.Until <= _outbox.Now));
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
        else if (branch.Weight > chain.Tip.Weight)
        {
            _underWay.Add(hash);
            Assemble(announced, link);
        }
    }

    private void Assemble(NetworkInput.BlockAnnounced announced, PeerLink? link)
    {
        _compact.Assemble(announced.Block, link, static _ => { }, result =>
        {
            if (result.TryGet(out var block, out var refusal)) _bodies.Offer([block], (_, failure) => End(failure));
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

    private void ReadOn(Reading reading) => _outbox.Call<PeerAnswer.Headers>(
        reading.Link,
        reading.Branch.Request,
        (answer, bytes) =>
        {
            Headers += answer.Items.Count;
            HeaderBytes += bytes;
            Read(reading, answer.Items);
        },
        _ => Stop(reading, isInVain: true));

    private void Read(Reading reading, EquatableArray<SealedHeader> page)
    {
        var (link, branch) = (reading.Link, reading.Branch);
        if (branch.Add(page, _outbox.Now).Refusal is { } refusal)
        {
            _misconduct.ChargePeer(link, Misconduct.Grave, $"it sent a header that is refused with {refusal.Code}");
            Stop(reading, isInVain: true);
        }
        else if (branch.IsEnded)
        {
            Judge(reading);
        }
        else if (IsTooSlow(reading) && Candidates().Any(other => other != link))
        {
            // It may be honest and far away: others are asked first.
            Stop(reading, isInVain: true);
        }
        else
        {
            ReadOn(reading);
        }
    }

    private bool IsTooSlow(Reading reading)
    {
        var time = _outbox.Now - reading.StartedAt;
        return time > _settings.HeaderGrace && (long)reading.Branch.Pages * PeerLimits.Headers < _settings.LeastHeaderRate * (time / 1_000);
    }

    private void Judge(Reading reading)
    {
        var (link, branch) = (reading.Link, reading.Branch);
        var standing = branch.Against(_snapshot().Chain);
        var lie = branch.VerifyClaim(reading.Claim).Refusal;
        if (lie is { Kind: RefusalKind.Invalid }) _misconduct.ChargePeer(link, Misconduct.Doubtful, lie.Detail);
        if (link.Tip == reading.Claim && branch.AskAgainAt is null) link.Tip = new PeerTip(branch.Tip.Index, branch.Weight, branch.Tip.Hash);
        if (standing.IsWanted)
        {
            _bodies.Fetch(link, branch, standing, refusal =>
            {
                if (refusal is { Kind: RefusalKind.Invalid }) _misconduct.ChargePeer(link, Misconduct.Grave, $"its chain has a block that is refused with {refusal.Code}");
                Stop(reading, isInVain: refusal is not null);
            });
            return;
        }

        if (standing.IsAlarm) Alarm(link, branch);
        Stop(reading, isInVain: standing.IsHeavier || (lie is not null && branch.AskAgainAt is null));
    }

    private void Alarm(PeerLink link, HeaderBranch branch)
    {
        if (!_alarmed.Contains(branch.Tip.Hash))
            _outbox.Report($"A heavier branch of {link.Address} leaves ours more than the reorganisation limit back: an operator must decide. Its tip is block {branch.Tip.Index} {branch.Tip.Hash}.", isAlarm: true);
        _alarmed.Add(branch.Tip.Hash);
    }

    private void Stop(Reading reading, bool isInVain)
    {
        var link = reading.Link;
        _reading = null;
        link.FailedReadings = isInVain ? link.FailedReadings + 1 : 0;
        if (isInVain) SetAside(link, _outbox.Now + Math.Min(_settings.SetAsideFor << Math.Min(link.FailedReadings - 1, 16), _settings.SetAsideAtMost));
        else if (reading.Branch.AskAgainAt is { } later) SetAside(link, Math.Min(later, _outbox.Now + _settings.FutureWait));
        Consider();
    }

    private static void SetAside(PeerLink link, long until) => link.SetAside = (link.Tip.Hash, until);

    private sealed record Reading(PeerLink Link, HeaderBranch Branch, PeerTip Claim, long StartedAt);
}
