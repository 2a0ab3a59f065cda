using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>The headers of one peer's branch as they arrive, page by page: each is checked by all that a header shows before anything else is asked for, and what they prove is summed.</summary>
/// <remarks>
/// Claims count for nothing: weight is what the headers show. Memory does not grow with the branch beyond 32 bytes in <see cref="PeerLimits.Headers"/> headers: held are the headers that the
/// checks of the next one look back at, and the hashes of the first <see cref="MaxListed"/>; of a longer branch a hash in each page instead, and each page is read
/// once more when its blocks are to be fetched (<see cref="HeaderSegment"/>). As in Bitcoin Core's headers presync, but what is read again is known by hash, so nothing is proven twice.
/// Of the blocks that our chain has, the branch keeps what the chain knew of them when it began: the chain is an immutable value. Not thread-safe.
/// </remarks>
public sealed class HeaderBranch
{
    /// <summary>Headers read of one branch, more or less a page, and up to the operator's checkpoint however far it is; what comes after them is asked for when these blocks are there.</summary>
    public const int MaxHeaders = 16_000_000;

    /// <summary>Hashes that are listed one by one; a longer branch is listed by its segments.</summary>
    public const int MaxListed = 4_096;

    private readonly ISealVerifier _seals;
    private readonly int _maxHeaders;
    private readonly HeaderWindow _window;
    private readonly Ancestor _before;
    private readonly EquatableArray<Hash256> _locator;
    private readonly List<Hash256> _listed = [];
    private readonly List<Hash256> _checkpoints = [];
    private ChainNode _start;
    private BlockHeader _tip;
    private Turns? _turns;
    private bool _lacksEnd;
    private Refusal? _refusal;

    /// <summary>A branch of which nothing came yet.</summary>
    /// <param name="chain">Our chain.</param>
    /// <param name="seals">Checks difficulty, work and seals.</param>
    /// <param name="maxHeaders">Headers after which the branch is read no further, as <see cref="MaxHeaders"/>.</param>
    public HeaderBranch(Blockchain chain, ISealVerifier seals, int maxHeaders = MaxHeaders)
    {
        Chain = chain;
        _seals = seals;
        _maxHeaders = Math.Min(maxHeaders, Math.Max(seals.HeadersAhead, chain.Spec.ReorganisationLimit + 1));
        _window = new HeaderWindow(Blockchain.LookBack(chain.Spec) + 1);
        _before = _window.Before;
        _locator = Locator.Of(chain);
        _start = chain.Tip;
        _tip = chain.Tip.Header;
        Weight = chain.Tip.Weight;
    }

    /// <summary>Our chain when the branch was begun.</summary>
    public Blockchain Chain { get; }

    /// <summary>Pages that came.</summary>
    public int Pages { get; private set; }

    /// <summary>Whether nothing is to be asked for any more: the peer has no more, a header is too early or wrong, or there are too many.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>When the header that the branch stopped at may be valid, in milliseconds since 1970: the peer is to be asked again then. Null when it did not stop at one.</summary>
    public long? AskAgainAt { get; private set; }

    /// <summary>The last header that was proven; our own tip when none came.</summary>
    public BlockHeader Tip => _tip;

    /// <summary>Weight of the branch up to <see cref="Tip"/>: all of it proven, by its headers or by our own chain.</summary>
    public UInt128 Weight { get; private set; }

    /// <summary>Whether the branch ends below the operator's checkpoint: nobody can tell it from one that was made with keys of long ago.</summary>
    public bool LacksCheckpoint => Chain.Spec.Checkpoint is { } known && _tip.Index < known.Index;

    /// <summary>Headers at the end of the branch that our chain did not know when the branch was begun.</summary>
    public long Count { get; private set; }

    /// <summary>Whether there are more than <see cref="MaxListed"/> of them, so that they are listed by segments.</summary>
    public bool IsLong => Count > MaxListed;

    /// <summary>What to ask the peer for next.</summary>
    public PeerRequest.GetHeaders Request => new(Pages == 0 ? _locator : [_tip.Hash], PeerLimits.Headers);

    /// <summary>Headers in memory.</summary>
    internal int HeldHeaders => _window.Count;

    /// <summary>Hashes in memory.</summary>
    internal int HeldHashes => _locator.Count + _listed.Count + _checkpoints.Count;

    /// <summary>Takes the answer to <see cref="Request"/>. A page that is not full ends the branch.</summary>
    /// <param name="page">The headers, oldest first.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <returns>Why nothing of the branch is to be taken: Invalid where the peer broke the protocol, with what the ledger's rules would say of such a block; Transient where the branch passes the operator's checkpoint by. A header that only comes too early is no refusal.</returns>
    /// <exception cref="InvalidOperationException">The branch has ended.</exception>
    public Verdict Add(IReadOnlyList<SealedHeader> page, long now)
    {
        if (IsEnded) throw new InvalidOperationException("The branch has ended, nothing follows.");
        if (page.Count > PeerLimits.Headers) return Refuse(new Refusal(RefusalCodes.TooLarge, $"{page.Count} headers came, {PeerLimits.Headers} were asked for."));
        if (Pages++ == 0 && page.Count > 0 && !TryEnter(page[0].Header)) return Refuse(new Refusal(RefusalCodes.InvalidLink, $"It names {page[0].Header.Previous} as the block before it, which is none of those asked about."));

        foreach (var one in page)
        {
            var known = Chain.Find(one.Header.Hash);
            if (Check(one, known, now) is not { } refusal)
            {
                Append(one.Header, known);
            }
            else if (refusal is { Kind: RefusalKind.Transient, Code: RefusalCodes.InvalidTime })
            {
                AskAgainAt = one.Header.Timestamp - Chain.Spec.MaxFuture;
                IsEnded = true;
                return Verdict.Accepted;
            }
            else
            {
                return Refuse(refusal with { Detail = $"Header of block {one.Header.Index}: {refusal.Detail}" });
            }
        }

        IsEnded = page.Count < PeerLimits.Headers || (Count >= _maxHeaders && !LacksCheckpoint);
        _lacksEnd = page.Count == PeerLimits.Headers || (page.Count == 0 && Pages > 1);
        return Verdict.Accepted;
    }

