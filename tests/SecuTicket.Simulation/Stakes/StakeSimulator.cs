using System.Diagnostics;
using System.Globalization;

namespace SecuTicket.Simulation.Stakes;

/// <summary>Runs many worlds of stakes, several at once, and sums up what came of them.</summary>
/// <param name="settings">What the world of a seed is like.</param>
/// <param name="output">Takes what people read.</param>
public sealed class StakeSimulator(Func<ulong, StakeSettings> settings, TextWriter output)
{
    /// <summary>Runs seeds in a row.</summary>
    /// <param name="from">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>0 when nothing was violated, else 1.</returns>
    public int Run(ulong from, int count)
    {
        var clock = Stopwatch.StartNew();
        var turn = new Lock();
        var tally = new StakeTally();
        long blocks = 0, final = 0, left = 0, violations = 0;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var world = new StakeWorld(settings(from + (ulong)i));
            var found = world.Run();
            lock (turn)
            {
                tally.Add(world.Tally);
                (blocks, final, left, violations) = (blocks + world.Height, final + world.Watch.Final, left + world.Watch.Disconnected, violations + found.Count);
                foreach (var violation in found) output.WriteLine($"seed {world.Settings.Seed} ({world.Settings.Scenario}) violates {violation}");
            }
        });
        foreach (var violation in tally.Inspect(count))
        {
            violations++;
            output.WriteLine($"the run as a whole violates {violation}");
        }

        output.WriteLine(Invariant($"seeds run          {count:N0}, {settings(from).Nodes} validators each, in {clock.Elapsed.TotalSeconds:N1} s"));
        output.WriteLine(Invariant($"blocks             {blocks:N0}, {final:N0} of them final, {left:N0} left by some node"));
        foreach (var line in tally.Lines) output.WriteLine(line);
        output.WriteLine(Invariant($"violations         {violations:N0}"));
        return violations == 0 ? 0 : 1;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
