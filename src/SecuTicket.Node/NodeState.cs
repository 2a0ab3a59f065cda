using System.Collections.Immutable;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Everything the single writer knows, as one immutable value.</summary>
/// <remarks>So a write that fails is taken back by keeping the value from before it, and a reader's snapshot is one reference.</remarks>
/// <param name="Chain">The tree of blocks and the ledger at its tip.</param>
/// <param name="Pending">What waits, and the ledger with it applied.</param>
public sealed record NodeState(Blockchain Chain, PendingSet Pending)
{
    /// <summary>The search under way.</summary>
    public SealJob? Sealing { get; init; }

    /// <summary>Blocks asked for, the first one's search being under way if any is.</summary>
    public ImmutableQueue<NodeCommand.Seal> SealRequests { get; init; } = [];

    /// <summary>How many blocks are asked for.</summary>
    public int SealRequestCount { get; init; }

    /// <summary>The earliest start of the next automatic seal, in milliseconds since 1970.</summary>
    public long NextSealAt { get; init; }

    /// <summary>What waits from before this place in the order of admission is due: it waited when the clock was set back, and nobody knows for how long.</summary>
    public long DueBefore { get; init; }

    /// <summary>How much of the random delays of automatic seals is used on this tip, 0 to 1.</summary>
    public double SealChance { get; init; }

    /// <summary>Number of the next search.</summary>
    public long NextJob { get; init; } = 1;

    /// <summary>Why transactions that were acknowledged were rejected, for as long as they could be posted again.</summary>
    public Trie<NumberedHash, Refusal> Rejections { get; init; } = Trie<NumberedHash, Refusal>.Empty;

    /// <summary>The state with these rejections, as far as they need memory.</summary>
    /// <remarks>A rejection whose transaction expired needs none: the expiry rule refuses it. The oldest go first where there are too many.</remarks>
    /// <param name="rejections">Why transactions that were acknowledged were rejected.</param>
    /// <param name="seconds">Unix seconds at the tip.</param>
    /// <param name="most">Most that are remembered.</param>
    public NodeState Remembering(Trie<NumberedHash, Refusal> rejections, long seconds, int most)
    {
        var surplus = rejections.Count - most;
        return this with
        {
            Rejections = rejections
                .TakeWhile((entry, i) => i < surplus || entry.Key.Number < seconds - Payload.MaxValiditySeconds)
                .ToArray()
                .Aggregate(rejections, (map, entry) => map.Remove(entry.Key)),
        };
    }

    /// <summary>The state after a start of a seal, or of a tip: the next automatic one is some time away.</summary>
    /// <remarks>Of nodes that heard the same transactions and the same tip, one is to begin before the others: its block calls off their searches.</remarks>
    /// <param name="sealing">When blocks are sealed.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public NodeState Spaced(SealingSettings sealing, long now, double chance) =>
        this with { SealChance = chance, NextSealAt = Math.Max(NextSealAt, now + (long)(sealing.MinSpacing + (sealing.MaxJitter * chance)).TotalMilliseconds) };

    /// <summary>When the next automatic seal starts, in milliseconds since 1970, given that something waits and that nothing changes until then.</summary>
    /// <param name="sealing">When blocks are sealed.</param>
    /// <param name="waiting">What waits.</param>
    public long SealDueAt(SealingSettings sealing, in WaitingLine waiting)
    {
        var (waits, wait, stretch) = waiting.Count >= sealing.MinPending
            ? (waiting[sealing.MinPending - 1], TimeSpan.Zero, sealing.MaxJitter)
            : (waiting[0], sealing.MaxWait, sealing.MaxWaitJitter);
        var spacing = waiting.IsCrowded(Chain.Spec) ? sealing.MinSpacing : TimeSpan.Zero;
        var admittedAt = waits.Sequence < DueBefore ? 0 : waits.AdmittedAt;
        return Math.Max(admittedAt + (long)(wait + (stretch * SealChance)).TotalMilliseconds, NextSealAt - (long)spacing.TotalMilliseconds);
    }

    /// <summary>What a node knows after a start: what its store kept, what waited judged anew at the stored tip.</summary>
    /// <param name="stored">What the store kept.</param>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="seals">Checks seals.</param>
    /// <param name="limits">How much may wait.</param>
    /// <param name="verify">Checks the signatures of what waited: a disk may have changed it.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <returns>The state, and what can not be confirmed any more, which must be written before anything else.</returns>
    public static (NodeState State, IReadOnlyList<StoreChange> Lost) Restore(
        StoredNode stored, ChainSpec spec, ISealVerifier seals, MempoolLimits limits, Func<IReadOnlyList<StoredPending>, IReadOnlyList<Verdict<VerifiedTransaction>>> verify, long now)
    {
        var chain = Blockchain.Restore(spec, seals, stored.Recent, stored.Tip, stored.Ledger);
        var verified = stored.Pending.Zip(verify(stored.Pending), static (pending, verdict) => (Pending: pending, Verdict: verdict)).ToArray();
        var (pending, rejected) = PendingSet.Empty(limits, chain.Ledger, stored.NextSequence).Restore(
            verified.Where(one => one.Verdict.IsAccepted).Select(one => (one.Verdict.Value, one.Pending.Sequence, Math.Min(one.Pending.AdmittedAt, now))),
            chain.NextContext(now));
        RejectedTransaction[] lost =
        [
            .. rejected,
            .. verified.Where(one => !one.Verdict.IsAccepted).Select(one => new RejectedTransaction(TransactionVerifier.Restore(one.Pending.Transaction), one.Verdict.Refusal!)),
        ];
        var rejections = stored.Rejected.Aggregate(
            Trie<NumberedHash, Refusal>.Empty,
            (map, one) => map.Set(new NumberedHash(one.Transaction.Payload.ValidUntil, one.Transaction.Id), new Refusal(one.Code!, one.Detail!)));
        rejections = lost.Aggregate(rejections, (map, one) => map.Set(new NumberedHash(one.Transaction.Payload.ValidUntil, one.Transaction.Id), one.Refusal));
        return (new NodeState(chain, pending) { Rejections = rejections }, [.. lost.Select(one => new StoreChange.Rejected(one))]);
    }
}

/// <summary>A consistent view for readers: the last durable state.</summary>
/// <param name="Chain">The tree of blocks and the ledger at its tip.</param>
/// <param name="Pending">What waits, and the ledger with it applied.</param>
public sealed record NodeSnapshot(Blockchain Chain, PendingSet Pending)
{
    /// <summary>Why transactions that were acknowledged were rejected, for as long as they could be posted again; null when there were so many that some were forgotten.</summary>
    public Trie<NumberedHash, Refusal>? Rejections { get; init; }

    /// <summary>Header of the tip.</summary>
    public BlockHeader Tip => Chain.Tip.Header;

    /// <summary>Index of the last block that is never undone; genesis is one.</summary>
    public long Final => Math.Max(Chain.Final, 0);
}