    /// <summary>Whether a branch that has ended proves what the peer claimed of it.</summary>
    /// <returns>Refused as Invalid when its headers weigh less; as Transient when they weigh less because it was not read to its end: it stopped at a header of the future, at the limit, or because the peer left the branch meanwhile.</returns>
    public Verdict VerifyClaim(PeerTip claim)
    {
        if (_refusal is not null) return _refusal;
        if (Weight >= claim.Weight) return Verdict.Accepted;

        return new Refusal(
            RefusalCodes.InvalidWork,
            $"It claims a weight of {claim.Weight} at block {claim.Height}, its headers show {Weight} up to block {_tip.Index}.",
            _lacksEnd || AskAgainAt is not null ? RefusalKind.Transient : RefusalKind.Invalid);
    }

    /// <summary>How the branch compares with our chain as it is now, which may have gone on since the branch was begun.</summary>
    public BranchStanding Against(Blockchain chain)
    {
        var places = IsLong ? _checkpoints : _listed;
        var (start, passed) = (_start, 0);
        for (var i = places.Count; i > 0 && passed == 0; i--)
        {
            if (chain.Find(places[i - 1]) is { } known) (start, passed) = (known, i);
        }

        var fork = chain.ForkOf(start);
        return new BranchStanding(_refusal is null && Weight > chain.Tip.Weight, fork, _refusal ?? RefusalOf(start, fork, chain))
        {
            Undone = fork is null ? 0 : chain.Tip.Header.Index - fork.Header.Index,
            Missing = IsLong ? [] : [.. _listed.Skip(passed)],
            Segments = IsLong ? [.. SegmentsFrom(passed)] : [],
        };
    }

    private static Refusal? RefusalOf(ChainNode start, ChainNode? fork, Blockchain chain)
    {
        if (start.Invalid) return new Refusal(RefusalCodes.InvalidParent, $"Its block {start.Hash} is invalid.");

        // No peer is to blame for it, and the operator may decide otherwise.
        return fork is null ? new Refusal(RefusalCodes.ForkTooDeep, $"It leaves ours {chain.BeyondReach}.", RefusalKind.Transient) : null;
    }

    private IEnumerable<HeaderSegment> SegmentsFrom(int passed)
    {
        var after = passed == 0 ? _start.Hash : _checkpoints[passed - 1];
        foreach (var checkpoint in _checkpoints.Skip(passed))
        {
            yield return new HeaderSegment(after, checkpoint, PeerLimits.Headers);
            after = checkpoint;
        }

        var rest = (int)(Count % PeerLimits.Headers);
        if (rest > 0) yield return new HeaderSegment(after, _tip.Hash, rest);
    }

    // Every block that was asked about is on our branch, and all before it that checks look at are known; genesis has none before it.
    private bool TryEnter(BlockHeader first)
    {
        if (!_locator.Contains(first.Previous)) return false;

        _start = Chain.Find(first.Previous) ?? new ChainNode(Chain.Spec.Genesis.Header, 0);
        _tip = _start.Header;
        Weight = _start.Weight;
        var before = new Stack<BlockHeader>();
        for (var at = _start; at is not null && before.Count < Blockchain.LookBack(Chain.Spec) + 1; at = Chain.Find(at.Header.Previous)) before.Push(at.Header);
        foreach (var header in before) _window.Push(header);
        _turns = Chain.TurnsAfter(_start);
        return true;
    }

    // In the order of Blockchain.Add: the time comes last, so that only a header that shows its work may be told to come again later.
    private Refusal? Check(SealedHeader one, ChainNode? known, long now)
    {
        if (HeaderRules.Verify(one.Header, _tip, Chain.Spec).Refusal is { } misplaced) return misplaced;
        if (known is not null) return known.Invalid ? new Refusal(RefusalCodes.InvalidBlock, $"Block {known.Hash} is known already and invalid.") : null;

        return _seals.Verify(one, _before, _turns).Refusal ?? BlockTime.Verify(one.Header.Timestamp, BlockTime.Median(_before), now, Chain.Spec).Refusal;
    }

    private void Append(BlockHeader header, ChainNode? known)
    {
        _tip = header;
        _window.Push(header);
        _turns = known is null ? _turns?.After(header, Chain.Spec) : Chain.TurnsAfter(known);
        if (known is not null)
        {
            // What came before is known too, or is older than what the chain keeps.
            _start = known;
            Weight = known.Weight;
            Count = 0;
            _listed.Clear();
            _checkpoints.Clear();
            return;
        }

        Weight += _seals.WeightOf(header);
        Count++;
        if (Count % PeerLimits.Headers == 0) _checkpoints.Add(header.Hash);
        if (!IsLong) _listed.Add(header.Hash);
        else if (_listed.Count > 0) _listed.Clear();
    }

    private Refusal Refuse(Refusal refusal)
    {
        IsEnded = true;
        return _refusal = refusal;
    }
}
