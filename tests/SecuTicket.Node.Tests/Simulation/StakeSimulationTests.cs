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

        var tally = new StakeTally();
        foreach (var world in worlds)
        {
            world.Watch.Violations.Should().BeEmpty("of seed {0}, {1}", world.Settings.Seed, world.Settings.Scenario);
            world.Watch.Final.Should().BeGreaterThan(10, "blocks become final in {0}", world.Settings.Scenario);
            tally.Add(world.Tally);
        }

        // Of these more seeds or longer ones have some.
        StakeHappening[] rare = [StakeHappening.MarkLost, StakeHappening.VotesContradicted, StakeHappening.CommitmentRenewed];
        foreach (var happening in Enum.GetValues<StakeHappening>().Except(rare)) tally[happening].Should().BePositive("{0} is what is tried", happening);
    }

    [Fact]
    public void Validators_that_forget_what_they_voted_for_are_found_within_eight_seeds() => Enumerable.Range(3, 8)
        .Any(static seed => new StakeWorld(new StakeSettings((ulong)seed) { ForgetsVotes = true }).Run().Any(static violation => violation.Rule == "votes once")).Should().BeTrue();

    [Fact]
    public void A_run_of_many_seeds_in_which_something_that_is_tried_never_happened_has_failed()
    {
        var tally = new StakeTally();
        foreach (var happening in Enum.GetValues<StakeHappening>().Except([StakeHappening.NothingFinal])) tally.Count(happening);

        tally.Inspect(StakeTally.Many - 1).Should().BeEmpty("few seeds show little");
        tally.Inspect(StakeTally.Many).Should().ContainSingle().Which.Detail.Should().Contain(nameof(StakeHappening.NothingFinal));
    }

    [Theory]
    [InlineData(1_429, false)]
    [InlineData(1_560, false)]
    [InlineData(1_570, true)]
    [InlineData(1_000, false)]
    public void Grinding_pays_when_it_wins_more_slots_than_chance_gives_once_in_ten_thousand_times(long used, bool pays)
    {
        var (tally, half) = (new StakeTally(), new StakeTally());
        half.CountSlots(5_000, used / 2, 1 / 7.0);
        tally.Add(half);
        tally.CountSlots(5_000, used - (used / 2), 1 / 7.0);

        tally.Inspect(1).Any(static violation => violation.Rule == "grinding never pays").Should().Be(pays);
    }
}
