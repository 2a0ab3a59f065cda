using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>Coins move between accounts, and enter through exchange authorities and rewards only.</summary>
internal static class MoneyRules
{
    public static Verdict Transfer(Draft draft, TransferCoins operation) => draft.Pay(draft.Sender, operation.Recipient, operation.Amount);

    public static Verdict TopUp(Draft draft, TopUp operation)
    {
        if (!draft.Spec.ExchangeAuthorities.Contains(draft.Sender))
            return new Refusal(RefusalCodes.NotExchangeAuthority, $"{draft.Sender} is no exchange authority of this chain.");

        var reference = Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(operation.Reference));
        if (draft.Ledger.IsUsed(reference))
            return new Refusal(RefusalCodes.ReferenceUsed, $"A top-up with reference «{operation.Reference}» is on the chain already.");
        if (draft.Ledger.Supply > Operation.MaxAmount - operation.Amount)
            return new Refusal(RefusalCodes.SupplyExceeded, $"With {operation.Amount} more the supply of {draft.Ledger.Supply} would exceed {Operation.MaxAmount} minor units.");

        draft.UseReference(reference);
        draft.Mint(operation.Amount);
        draft.Credit(operation.Recipient, operation.Amount);
        return Verdict.Accepted;
    }

    /// <summary>The reward of the next block: the specification's, or none where it would exceed the largest supply.</summary>
    public static long RewardAfter(LedgerState state, long reward) => state.Supply > Operation.MaxAmount - reward ? 0 : reward;

    public static Verdict Reward(Draft draft, Reward operation)
    {
        draft.Mint(operation.Amount);
        draft.Credit(operation.Recipient, operation.Amount);
        return Verdict.Accepted;
    }
}
