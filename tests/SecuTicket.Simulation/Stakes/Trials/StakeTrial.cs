using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>What a scenario does to its world, and what it asserts there. This one does nothing: it is the weather alone.</summary>
/// <param name="world">Where.</param>
public class StakeTrial(StakeWorld world)
{
    /// <summary>Whether the trial has seen what it waits for after all is well again.</summary>
    public virtual bool IsOver => true;

    /// <summary>Where it is tried.</summary>
    protected StakeWorld World { get; } = world;

    /// <summary>The trial of a world's scenario.</summary>
    public static StakeTrial Of(StakeWorld world) => world.Settings.Scenario switch
    {
        StakeScenario.Equivocation or StakeScenario.NothingAtStake => new OffenceTrial(world),
        StakeScenario.Grinding => new GrindingTrial(world),
        StakeScenario.OfflineThird => new OfflineTrial(world),
        StakeScenario.LateJoiner => new LateTrial(world),
        StakeScenario.RestoredBackup => new BackupTrial(world),
        _ => new StakeTrial(world),
    };

    /// <summary>What the validator of a number does that no honest one does; null when it is honest.</summary>
    public virtual StakeAttack? AttackOf(int number) => null;

    /// <summary>Whether a node stays away for now.</summary>
    public virtual bool IsAway(StakeNode node) => false;

    /// <summary>A quarter of the time is over.</summary>
    public virtual void Quarter()
    {
    }

    /// <summary>Half of the time is over.</summary>
    public virtual void Half()
    {
    }

    /// <summary>Three quarters of the time are over.</summary>
    public virtual void ThreeQuarters()
    {
    }

    /// <summary>A node begins, and knows only what is on its disk.</summary>
    public virtual void Began(StakeNode node)
    {
    }

    /// <summary>A node has taken a block, on its branch or another.</summary>
    public virtual void Took(StakeNode node, VerifiedBlock block)
    {
    }

    /// <summary>A node was given a transaction.</summary>
    public virtual void Took(StakeNode node, VerifiedTransaction transaction)
    {
    }

    /// <summary>An honest node has another tip.</summary>
    public virtual void Moved(StakeNode node, Blockchain chain)
    {
    }

    /// <summary>An honest validator signed a block.</summary>
    public virtual void Made(StakeNode node, BlockHeader header)
    {
    }

    /// <summary>An honest validator signed a vote.</summary>
    public virtual void Voted(StakeNode node, Vote vote)
    {
    }

    /// <summary>Asserts, at the end, what must have come of it.</summary>
    public virtual void Inspect()
    {
    }
}
