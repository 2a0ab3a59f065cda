using System.Globalization;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.Growth;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks;

/// <summary>Shows what everything costs as one thing after the other grows: minutes of work, and no part of the suite.</summary>
internal static class GrowthCommand
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        growth [thing]...      shows what reads and purchases cost as tickets, blocks, accounts, changes of one ticket or events (the first word of each) grow; worlds are kept
          --prepare            only makes the worlds
          --largest N          goes no further than N
        """;

    private const int Runs = 5;

    private static readonly int[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Runs it.</summary>
    /// <param name="things">What grows: the first word of each; all when there are none.</param>
    /// <param name="largest">The largest size.</param>
    /// <param name="prepareOnly">Whether worlds are made and nothing is measured.</param>
    /// <param name="markdown">A document whose tables and plots are replaced, if any.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> things, int largest, bool prepareOnly, string? markdown)
    {
        GrowthDimension[] dimensions = [.. GrowthDimension.All.Where(one => things.Count == 0 || things.Contains(one.Of.Split(' ')[0]))];
        if (dimensions.Length < things.Count) return 2;

        foreach (var dimension in dimensions)
        {
            GrowthWorld[] worlds = [.. Sizes.Where(size => size <= Math.Min(largest, dimension.Largest)).Select(size => GrowthWorld.Of(dimension, size, Console.Error.WriteLine))];
            if (prepareOnly) continue;

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"measuring {worlds[0].Operations.Count} operations by {dimension.Of}"));
            using var trial = new GrowthTrial(dimension.Of, worlds);
            var series = trial.Run(Runs);
            Console.Out.WriteLine(GrowthReport.Table(series));
            if (markdown is not null) MarkdownReport.WriteGrowth(markdown, series);
        }

        return 0;
    }
}
