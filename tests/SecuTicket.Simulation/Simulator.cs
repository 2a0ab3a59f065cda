using System.Diagnostics;
using System.Globalization;

namespace SecuTicket.Simulation;

/// <summary>Runs many worlds, each in one thread and several at once, and sums up what came of them.</summary>
/// <param name="settings">What the world of a seed is like.</param>
/// <param name="output">Takes what people read.</param>
public sealed class Simulator(Func<ulong, WorldSettings> settings, TextWriter output)
{
    private readonly Lock _turn = new();
    private readonly FaultCounts _faults = new();
    private readonly List<(ulong Seed, Violation Violation)> _violations = [];
    private long _seeds;
    private long _virtualTime;
    private long _steps;
    private long _messages;
    private long _blocks;
    private long _acknowledged;
    private long _rejected;
    private long _reorganisations;
    private long _deepest;

    /// <summary>Runs one seed and writes its trace.</summary>
    /// <returns>0 when nothing was violated, else 1.</returns>
    public int Trace(ulong seed)
    {
        var result = new World(settings(seed), output).Run();
        output.WriteLine($"trace hash {result.TraceHash:x16}, {result.World.Trace.Lines} lines");
        Add(result);
        return Report();
    }

    /// <summary>Runs seeds in a row.</summary>
    /// <param name="from">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>0 when nothing was violated, else 1.</returns>
    public int Run(ulong from, int count)
    {
        var clock = Stopwatch.StartNew();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => Add(new World(settings(from + (ulong)i)).Run()));
        output.WriteLine(Invariant($"real time          {clock.Elapsed.TotalSeconds:N1} s"));
        return Report();
    }

    private void Add(RunResult result)
    {
        lock (_turn)
        {
            var world = result.World;
            _seeds++;
            _virtualTime += result.VirtualTime;
            _faults.Add(result.Faults);
            _steps += world.Agenda.Steps;
            _messages += world.Network.Messages;
            _blocks += world.Watch.Blocks.Count;
            _acknowledged += world.Watch.Acknowledged.Count;
            _rejected += world.Watch.Rejections;
            _reorganisations += world.Watch.Reorganisations;
            _deepest = Math.Max(_deepest, world.Watch.Deepest);
            foreach (var violation in result.Violations)
            {
                _violations.Add((result.Seed, violation));
                output.WriteLine($"seed {result.Seed} violates {violation}");
            }
        }
    }

    private int Report()
    {
        output.WriteLine(Invariant($"seeds run          {_seeds:N0}, {settings(1).Nodes} nodes each"));
        output.WriteLine(Invariant($"virtual hours      {_virtualTime / 3_600_000.0:N1}"));
        output.WriteLine(Invariant($"steps              {_steps:N0}, {_messages:N0} messages"));
        output.WriteLine(Invariant($"blocks             {_blocks:N0}, {_reorganisations:N0} reorganisations, the deepest {_deepest}"));
        output.WriteLine(Invariant($"transactions       {_acknowledged:N0} acknowledged, {_rejected:N0} rejections announced"));
        foreach (var fault in Enum.GetValues<Fault>()) output.WriteLine(Invariant($"  {fault,-16} {_faults[fault]:N0}"));
        output.WriteLine(Invariant($"violations         {_violations.Count:N0}"));
        foreach (var seed in _violations.Select(one => one.Seed).Distinct().Order().Take(10))
            output.WriteLine($"replay with        dotnet run -c Release --project tests/SecuTicket.Benchmarks -- simulate {Options(seed)} --seed {seed} --trace");
        return _violations.Count == 0 ? 0 : 1;
    }

    private string Options(ulong seed)
    {
        var world = settings(seed);
        return Invariant($"--nodes {world.Nodes} --minutes {world.Storm.TotalMinutes}{(world.Plant == Plant.None ? string.Empty : $" --plant {world.Plant}")}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
