using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Forging;

/// <summary>The validator whose key this node has: signs at most one block of a slot and no two votes that contradict, whatever it sees. Safe to use from several threads.</summary>
/// <remarks>
/// A backup that is put back knows less than was signed. So after each start nothing is signed for the slots up to the clock's, nor voted for blocks of those; and where there is no mark, or an old one, or the chain
/// shows what the mark does not know of, nothing is voted for below the slot of that moment (an index is never above its slot) or for an epoch of blocks, whichever ends first. That bound is a part of the mark.
/// A block of ours in a slot after the start that was not made here is another node's, which has the key, too: then nothing is signed any more.
/// </remarks>
public sealed class Forger
{
    /// <summary>Slots that a start may come after the last signature, so that the mark is believed: an older one may be a backup's.</summary>
    public const int FreshMark = 2;

    private const int Attempts = 10_000;

    // Seconds and slots that a vote may wait at the least: two thirds of the validators must be able to answer it, nobody needs it later.
    private const int LeastVoteTime = 60;
    private const int VoteSlots = StakeRound.MaxOpen;

    private readonly Lock _turn = new();
    private readonly ChainSpec _spec;
    private readonly StakeSpec _stake;
    private readonly ForgingSelf _self;
    private readonly Action<ForgingMark> _write;
    private readonly Reveals _reveals;
    private long _renewedAt = -1;
    private bool _hasTwin;
    private bool _toldSlashed;

    /// <summary>A validator that goes on where its mark says.</summary>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="self">Its key.</param>
    /// <param name="mark">What it signed last; null when that is not known.</param>
    /// <param name="write">Makes a mark durable before it returns.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <exception cref="ArgumentException">The chain has no stakes.</exception>
    public Forger(ChainSpec spec, ForgingSelf self, ForgingMark? mark, Action<ForgingMark> write, long now)
    {
        (_spec, _self, _write) = (spec, self, write);
        _stake = spec.Stake ?? throw new ArgumentException("The chain has no stakes.", nameof(spec));
        _reveals = new Reveals(self.Onion);
        StartSlot = spec.SlotOf(now);
        var isOld = mark is null || StartSlot - mark.LastSlot > FreshMark;
        Mark = (mark ?? ForgingMark.None) with { VotesAbove = isOld ? ForgingMark.Unknown : mark!.VotesAbove };
    }

    /// <summary>Whose blocks it makes.</summary>
    public Address Account => _self.Account;

    /// <summary>The slot of its start: nothing is signed for it or those before.</summary>
    public long StartSlot { get; }

    /// <summary>How far it has signed.</summary>
    public ForgingMark Mark { get; private set; }

    /// <summary>Hears what an operator should know; null when nobody listens.</summary>
    public Action<string>? Report { get; set; }

    /// <summary>A fault planted on purpose, for tests only: votes are signed whatever was signed before. No configuration can switch it on.</summary>
    /// <remarks>A simulation of a network is believed only after it found this.</remarks>
    internal bool ForgetsVotes { get; init; }

    /// <summary>Why no block after the tip is signed, whichever its slot; null where that depends on the slot.</summary>
    public Refusal? Rest(Blockchain chain)
    {
        if (_hasTwin) return Twin;
        if (IsSlashed(chain)) return new Refusal(RefusalCodes.NotForger, $"{Account} was slashed: it makes no blocks any more.");

        return IsBelowCheckpoint(chain) ? new Refusal(RefusalCodes.NotForger, $"The chain ends below the operator's checkpoint, block {_spec.Checkpoint!.Index}.", RefusalKind.Transient) : null;
    }

    /// <summary>The first slot from <paramref name="from"/> on that is ours after the tip, if nobody makes a block before; null when none of the next 10,000 is.</summary>
    public long? NextSlot(Blockchain chain, long from)
    {
        if (chain.Turns is not { Table: { } table } turns || table.AmountOf(Account) == 0 || Rest(chain) is not null) return null;

        var first = Math.Max(from, Math.Max(turns.Slot, Math.Max(StartSlot, Mark.Slot)) + 1);
        for (var slot = first; slot < first + Attempts; slot++)
            if (turns.ForgerOf(slot) == Account) return slot;
        return null;
    }

    /// <summary>What the next block after the tip reveals.</summary>
    public Verdict<Hash256> RevealAfter(Blockchain chain)
    {
        if (chain.Ledger.Stakes?.Validators.Find(Account) is not { } validator) return new Refusal(RefusalCodes.NotForger, $"{Account} has nothing at stake.");

        lock (_turn)
        {
            return _reveals.After(validator.Onion) is var (reveal, _)
                ? reveal
                : new Refusal(RefusalCodes.NotForger, $"{Account} committed to a hash chain that does not follow from this node's forging key, or to one that has ended: stake with a new commitment.");
        }
    }

