using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>A block as it grows: its reward, then its transactions in order, each judged on what the ones before it left.</summary>
/// <param name="start">The ledger after the block before.</param>
/// <param name="context">The chain's specification, and the block's index and time.</param>
public sealed class BlockDraft(LedgerState start, RuleContext context)
{
    private readonly Draft _draft = new(start);
    private readonly List<TransactionEffects> _effects = [];

    /// <summary>Adds the reward, which must be the one that is due.</summary>
    public void Add(VerifiedTransaction transaction, Reward reward)
    {
        _draft.Begin(transaction, context);
        Rules.MoneyRules.Reward(_draft, reward);
        _effects.Add(_draft.Effects());
    }

    /// <summary>Adds a transaction, or says which rule refuses it; then the draft is as it was.</summary>
    public Verdict Add(VerifiedTransaction transaction)
    {
        var verdict = LedgerRules.Apply(_draft, transaction, context);
        if (verdict.IsAccepted) _effects.Add(_draft.Effects());
        return verdict;
    }

    /// <summary>Ends the block: what its time lets the ledger forget is forgotten.</summary>
    /// <param name="median">Median time of the 11 blocks that end with this one, in milliseconds: nothing later on this branch is timed before it.</param>
    public BlockOutcome Complete(long median)
    {
        var forgotten = _draft.Forget(median / 1000, 2 * context.Spec.MaxBlockTransactions);
        var state = _draft.Ledger.ToState();
        return new BlockOutcome(state, new Lazy<LedgerDelta>(() => _draft.Since(start, state, forgotten)), [.. _effects]);
    }
}
