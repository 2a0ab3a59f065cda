using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger.Rules;

/// <summary>Votes are counted on the branch that they are for; when a block has enough of them it is justified, and what it was linked with may be final.</summary>
internal static class VoteRules
{
    public static Verdict Vote(Draft draft, Vote vote)
    {
        if (draft.Ledger.Stakes is not { } stakes) return StakeRules.NoStakes;
        if (stakes.Find(draft.Sender) is { Slashed: > 0 }) return StakeRules.RefuseSlashed(draft.Sender);
        if (stakes.Tables.Previous.AmountOf(draft.Sender) == 0 && stakes.Tables.Present.AmountOf(draft.Sender) == 0)
            return new Refusal(RefusalCodes.NotValidator, $"{draft.Sender} has no stake in the tables that count now.");

        var open = Opened(stakes.Round, draft.NameBlock());
        var place = open.FindIndex(checkpoint => checkpoint.Block.Index == vote.TargetIndex);
        if (place < 0 || open[place].Block.Hash != vote.Target) return RefuseTarget(vote, open, stakes.Round.Final.Index);

        var (checkpoint, source) = (open[place], open[place].Source);
        if (vote.SourceIndex != source.Index || vote.Source != source.Hash)
            return new Refusal(RefusalCodes.WrongSource, $"Votes for block {vote.TargetIndex} come from block {source.Index} {source.Hash}, the highest that was justified then.", Field: "source");

        var at = checkpoint.Voters.Span.BinarySearch(draft.Sender);
        if (at >= 0) return new Refusal(RefusalCodes.AlreadyVoted, $"{draft.Sender} has voted for block {vote.TargetIndex}.");

        open[place] = checkpoint with { Voters = [.. checkpoint.Voters.Span[..~at], draft.Sender, .. checkpoint.Voters.Span[~at..]] };
        stakes.Round = stakes.Round with { Open = [.. open] };
        return Verdict.Accepted;
    }

    /// <summary>Begins the block after the state's own, which may be voted for from now on.</summary>
    public static void Open(StakeEdit stakes, in RuleContext context) => stakes.Round = stakes.Round with { Open = [.. Opened(stakes.Round, context)] };

    /// <summary>Counts the votes: more than two thirds of the stake of both tables justify.</summary>
    /// <remarks>
    /// Both tables, as Casper's dynasties: so two branches that part share one that counts on both, and what is final on one can not be final on the other unless a third of
    /// its stake contradicts itself and can be slashed.
    /// </remarks>
    public static void Count(StakeEdit stakes)
    {
        var round = stakes.Round;
        var open = round.Open.Span.ToArray();
        var (justified, final) = (round.Justified, round.Final);
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i].IsJustified || !IsEnough(open[i].Voters, stakes.Tables.Present) || !IsEnough(open[i].Voters, stakes.Tables.Previous)) continue;

            open[i] = open[i] with { IsJustified = true };
            if (open[i].Block.Index > justified.Index) justified = open[i].Block;
        }

        // A justified block is final when all between it and a block that was voted for from it are justified too: with none between, Casper's rule; with some, Gasper's.
        foreach (var target in open)
            if (target.IsJustified && target.Source.Index > final.Index && AreJustified(open, target.Source.Index + 1, target.Block.Index)) final = target.Source;

        if (justified.Index == round.Justified.Index && final.Index == round.Final.Index && open.AsSpan().SequenceEqual(round.Open.Span)) return;

        stakes.Round = round with { Justified = justified, Final = final, Open = [.. open.Where(checkpoint => checkpoint.Block.Index > final.Index)] };
    }

    private static List<Checkpoint> Opened(StakeRound round, in RuleContext context)
    {
        var open = new List<Checkpoint>(round.Open.Count + 1);
        open.AddRange(round.Open.Span);
        if (round.Index > round.Final.Index && round.Index < context.BlockIndex && (open.Count == 0 || open[^1].Block.Index < round.Index) && context.Parent is { } parent)
            open.Add(new Checkpoint(new BlockMark(round.Index, parent, round.Slot, round.Seed), round.Justified, false, []));
        if (open.Count > StakeRound.MaxOpen) open.RemoveAt(0);
        return open;
    }

    private static Refusal RefuseTarget(Vote vote, List<Checkpoint> open, long final)
    {
        if (vote.TargetIndex > (open.Count > 0 ? open[^1].Block.Index : final))
            return new Refusal(RefusalCodes.UnknownCheckpoint, $"Block {vote.TargetIndex} has not been seen yet.", RefusalKind.Transient, "target");

        return new Refusal(RefusalCodes.UnknownCheckpoint, $"Block {vote.TargetIndex} {vote.Target} is final already, or of another branch, or too old.", Field: "target");
    }

    private static bool IsEnough(EquatableArray<Address> voters, StakeTable table)
    {
        var voted = UInt128.Zero;
        foreach (ref readonly var voter in voters.Span) voted += (ulong)table.AmountOf(voter);
        return voted * 3 > (UInt128)(ulong)table.Total * 2;
    }

    private static bool AreJustified(Checkpoint[] open, long first, long last)
    {
        var justified = 0L;
        foreach (var checkpoint in open)
            if (checkpoint.Block.Index >= first && checkpoint.Block.Index <= last && checkpoint.IsJustified) justified++;
        return justified == last - first + 1;
    }
}