    /// <summary>Signs a block, once for its slot.</summary>
    /// <exception cref="IOException">The mark could not be written; nothing was signed.</exception>
    public Verdict<SealedHeader> Seal(BlockHeader header)
    {
        var slot = _spec.SlotOf(header.Timestamp);
        lock (_turn)
        {
            if (header.Sealer != Account) return new Refusal(RefusalCodes.NotForger, $"This node makes blocks of {Account} only.");
            if (_hasTwin) return Twin;
            if (slot <= StartSlot || !Mark.AllowsBlock(slot)) return new Refusal(RefusalCodes.NotForger, $"A block of slot {slot} may have been signed before.", RefusalKind.Transient);

            Keep(Mark.WithBlock(slot, header.Hash));
            return new SealedHeader(header, _self.Sign(header.Hash));
        }
    }

    /// <summary>The transactions that a new tip calls for: a vote for it, and a new commitment when the hash chain comes to its end.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <exception cref="IOException">The mark could not be written; nothing was signed.</exception>
    public IReadOnlyList<VerifiedTransaction> Answer(Blockchain chain, long now)
    {
        if (chain.Ledger.Stakes is not { } stakes || IsBelowCheckpoint(chain)) return [];

        lock (_turn)
        {
            if (IsSlashed(chain))
            {
                if (!_toldSlashed) Report?.Invoke($"{Account}, whose forging key this node has, was slashed: it makes no blocks and votes for none any more.");
                _toldSlashed = true;
                return [];
            }

            Learn(chain, stakes);
            return [.. Vote(chain, stakes, now), .. new[] { Renew(chain, stakes, now) }.OfType<VerifiedTransaction>()];
        }
    }

    /// <summary>Takes note of a block: one of ours that the mark does not know of was signed elsewhere, or before a backup was put back.</summary>
    public void See(BlockHeader header)
    {
        if (header.Sealer != Account || header.Index == 0) return;

        lock (_turn)
        {
            var slot = _spec.SlotOf(header.Timestamp);
            if (slot < Mark.Slot || (slot == Mark.Slot && header.Hash == Mark.Block)) return;

            if (slot > StartSlot && !_hasTwin)
            {
                _hasTwin = true;
                Report?.Invoke($"Another node makes blocks with the forging key of {Account}: it made block {header.Index} of slot {slot}, after this node's start. Two blocks of one slot cost half of the stake. This node signs nothing any more: stop the other one, then start this one again.");
            }

            Keep(Distrusted(Mark.WithBlock(slot, header.Hash), header.Index, slot));
        }
    }

    /// <summary>Proves an offence to the chain.</summary>
    public VerifiedTransaction Prove(SignedStatement first, SignedStatement second, long now) => Make(
        Core.Transactions.Report.TypeName, $"report-{first.Digest.ToString()[..24]}-{second.Digest.ToString()[..24]}", (now / 1_000) + 86_400,
        new("first", JsonValue.Of(first.ToString())), new("second", JsonValue.Of(second.ToString())));

    // What the state knows of our own votes.
    private void Learn(Blockchain chain, StakeState stakes)
    {
        var mark = Mark;
        foreach (var open in stakes.Round.Open)
            if (open.Voters.Span.BinarySearch(Account) >= 0) mark = mark.WithVote(open.Source.Index, open.Block.Index, open.Block.Hash, 0);

        // A block made since the start says how far the chain came meanwhile; nothing older is voted for.
        if (mark.VotesAbove == ForgingMark.Unknown && stakes.Round.Slot > StartSlot)
        {
            mark = mark with { VotesAbove = Math.Min(StartSlot, chain.Tip.Header.Index + _stake.EpochLength) };
            if (chain.Tip.Header.Index <= mark.VotesAbove)
                Report?.Invoke($"What {Account} signed before is not known for certain: its mark is missing, more than {FreshMark} slots old, or of a backup. Votes rest up to block {mark.VotesAbove}.");
        }

        if (mark.Target > Mark.Target) mark = Distrusted(mark, chain.Tip.Header.Index, stakes.Round.Slot);
        if (mark != Mark) Keep(mark);
    }

