using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>Whoever proves that a validator signed two things nobody may sign both gets a part of what the validator loses; the rest is burnt.</summary>
internal static class OffenceRules
{
    public static Verdict Report(Draft draft, Report report)
    {
        if (draft.Ledger.Stakes is not { } stakes || draft.Spec.Stake is not { } spec) return StakeRules.NoStakes;
        if (RefuseEvidence(report, draft.Spec) is { } unproven) return unproven;

        var offender = report.First.Signer;
        if (stakes.Find(offender) is not { } validator) return new Refusal(RefusalCodes.NotValidator, $"{offender} has nothing at stake.");
        if (validator.Slashed > 0) return StakeRules.RefuseSlashed(offender);

        var lost = Part(validator.Staked, spec.SlashPercent);
        Withdrawal[] withdrawals = [.. validator.Withdrawals.Select(one => one with { Amount = one.Amount - Part(one.Amount, spec.SlashPercent) })];
        var slashed = lost + validator.Withdrawals.Sum(one => Part(one.Amount, spec.SlashPercent));
        var reward = Part(slashed, spec.ReporterPercent, least: 0);
        stakes.Set(offender, validator with
        {
            Staked = 0,
            Slashed = slashed,
            Renewal = null,
            Withdrawals = Merged(withdrawals, new Withdrawal(draft.NameBlock().BlockIndex, validator.Staked - lost)),
        });
        draft.Burn(slashed - reward);
        draft.Credit(draft.Sender, reward);
        return Verdict.Accepted;
    }

    private static Refusal? RefuseEvidence(Report report, ChainSpec spec)
    {
        if (report.First.Key != report.Second.Key) return Refuse("They are signed by two keys.");

        var first = report.First.Message.Span;
        var second = report.Second.Message.Span;
        return first.Length == BlockHeader.Size && second.Length == BlockHeader.Size ? RefuseBlocks(first, second, report.First.Signer, spec) : RefuseVotes(first, second, spec);
    }

    private static Refusal? RefuseBlocks(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, in Address signer, ChainSpec spec)
    {
        if (!BlockHeader.Decode(first).TryGet(out var one, out var refusal) || !BlockHeader.Decode(second).TryGet(out var other, out refusal)) return Refuse(refusal.Detail);
        if (one.Chain != spec.ChainHash || other.Chain != spec.ChainHash) return Refuse("They are of another chain.");
        if (one.Sealer != signer || other.Sealer != signer) return Refuse("They name another as their forger than signed them.");
        if (one.Hash == other.Hash) return Refuse("They are one block.");

        return spec.SlotOf(one.Timestamp) == spec.SlotOf(other.Timestamp) ? null : Refuse("They are of two slots.");
    }

    private static Refusal? RefuseVotes(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ChainSpec spec)
    {
        if (!Payload.Decode(first).TryGet(out var one, out var refusal) || !Payload.Decode(second).TryGet(out var other, out refusal)) return Refuse(refusal.Detail);
        if (one.Operation is not Vote vote || other.Operation is not Vote against) return Refuse("They are neither two headers nor two votes.");
        if (one.ChainId != spec.ChainId || other.ChainId != spec.ChainId) return Refuse("They are of another chain.");

        return vote.Contradicts(against) ? null : Refuse("They do not contradict.");
    }

    private static Refusal Refuse(string why) => new(RefusalCodes.InvalidEvidence, why);

    private static long Part(long amount, int percent, long least = 1) => amount == 0 ? 0 : Math.Max((long)((Int128)amount * percent / 100), least);

    // One more than may be taken out at will: this one was not.
    private static EquatableArray<Withdrawal> Merged(Withdrawal[] withdrawals, Withdrawal last) =>
        withdrawals.Length > 0 && withdrawals[^1].Index == last.Index
            ? Paid([.. withdrawals[..^1], last with { Amount = withdrawals[^1].Amount + last.Amount }])
            : Paid([.. withdrawals, last]);

    private static EquatableArray<Withdrawal> Paid(Withdrawal[] withdrawals) => [.. withdrawals.Where(static one => one.Amount > 0)];
}
