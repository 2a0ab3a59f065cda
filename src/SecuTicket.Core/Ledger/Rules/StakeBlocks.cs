using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>What a block does to the stakes by itself: at its begin its forger reveals, at its end votes are counted, tables change, and what is due is paid.</summary>
internal static class StakeBlocks
{
    /// <summary>Skipped slots of which the forger is counted as missing, at the most: what a block costs after a long silence is bounded.</summary>
    public const int MaxCountedMisses = 64;

    /// <summary>Withdrawals paid by one block, at the most; what is left comes with the next ones.</summary>
    public const int MaxPaid = 1_000;

    /// <summary>Begins a block.</summary>
    public static void Begin(StakeEdit stakes, BlockHeader header, in RuleContext context)
    {
        VoteRules.Open(stakes, context);
        var round = stakes.Round;
        var slot = context.Spec.SlotOf(header.Timestamp);
        for (var missed = Math.Max(round.Slot + 1, slot - MaxCountedMisses); missed < slot; missed++)
        {
            var silent = stakes.Tables.Present.Draw(round.Seed, missed);
            if (stakes.Find(silent) is { } validator) stakes.Set(silent, validator with { Missed = validator.Missed + 1 });
        }

        if (stakes.Find(header.Sealer) is { } forger) stakes.Set(header.Sealer, forger with { Forged = forger.Forged + 1, Onion = header.StateRoot });
        stakes.Round = round with { Index = header.Index, Slot = slot, Seed = Turns.SeedAfter(round.Seed, header.StateRoot) };
    }

    /// <summary>Ends a block.</summary>
    public static void End(Draft draft, StakeEdit stakes, StakeSpec spec)
    {
        VoteRules.Count(stakes);
        if (stakes.Round.Index % spec.EpochLength == 0) EndEpoch(stakes);
        Pay(draft, stakes, spec);
    }

    // The next table is used only when the block that it shows is final: then all branches that can still win have the same tables.
    private static void EndEpoch(StakeEdit stakes)
    {
        var (index, tables) = (stakes.Round.Index, stakes.Tables);
        if (tables.Next.Since <= stakes.Round.Final.Index)
        {
            foreach (var (account, validator) in stakes.Validators)
                if (validator.Renewal is { } renewal && renewal.Index <= tables.Next.Since) stakes.Set(account, validator with { Onion = renewal.Commitment, Renewal = null });
            tables = new StakeTables(tables.Present, tables.Next, tables.Next);
            stakes.Round = stakes.Round with { RotatedAt = index };
        }

        stakes.Tables = tables with { Next = StakeState.TableOf(index, stakes.Validators) ?? tables.Next };
    }

    private static void Pay(Draft draft, StakeEdit stakes, StakeSpec spec)
    {
        var due = Math.Min(stakes.Round.Final.Index - spec.UnbondingBlocks, stakes.Tables.Previous.Since);
        foreach (var withdrawn in stakes.Queue.TakeWhile(withdrawn => withdrawn.Number <= due).Take(MaxPaid).ToArray())
        {
            var validator = stakes.Find(withdrawn.Account)!;
            draft.Credit(withdrawn.Account, validator.Withdrawals.Span[0].Amount);
            validator = validator with { Withdrawals = [.. validator.Withdrawals.Span[1..]] };
            stakes.Set(withdrawn.Account, validator is { AtStake: 0, Slashed: 0 } ? null : validator);
        }
    }
}
