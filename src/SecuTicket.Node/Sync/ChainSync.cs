using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Takes the heaviest branch that peers have: headers first, which must show the weight that was claimed, then the blocks that are missing.</summary>
/// <remarks>One peer's headers are read at a time, of the one that claims most: a claim that they do not bear out is misconduct, so the heaviest claim left is soon a true one.</remarks>
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
    private readonly HashSet<Hash256> _announced = [];
    private Reading? _reading;

    public ChainSync(NetworkSettings settings, Func<NodeSnapshot> snapshot, ISealVerifier seals, PeerLinks links, Outbox outbox, Misconduct misconduct)
    {
        (_settings, _snapshot, _seals, _links, _outbox, _misconduct) = (settings, snapshot, seals, links, outbox, misconduct);
        _compact = new CompactFetch(snapshot, outbox, misconduct);
        _bodies = new BranchFetch(settings, snapshot, links, outbox, misconduct, _compact);
    }

    /// <summary>Headers that were asked for, and blocks.</summary>
    public FetchCount Fetched => _bodies.Fetched + new FetchCount(Headers, 0, HeaderBytes + _compact.FetchedBytes);

    /// <summary>Blocks from peers that joined our branch.</summary>
    public long Connected => _bodies.Connected;

    /// <summary>Whether headers or blocks are on their way.</summary>
    public bool IsBusy => _reading is not null || _compact.UnderWay > 0 || _bodies.Offering > 0;

    private long Headers { get; set; }

    private long HeaderBytes { get; set; }

    /// <summary>Begins with the peer that claims the most weight, when that is more than ours has and nothing is under way.</summary>
    public void Consider()
    {
        if (_reading is not null) return;

        var chain = _snapshot().Chain;
        var link = _links.Ready.Where(link => link.Tip.Weight > chain.Tip.Weight && link.SetAsideUntil <= _outbox.Now).MaxBy(static link => link.Tip.Weight);
        if (link is null) return;

        _reading = new Reading(link, new HeaderBranch(chain, _seals), link.Tip, _outbox.Now);
        ReadOn(_reading);
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
            if (known.Invalid) _misconduct.Charge(announced.Caller, Misconduct.Grave, "it announced a block that is invalid");
            return;
        }

        if (header.Header.Previous != chain.Tip.Hash)
        {
            Consider();
            return;
        }

        var branch = new HeaderBranch(chain, _seals);
        if (branch.Add([header], _outbox.Now).Refusal is { } refusal) _misconduct.Charge(announced.Caller, Misconduct.Grave, $"it announced a block whose header is refused with {refusal.Code}");
        else if (branch.AskAgainAt is { } later) SetAside(link, later);
        else if (branch.Weight > chain.Tip.Weight && _compact.UnderWay < _settings.Assemblies && _announced.Add(hash)) Assemble(announced, link);
    }

    private void Assemble(NetworkInput.BlockAnnounced announced, PeerLink? link) => _compact.Assemble(announced.Block, link, result =>
    {
        _announced.Remove(announced.Block.Hash);
        if (!result.TryGet(out var block, out _))
        {
            Consider();
            return;
        }

        _bodies.Offer([block], (_, refusal) =>
        {
            if (refusal is { Kind: RefusalKind.Invalid }) _misconduct.Charge(announced.Caller, Misconduct.Grave, $"it announced a block that is refused with {refusal.Code}");
            Consider();
        });
    });

    private void ReadOn(Reading reading) => _outbox.Call<PeerAnswer.Headers>(
        reading.Link,
        reading.Branch.Request,
        (answer, bytes) =>
        {
            Headers += answer.Items.Count;
            HeaderBytes += bytes;
            Read(reading, answer.Items);
        },
        _ => Stop(reading, _settings.SetAsideFor));

    private void Read(Reading reading, EquatableArray<SealedHeader> page)
    {
        var (link, branch) = (reading.Link, reading.Branch);
        if (branch.Add(page, _outbox.Now).Refusal is { } refusal)
        {
            _misconduct.Charge(link, Misconduct.Grave, $"it sent a header that is refused with {refusal.Code}");
            Stop(reading, _settings.SetAsideFor);
        }
        else if (branch.IsEnded)
        {
            Judge(reading);
        }
        else if (IsTooSlow(reading))
        {
            // It may be honest and far away: others are asked first.
            Stop(reading, _settings.BanTime);
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
        if (branch.VerifyClaim(reading.Claim).Refusal is { Kind: RefusalKind.Invalid } lie) _misconduct.Charge(link, Misconduct.Doubtful, lie.Detail);
        link.Tip = new PeerTip(branch.Tip.Index, branch.Weight, branch.Tip.Hash);
        if (standing.IsAlarm)
        {
            if (!_alarmed.Contains(branch.Tip.Hash))
                _outbox.Report($"A heavier branch of {link.Address} leaves ours more than the reorganisation limit back: an operator must decide. Its tip is block {branch.Tip.Index} {branch.Tip.Hash}.", isAlarm: true);
            _alarmed.Add(branch.Tip.Hash);
            Stop(reading, _settings.BanTime);
        }
        else if (standing.IsWanted)
        {
            _bodies.Fetch(link, branch, standing, refusal =>
            {
                if (refusal is { Kind: RefusalKind.Invalid }) _misconduct.Charge(link, Misconduct.Grave, $"its chain has a block that is refused with {refusal.Code}");
                Stop(reading, refusal is null ? 0 : _settings.SetAsideFor);
            });
        }
        else
        {
            Stop(reading, standing.IsHeavier ? _settings.SetAsideFor : 0);
        }
    }

    private void Stop(Reading reading, long setAsideFor)
    {
        _reading = null;
        SetAside(reading.Link, Math.Max(_outbox.Now + setAsideFor, reading.Branch.AskAgainAt ?? 0));
        Consider();
    }

    private static void SetAside(PeerLink? link, long until)
    {
        if (link is not null) link.SetAsideUntil = until;
    }

    private sealed record Reading(PeerLink Link, HeaderBranch Branch, PeerTip Claim, long StartedAt);
}
