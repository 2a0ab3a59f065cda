using SecuTicket.Core.Chain;

namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>More than a third is away for a while: the chain goes on without them, and nothing is final that none of them has voted for. When they are back, all of it is.</summary>
/// <param name="world">Where.</param>
public sealed class OfflineTrial(StakeWorld world) : StakeTrial(world)
{
    // Blocks that those who stay make before it is said that the chain went on.
    private const int Enough = 3;

    private readonly int _third = (world.Settings.Nodes / 3) + 1;
    private long _voted = long.MaxValue;
    private long _height = long.MaxValue;

    /// <inheritdoc/>
    public override bool IsOver => World.Nodes.All(node => node.Chain!.Ledger.Final >= _height);

    /// <inheritdoc/>
    public override bool IsAway(StakeNode node) => _voted < long.MaxValue && _height == long.MaxValue && node.Number < _third;

    /// <inheritdoc/>
    public override void Half()
    {
        foreach (var node in World.Nodes.Take(_third)) node.Crash();
        _voted = World.Nodes.Take(_third).Max(static node => node.Mark?.Target ?? 0);
    }

    /// <inheritdoc/>
    public override void ThreeQuarters()
    {
        _height = World.Nodes.Max(static node => node.Chain?.Tip.Header.Index ?? 0);
        if (_height >= _voted + Enough) World.Tally.Count(StakeHappening.NothingFinal);
        foreach (var node in World.Nodes.Take(_third)) node.Start();
    }

    /// <inheritdoc/>
    public override void Moved(StakeNode node, Blockchain chain)
    {
        var round = chain.Ledger.Stakes!.Round;
        if (_height == long.MaxValue && round.Justified.Index > _voted)
            World.Watch.Violate("two thirds", $"block {round.Justified.Index} is justified at node {node.Number}, and of those who are away nobody voted for one above {_voted}");
    }

    /// <inheritdoc/>
    public override void Inspect()
    {
        if (IsOver) World.Tally.Count(StakeHappening.FinalAgain);
        else World.Watch.Violate("finality comes back", $"block {_height} was made without those who were away, and is not final everywhere after they came back");
    }
}
