using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Node.Sealing;

/// <summary>A block is due at the start of each slot that is drawn for this node's validator, whether anything waits or not.</summary>
/// <remarks>
/// Also an empty block carries votes, so what came before becomes final while nobody wishes anything; and a slot left empty would be counted as missed. A slot is drawn anew with each tip, for the
/// seed changes with it.
/// </remarks>
/// <param name="spec">What the chain's nodes agree on.</param>
/// <param name="sealing">Whether blocks are made without being asked for.</param>
/// <param name="forger">The validator whose key this node has; null for none.</param>
public sealed class SlotTurns(ChainSpec spec, SealingSettings sealing, Forger? forger) : ISealTurns
{
    /// <inheritdoc/>
    public long? DueAt(NodeState state, in WaitingLine waiting) => sealing.Enabled && forger is not null && state.NextSealAt < long.MaxValue ? state.NextSealAt : null;

    /// <inheritdoc/>
    public Verdict<SealTerms> TermsOf(NodeState state, Address? wished, long now)
    {
        if (forger is null) return new Refusal(RefusalCodes.NotForger, "This node has no forging key: name one with --Node:ForgingKeyFile=…");
        if (wished is { } other && other != forger.Account) return new Refusal(RefusalCodes.NotForger, $"This node makes blocks of {forger.Account} only.");
        if (forger.Rest(state.Chain) is { } rest) return rest;

        var slot = spec.SlotOf(now);
        var next = forger.NextSlot(state.Chain, slot);
        if (forger.Mark.Slot > slot)
            return new Refusal(RefusalCodes.NotForger, $"{forger.Account} has signed a block of slot {forger.Mark.Slot}, which is to come: its clock was ahead. It makes none of a slot before, and this is slot {slot}.", RefusalKind.Transient);

        if (next != slot)
            return new Refusal(RefusalCodes.NotForger, next is { } later ? $"Slot {slot} is not {forger.Account}'s to make a block in; slot {later} is, as far as can be told now." : $"Slot {slot} is not {forger.Account}'s, nor any that can be told now.", RefusalKind.Transient);

        return forger.RevealAfter(state.Chain).TryGet(out var reveal, out var refusal) ? new SealTerms(forger.Account, reveal) : refusal;
    }

    /// <inheritdoc/>
    /// <remarks>Votes and reports first: however much waits, finality goes on.</remarks>
    public IEnumerable<VerifiedTransaction> Candidates(PendingSet pending)
    {
        var waiting = pending.InOrder.Select(static entry => entry.Value.Transaction).ToArray();
        return waiting.Where(IsUrgent).Concat(waiting.Where(static transaction => !IsUrgent(transaction)));
    }

    /// <inheritdoc/>
    public NodeState After(NodeState state, SealMoment moment, long now, Func<double> jitter)
    {
        if (forger is null || !sealing.Enabled) return state with { NextSealAt = long.MaxValue };

        var from = spec.SlotOf(now) + (moment is SealMoment.Begun or SealMoment.Failed or SealMoment.RequestFailed or SealMoment.TakenBack ? 1 : 0);
        return state with { NextSealAt = forger.NextSlot(state.Chain, from) is { } slot ? Math.Max(spec.StartOf(slot), moment == SealMoment.TipMoved ? now : 0) : long.MaxValue };
    }

    private static bool IsUrgent(VerifiedTransaction transaction) => transaction.Payload.Operation is Vote or Report;
}
