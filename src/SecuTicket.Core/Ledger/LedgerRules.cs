using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Rules;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>What applying a block gave.</summary>
/// <param name="state">The ledger after it.</param>
/// <param name="justified">By how much its votes raised the highest justified index.</param>
/// <param name="delta">Works out what it changed.</param>
/// <param name="effects">What each of its transactions changed, in order.</param>
public sealed class BlockOutcome(LedgerState state, uint justified, Lazy<LedgerDelta> delta, EquatableArray<TransactionEffects> effects)
{
    /// <summary>The ledger after it.</summary>
    public LedgerState State => state;

    /// <summary>By how much its votes raised the highest justified index: what its header says as its difficulty; 0 on chains without stakes.</summary>
    public uint Justified => justified;

    /// <summary>What it changed: for the store, and for undoing. It is sorted when first asked for, which a replay never does.</summary>
    public LedgerDelta Delta => delta.Value;

    /// <summary>What each of its transactions changed, in order.</summary>
    public EquatableArray<TransactionEffects> Effects => effects;
}

/// <summary>The rules of the ledger: a state and a verified transaction give the next state or a refusal, and nothing else matters.</summary>
public static class LedgerRules
{
    /// <summary>Applies one transaction that a client sent, as at admission.</summary>
    /// <returns>The outcome, or the first rule that refuses; the state given is as it was either way.</returns>
    public static Verdict<TransactionOutcome> Apply(LedgerState state, VerifiedTransaction transaction, RuleContext context)
    {
        var draft = new Draft(state);
        return Apply(draft, transaction, context).Refusal is { } refusal ? refusal : new TransactionOutcome(draft.Ledger.ToState(), draft.Effects());
    }

    /// <summary>The reward that the next block must begin with, in minor units; 0 when it must have none.</summary>
    public static long RewardAfter(LedgerState state, long reward) => MoneyRules.RewardAfter(state, reward);

    /// <summary>Gives a sealer the reward.</summary>
    internal static void PayReward(LedgerEdit ledger, in Address sealer, long reward)
    {
        ledger.Supply += reward;
        ledger.SetBalance(sealer, ledger.BalanceOf(sealer) + reward);
    }

    /// <summary>Applies a whole block: its reward, then its transactions in order, all or nothing.</summary>
    /// <param name="state">The ledger after the block before.</param>
    /// <param name="block">The block; its header was checked against its parent.</param>
    /// <param name="context">The chain's specification, and the block's index and time.</param>
    /// <param name="median">Median time of the 11 blocks that end with this one, in milliseconds: nothing later on this branch is timed before it.</param>
    public static Verdict<BlockOutcome> Apply(LedgerState state, VerifiedBlock block, RuleContext context, long median)
    {
        var due = MoneyRules.RewardAfter(state, context.Spec.Reward);
        if (RefuseReward(block, due, context) is { } unrewarded) return unrewarded;

        var draft = new BlockDraft(state, context, block.Header);
        foreach (var transaction in block.Transactions.Span)
        {
            if (transaction.Payload.Operation is Reward reward)
            {
                draft.Add(transaction, reward);
            }
            else if (draft.Add(transaction).Refusal is { } refusal)
            {
                // What may yet come true of a transaction never does of a block: its time is written in it.
                return new Refusal(refusal.Code, $"Transaction {transaction.Id}: {refusal.Detail}", RefusalKind.Invalid, refusal.Field);
            }
        }

        var outcome = draft.Complete(median);
        return outcome.Justified == block.Header.Difficulty || state.Stakes is null
            ? outcome
            : new Refusal(RefusalCodes.InvalidWeight, $"It says that its votes justify {block.Header.Difficulty} blocks more, they justify {outcome.Justified}.");
    }

