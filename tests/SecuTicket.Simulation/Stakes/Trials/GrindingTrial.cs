namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>A validator leaves slots empty for the sake of the seed. It is no offence, and over all worlds together it does not pay.</summary>
/// <param name="world">Where.</param>
public sealed class GrindingTrial(StakeWorld world) : StakeTrial(world)
{
    /// <inheritdoc/>
    public override StakeAttack? AttackOf(int number) => number == World.Settings.Nodes - 1 ? new StakeAttack(World) : null;

    /// <inheritdoc/>
    public override void Inspect()
    {
        var chain = World.Nodes[0].Chain!;
        var left = World.BranchOf(chain).Sum(block => World.Last.Attack!.LeftEmpty.Count(empty => empty.After == block.Header.Previous && empty.Slot < World.Spec.SlotOf(block.Header.Timestamp)));
        var grinder = chain.Ledger.Stakes!.Validators.Find(World.Last.Person.Address)!;
        World.Tally.CountSlots(chain.Ledger.Stakes.Round.Slot, grinder.Forged + grinder.Missed - left, (double)World.Spec.Stake!.Validators[World.Last.Number].Amount / World.Spec.Stake.GenesisAmount);
    }
}
