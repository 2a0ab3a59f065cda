using SecuTicket.Simulation;

namespace SecuTicket.Node.Tests.Simulation;

/// <summary>S2.8, S2.9, S4.11–S4.13: a quick set of what <c>simulate</c> in the benchmarks runs a thousand of. A failure names its seed, and the seed repeats it.</summary>
public class NetworkSimulationTests
{
    // Enough to split, crash, lie and heal, little enough to run each time.
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(20);

    [Fact]
    public void A_network_keeps_one_chain_one_owner_of_each_ticket_and_every_promise_whatever_goes_wrong()
    {
        var faults = new FaultCounts();
        var results = new RunResult[8];
        Parallel.For(0, results.Length, i => results[i] = new World(Settings((ulong)i + 1)).Run());

        foreach (var result in results)
        {
            result.Violations.Should().BeEmpty("of seed {0}", result.Seed);
            result.World.Watch.Acknowledged.Should().NotBeEmpty();
            faults.Add(result.Faults);
        }

        // These two take a longer chain than there is time for here.
        Enum.GetValues<Fault>().Except([Fault.LongLightBranch, Fault.TooDeepBranch]).Where(fault => faults[fault] == 0).Should().BeEmpty("a fault that never happened shows nothing");
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var one = new World(Settings(7)).Run();
        var again = new World(Settings(7)).Run();
        var other = new World(Settings(8)).Run();

        again.TraceHash.Should().Be(one.TraceHash);
        again.World.Agenda.Steps.Should().Be(one.World.Agenda.Steps);
        other.TraceHash.Should().NotBe(one.TraceHash);
    }

    [Theory]
    [InlineData(Plant.LongestChain, "heaviest", 7, 60, 3)]
    [InlineData(Plant.ForgetsAbandoned, "nothing lost", 4, 25, 1)]
    [InlineData(Plant.SkipsMedianTime, "oracle", 4, 25, 1)]
    public void A_fault_planted_in_the_nodes_is_found_within_eight_seeds(Plant plant, string rule, int nodes, int minutes, int from) => Enumerable.Range(from, 8)
        .Select(seed => new WorldSettings((ulong)seed, nodes) { Plant = plant, Storm = TimeSpan.FromMinutes(minutes) })
        .Any(settings => new World(settings).Run().Violations.Any(violation => violation.Rule == rule)).Should().BeTrue();

    private static WorldSettings Settings(ulong seed) => new(seed, Nodes: 4) { Storm = Storm };
}
