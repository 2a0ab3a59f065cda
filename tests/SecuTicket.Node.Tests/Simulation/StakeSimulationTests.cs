using SecuTicket.Simulation.Stakes;

namespace SecuTicket.Node.Tests.Simulation;

/// <summary>Issue 6.6: a quick set of what <c>simulate --engine proof-of-stake</c> runs a thousand of. A failure names its seed, and the seed repeats it.</summary>
public class StakeSimulationTests
{
    // One of each scenario.
    [Fact]
    public void Validators_never_make_two_blocks_final_that_contradict_and_the_honest_sign_nothing_twice_whatever_goes_wrong()
    {
        var worlds = Enumerable.Range(0, Enum.GetValues<StakeScenario>().Length).Select(static seed => new StakeWorld(new StakeSettings((ulong)seed) { Slots = 48, QuietSlots = 60 })).ToArray();
        Parallel.ForEach(worlds, static world => world.Run());

        foreach (var world in worlds)
        {
            world.Watch.Violations.Should().BeEmpty("of seed {0}, {1}", world.Settings.Seed, world.Settings.Scenario);
            world.Watch.Final.Should().BeGreaterThan(10, "blocks become final in {0}", world.Settings.Scenario);
        }
    }

    [Fact]
    public void Validators_that_forget_what_they_voted_for_are_found_within_eight_seeds() => Enumerable.Range(3, 8)
        .Any(static seed => new StakeWorld(new StakeSettings((ulong)seed) { ForgetsVotes = true }).Run().Any(static violation => violation.Rule == "votes once")).Should().BeTrue();
}
