using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>Coins go to stake at once and come back when unbonding is over.</summary>
internal static class StakeRules
{
    public static Refusal NoStakes { get; } = new(RefusalCodes.NoStakes, "This chain has no stakes.");

    public static Verdict Stake(Draft draft, Stake operation)
    {
        if (draft.Ledger.Stakes is not { } stakes || draft.Spec.Stake is not { } spec) return NoStakes;

        var validator = stakes.Find(draft.Sender);
        if (validator is { Slashed: > 0 }) return RefuseSlashed(draft.Sender);
        if (validator is null && stakes.Count == StakeSpec.MaxValidators)
            return new Refusal(RefusalCodes.TooManyValidators, $"{StakeSpec.MaxValidators} accounts have stake already.", RefusalKind.Transient);
        if (validator is null && operation.Commitment is null)
            return new Refusal(RefusalCodes.MissingField, "A first stake commits to the hash chain from which its blocks will reveal.", Field: "commitment");
        if (RefuseAmount((validator?.Staked ?? 0) + operation.Amount, spec) is { } tooSmall) return tooSmall;
        if (draft.Debit(draft.Sender, operation.Amount).Refusal is { } uncovered) return uncovered;

        validator ??= new Validator(0, operation.Commitment!.Value);
        stakes.Set(draft.Sender, validator with
        {
            Staked = validator.Staked + operation.Amount,
            Renewal = operation.Commitment is { } commitment && commitment != validator.Onion ? new NumberedCommitment(draft.NameBlock().BlockIndex, commitment) : validator.Renewal,
        });
        return Verdict.Accepted;
    }

    public static Verdict Unstake(Draft draft, Unstake operation)
    {
        if (draft.Ledger.Stakes is not { } stakes || draft.Spec.Stake is not { } spec) return NoStakes;
        if (stakes.Find(draft.Sender) is not { } validator || validator.Staked < operation.Amount)
            return new Refusal(RefusalCodes.InsufficientStake, $"{draft.Sender} has {stakes.Find(draft.Sender)?.Staked ?? 0} minor units at stake, {operation.Amount} were to be taken out.");

        var left = validator.Staked - operation.Amount;
        if (left > 0 && RefuseAmount(left, spec) is { } tooSmall) return tooSmall;
        if (!TryWithdraw(validator, draft.NameBlock().BlockIndex, operation.Amount, out var withdrawals))
            return new Refusal(RefusalCodes.TooManyWithdrawals, $"{Validator.MaxWithdrawals} withdrawals of {draft.Sender} are under way: wait for one to be paid.", RefusalKind.Transient);

        stakes.Set(draft.Sender, validator with { Staked = left, Withdrawals = withdrawals });
        return Verdict.Accepted;
    }

    public static Refusal RefuseSlashed(in Address account) => new(RefusalCodes.Slashed, $"{account} lost stake for an offence: take another account.");

    private static Refusal? RefuseAmount(long staked, StakeSpec spec) =>
        staked < spec.Minimum ? new Refusal(RefusalCodes.StakeTooSmall, $"{staked} minor units would be at stake, {spec.Minimum} are the least.", Field: "amount") : null;

    // What goes out in one block is one withdrawal.
    private static bool TryWithdraw(Validator validator, long index, long amount, out EquatableArray<Withdrawal> withdrawals)
    {
        withdrawals = validator.Withdrawals;
        if (withdrawals.Count > 0 && withdrawals[^1].Index == index)
        {
            withdrawals = [.. withdrawals.Span[..^1], new Withdrawal(index, withdrawals[^1].Amount + amount)];
            return true;
        }

        if (withdrawals.Count == Validator.MaxWithdrawals) return false;

        withdrawals = [.. withdrawals.Span, new Withdrawal(index, amount)];
        return true;
    }
}
