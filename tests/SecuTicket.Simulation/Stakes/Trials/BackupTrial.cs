using SecuTicket.Core.Blocks;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>A validator's disk is put back to what it was, now and then without its mark: it goes on, and signs nothing that stands against what it has forgotten.</summary>
/// <param name="world">Where.</param>
public sealed class BackupTrial(StakeWorld world) : StakeTrial(world)
{
    // How often the mark was not kept with the rest.
    private const double MarkIsLost = 0.2;

    private (IReadOnlyList<VerifiedBlock> Blocks, ForgingMark? Mark)? _backup;
    private ForgingMark? _forgotten;
    private bool _made;
    private bool _voted;

    /// <inheritdoc/>
    public override bool IsOver => _forgotten is null || (_made && _voted);

    /// <inheritdoc/>
    public override void Quarter()
    {
        if (World.Last.Chain is { } chain) _backup = (World.BranchOf(chain), World.Dice.Chance(MarkIsLost) ? null : World.Last.Mark);
    }

    /// <inheritdoc/>
    public override void Half()
    {
        if (_backup is not var (blocks, mark)) return;

        var was = World.Last.Mark ?? ForgingMark.None;
        _forgotten = was;
        World.Last.Restore(blocks, mark);
        if (mark is null) World.Tally.Count(StakeHappening.MarkLost);
        if ((mark ?? ForgingMark.None) != was) World.Tally.Count(StakeHappening.SignaturesForgotten);
    }

    /// <inheritdoc/>
    public override void Made(StakeNode node, BlockHeader header) => _made |= node == World.Last && _forgotten is not null;

    /// <inheritdoc/>
    public override void Voted(StakeNode node, Vote vote)
    {
        if (node != World.Last || _forgotten is null) return;

        _voted = true;
        if (vote.TargetIndex <= _forgotten.Target) World.Watch.Violate("votes rest", $"node {node.Number} forgot that it voted for block {_forgotten.Target}, and voted for block {vote.TargetIndex}");
    }

    /// <inheritdoc/>
    public override void Inspect()
    {
        if (_forgotten is null) return;
        if (IsOver) World.Tally.Count(StakeHappening.SignedAgain);
        else World.Watch.Violate("whoever was put back comes back", $"node {World.Last.Number} made {(_made ? "a" : "no")} block since, and {(_voted ? "voted" : "did not vote")}");
    }
}