    private ForgingMark Distrusted(ForgingMark mark, long index, long slot)
    {
        var above = Math.Min(Math.Max(slot, StartSlot), index + _stake.EpochLength);
        if (above <= mark.VotesAbove) return mark;

        if (!_hasTwin) Report?.Invoke($"The forging key of {Account} signed what this node has no record of: another node uses the same key, or a backup was put back. Votes rest up to block {above}.");
        return mark with { VotesAbove = above };
    }

    // Where several blocks come at once, each of them is voted for: what lies between two justified blocks must be justified, too, before the first is final.
    private VerifiedTransaction[] Vote(Blockchain chain, StakeState stakes, long now)
    {
        var round = stakes.Round;
        if (_hasTwin || (stakes.Tables.Present.AmountOf(Account) == 0 && stakes.Tables.Previous.AmountOf(Account) == 0)) return [];

        (BlockMark Source, BlockMark Target)[] votes =
        [
            .. round.Open.Where(open => !open.IsJustified && open.Block.Index < round.Index && Mark.AllowsVote(open.Source.Index, open.Block.Index)).Select(static open => (open.Source, open.Block)),
            .. Mark.AllowsVote(round.Justified.Index, round.Index) || ForgetsVotes ? [(round.Justified, new BlockMark(round.Index, chain.Tip.Hash, round.Slot, round.Seed))] : Array.Empty<(BlockMark, BlockMark)>(),
        ];
        votes = [.. votes.Where(vote => vote.Target.Slot > StartSlot && vote.Target.Index > Mark.VotesAbove)];
        if (votes.Length == 0) return [];

        // The last one is the highest in target and source.
        var (source, target) = votes[^1];
        Keep(Mark.WithVote(source.Index, target.Index, target.Hash, target.Slot));
        return [.. votes.Select(vote => MakeVote(vote.Source, vote.Target, now))];
    }

    private VerifiedTransaction MakeVote(BlockMark source, BlockMark target, long now)
    {
        var until = (now + Math.Max(LeastVoteTime * 1_000L, (long)VoteSlots * _stake.SlotTime)) / 1_000;
        return Make(
            Core.Transactions.Vote.TypeName, $"vote-{target.Index}-{target.Hash.ToString()[..24]}", until,
            new("source_index", JsonValue.Of(source.Index)), new("source", JsonValue.Of(source.Hash.ToString())), new("target_index", JsonValue.Of(target.Index)), new("target", JsonValue.Of(target.Hash.ToString())));
    }

    // In time: the new commitment counts an epoch or two later.
    private VerifiedTransaction? Renew(Blockchain chain, StakeState stakes, long now)
    {
        var enough = 4L * _stake.EpochLength;
        if (stakes.Validators.Find(Account) is not { Staked: > 0, Renewal: null } validator || chain.Tip.Header.Index < _renewedAt + _stake.EpochLength) return null;
        if (_reveals.After(validator.Onion) is not var (_, left) || left > enough || chain.Ledger.Balances.Find(Account) < 1) return null;

        _renewedAt = chain.Tip.Header.Index;
        return Make(
            Stake.TypeName, $"renew-{_renewedAt}-{chain.Tip.Hash.ToString()[..24]}", (now / 1_000) + 3_600,
            new("amount", JsonValue.Of(1)), new("commitment", JsonValue.Of(_reveals.CommitmentAfter(validator.Onion).ToString())));
    }

    private Refusal Twin => new(RefusalCodes.NotForger, $"Another node makes blocks with the key of {Account}: stop it, then start this one again.");

    private bool IsSlashed(Blockchain chain) => chain.Ledger.Stakes?.Validators.Find(Account) is { Slashed: > 0 };

    // What lies below is not argued about: nor added to.
    private bool IsBelowCheckpoint(Blockchain chain) => _spec.Checkpoint is { } known && chain.Tip.Header.Index < known.Index;

    private void Keep(ForgingMark mark)
    {
        _write(mark);
        Mark = mark;
    }

    private VerifiedTransaction Make(string type, string nonce, long validUntil, params ReadOnlySpan<JsonMember> fields)
    {
        var json = JsonValue.Object(
        [
            .. fields,
            new("type", JsonValue.Of(type)),
            new("chain_id", JsonValue.Of(_spec.ChainId)),
            new("sender", JsonValue.Of(Account.ToString())),
            new("nonce", JsonValue.Of(nonce)),
            new("valid_until", JsonValue.Of(validUntil)),
        ]);
        var payload = Payload.From(json).Value;
        return TransactionVerifier.Restore(new Transaction(payload, [_self.Sign(payload.Id)]));
    }
}
