using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Sealing;

/// <summary>A block is due when enough waits for it, or when something has waited long enough: for engines in which anybody may seal at any time.</summary>
/// <param name="sealing">When that is.</param>
/// <param name="self">Who gets the rewards of automatic seals.</param>
public sealed class WaitingTurns(SealingSettings sealing, Address self) : ISealTurns
{
    /// <summary>Rest after a step that could not be written: a disk that is full for a moment must not be asked at once, nor hold up blocks for as long as a lone transaction waits.</summary>
    public static readonly TimeSpan RestAfterTakingBack = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public long? DueAt(NodeState state, in WaitingLine waiting) => sealing.Enabled && waiting.Count > 0 ? state.SealDueAt(sealing, waiting) : null;

    /// <inheritdoc/>
    public Verdict<SealTerms> TermsOf(NodeState state, Address? wished, long now) => new SealTerms(wished ?? self);

    /// <inheritdoc/>
    public IEnumerable<VerifiedTransaction> Candidates(PendingSet pending) => pending.InOrder.Select(static entry => entry.Value.Transaction);

    /// <inheritdoc/>
    public NodeState After(NodeState state, SealMoment moment, long now, Func<double> jitter) => moment switch
    {
        SealMoment.Begun or SealMoment.TipMoved => state.Spaced(sealing, now, jitter()),
        SealMoment.Started when now + (long)sealing.MinSpacing.TotalMilliseconds is var soonest && state.NextSealAt > soonest => state with { NextSealAt = soonest },
        SealMoment.Failed => state with { NextSealAt = now + (long)sealing.MaxWait.TotalMilliseconds },
        SealMoment.TakenBack => state with { NextSealAt = now + (long)Math.Min(RestAfterTakingBack.TotalMilliseconds, sealing.MaxWait.TotalMilliseconds) },
        _ => state,
    };
}