    private static Refusal? RefuseReward(VerifiedBlock block, long due, RuleContext context)
    {
        for (var i = 0; i < block.Transactions.Count; i++)
        {
            if (block.Transactions[i].Payload.Operation is not Reward reward) continue;

            if (i > 0 || due == 0) return new Refusal(RefusalCodes.InvalidReward, i > 0 ? "A reward stands first in its block or not at all." : "No reward is due.");
            if (reward.Amount != due || reward.Recipient != block.Header.Sealer || reward.BlockIndex != block.Header.Index || block.Transactions[i].Payload.ChainId != context.Spec.ChainId)
                return new Refusal(RefusalCodes.InvalidReward, $"The reward of block {block.Header.Index} is {due} to {block.Header.Sealer}; found {reward.Amount} to {reward.Recipient} for block {reward.BlockIndex}.");
        }

        return due > 0 && (block.Transactions.Count == 0 || block.Transactions[0].Payload.Operation is not Reward)
            ? new Refusal(RefusalCodes.InvalidReward, $"The reward of {due} to {block.Header.Sealer} is missing.")
            : null;
    }

    /// <summary>Applies one transaction; a refused one leaves the draft as it was.</summary>
    internal static Verdict Apply(Draft draft, VerifiedTransaction transaction, RuleContext context)
    {
        if (RefuseCommon(transaction.Transaction, context) is { } refusal) return refusal;
        if (!draft.Begin(transaction, context)) return new Refusal(RefusalCodes.TransactionExists, $"Transaction {transaction.Id} is on the chain already.");

        var verdict = Judge(draft, transaction.Payload.Operation);
        if (!verdict.IsAccepted) draft.TakeBack();
        return verdict;
    }

    private static Verdict Judge(Draft draft, Operation any) =>
        any switch
        {
            CreateEvent operation => EventRules.Create(draft, operation),
            UpdateEvent operation => EventRules.Update(draft, operation),
            IssueTickets operation => EventRules.Issue(draft, operation),
            RevokeTicket operation => EventRules.Revoke(draft, operation),
            CancelEvent operation => EventRules.Cancel(draft, operation),
            SellTicket operation => SaleRules.Sell(draft, operation),
            PurchaseTicket operation => SaleRules.Purchase(draft, operation),
            TransferTicket operation => HolderRules.Transfer(draft, operation),
            ListTicket operation => HolderRules.List(draft, operation),
            UnlistTicket operation => HolderRules.Unlist(draft, operation),
            ReturnTicket operation => HolderRules.Return(draft, operation),
            RedeemTicket operation => HolderRules.Redeem(draft, operation),
            TransferCoins operation => MoneyRules.Transfer(draft, operation),
            TopUp operation => MoneyRules.TopUp(draft, operation),
            Record => Verdict.Accepted,
            Stake operation => StakeRules.Stake(draft, operation),
            Unstake operation => StakeRules.Unstake(draft, operation),
            Vote operation => VoteRules.Vote(draft, operation),
            Report operation => OffenceRules.Report(draft, operation),
            _ => new Refusal(RefusalCodes.InvalidReward, "A reward is made by sealing a block and can not be sent."),
        };

    private static Refusal? RefuseCommon(Transaction transaction, RuleContext context)
    {
        var payload = transaction.Payload;
        if (payload.Operation is Reward) return null;
        if (payload.ChainId != context.Spec.ChainId)
            return new Refusal(RefusalCodes.WrongChain, $"The transaction is for chain «{payload.ChainId}», this is «{context.Spec.ChainId}».", Field: "chain_id");
        if (context.Spec.RefusePasskeys(transaction) is { } refusal) return refusal;
        if (context.Seconds > payload.ValidUntil)
            return new Refusal(RefusalCodes.Expired, $"valid_until was {payload.ValidUntil}, it is {context.Seconds}: sign it again with a later one.", Field: "valid_until");
        if (payload.ValidUntil > context.Seconds + Payload.MaxValiditySeconds)
            return new Refusal(RefusalCodes.TooFarAhead, $"valid_until {payload.ValidUntil} lies more than 30 days after {context.Seconds}.", RefusalKind.Transient, "valid_until");
        return null;
    }
}
