using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>A block as it grows: its reward, then its transactions in order, each judged on what the ones before it left.</summary>
/// <param name="start">The ledger after the block before.</param>
/// <param name="context">The chain's specification, and the block's index and time.</param>
public sealed class BlockDraft(LedgerState start, RuleContext context)
{
    private readonly TouchedKeys _touched = new();
    private readonly List<TransactionEffects> _effects = [];
    private Draft? _draft;

    private Draft Draft => _draft ??= new Draft(start, context, _touched);

    /// <summary>Adds the reward, which must be the one that is due.</summary>
    public void Add(VerifiedTransaction transaction, Reward reward)
    {
        Draft.Begin(transaction);
        Rules.MoneyRules.Reward(Draft, reward);
        _effects.Add(Draft.Effects());
    }

    /// <summary>Adds a transaction, or says which rule refuses it; then the draft is as it was.</summary>
    public Verdict Add(VerifiedTransaction transaction)
    {
        var former = Draft.State;
        _touched.Mark();
        var verdict = LedgerRules.Apply(Draft, transaction);
        if (verdict.IsAccepted)
        {
            _effects.Add(Draft.Effects());
        }
        else
        {
            _touched.TakeBack();
            Draft.TakeBack(former);
        }

        return verdict;
    }

    /// <summary>Ends the block: what its time lets the ledger forget is forgotten.</summary>
    /// <param name="median">Median time of the 11 blocks that end with this one, in milliseconds: nothing later on this branch is timed before it.</param>
    public BlockOutcome Complete(long median)
    {
        Draft.Forget(median / 1000, 2 * context.Spec.MaxBlockTransactions);
        return new BlockOutcome(Draft.State, _touched.Between(start, Draft.State), [.. _effects]);
    }
}
