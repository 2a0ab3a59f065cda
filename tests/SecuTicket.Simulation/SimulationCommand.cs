using System.Globalization;
using SecuTicket.Core.Specification;
using SecuTicket.Simulation.Stakes;

namespace SecuTicket.Simulation;

/// <summary>The simulator as a command: <c>simulate --seeds 1000 --nodes 7</c>.</summary>
public static class SimulationCommand
{
    /// <summary>What can be asked for.</summary>
    public const string Usage = """
        simulate               networks of nodes on virtual time, many seeds at once
          --seeds N --from N   how many seeds, 100, and the first one, 1
          --nodes N            honest nodes of each, 3 to 50, 7; one that lies comes on top
          --minutes N          virtual minutes in which things go wrong, 60
          --seed N [--trace]   one seed alone, with what happened line by line
          --plant NAME         plants a fault in all nodes: LongestChain, ForgetsAbandoned, SkipsMedianTime
          --engine NAME        proof-of-work, or proof-of-stake: validators with an attacker among them; its plant is ForgetsVotes
        """;

    private const int MostNodes = 50;

    private static readonly string[] Options = ["--seeds", "--from", "--nodes", "--minutes", "--seed", "--trace", "--plant", "--engine"];

    /// <summary>Does what is asked for.</summary>
    /// <param name="arguments">The words after <c>simulate</c>.</param>
    /// <param name="output">Takes what people read.</param>
    /// <returns>0 when nothing was violated, 1 when something was, 2 when it is not clear what is asked for.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Any(static word => word.StartsWith("--", StringComparison.Ordinal) && !Options.Contains(word))
            || Word(arguments, "--engine") is not (null or ChainSpec.ProofOfWorkEngine or ChainSpec.ProofOfStakeEngine)
            || Read(arguments, "--nodes", 7) is not { } nodes || nodes is < 3 or > MostNodes
            || Read(arguments, "--seeds", 100) is not { } seeds || seeds is < 1 or > int.MaxValue
            || Read(arguments, "--from", 1) is not { } from
            || Read(arguments, "--seed", from) is not { } seed
            || Read(arguments, "--minutes", 60) is not { } minutes || minutes is < 1 or > 10_000
            || ReadPlant(arguments) is not { } plant)
        {
            output.WriteLine(Usage);
            return 2;
        }

        if (Word(arguments, "--engine") == ChainSpec.ProofOfStakeEngine)
        {
            var stakes = new StakeSimulator(seed => new StakeSettings(seed, (int)nodes) { ForgetsVotes = plant == Plant.ForgetsVotes }, output);
            return arguments.Contains("--seed") ? stakes.Run(seed, 1) : stakes.Run(from, (int)seeds);
        }

        var simulator = new Simulator(seed => new WorldSettings(seed, (int)nodes) { Plant = plant, Storm = TimeSpan.FromMinutes(minutes) }, output);
        if (arguments.Contains("--trace")) return simulator.Trace(seed);

        return arguments.Contains("--seed") ? simulator.Run(seed, 1) : simulator.Run(from, (int)seeds);
    }

    private static ulong? Read(IReadOnlyList<string> arguments, string name, ulong otherwise) =>
        Word(arguments, name) is not { } word ? otherwise
        : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    private static Plant? ReadPlant(IReadOnlyList<string> arguments) =>
        Word(arguments, "--plant") is not { } word ? Plant.None : Enum.TryParse<Plant>(word, out var plant) ? plant : null;

    private static string? Word(IReadOnlyList<string> arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
            if (arguments[i] == name) return i + 1 < arguments.Count ? arguments[i + 1] : string.Empty;
        return null;
    }
}
