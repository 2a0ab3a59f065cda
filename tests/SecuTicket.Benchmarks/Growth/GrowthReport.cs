using System.Globalization;
using System.Text;

namespace SecuTicket.Benchmarks.Growth;

/// <summary>What costs how much as something grows: a table in Markdown and a plot for each thing that grows.</summary>
internal static class GrowthReport
{
    /// <summary>The plots, by the names of their files.</summary>
    public static IEnumerable<(string Name, string Svg)> Plots(IReadOnlyList<GrowthSeries> series) =>
        series.GroupBy(one => one.Of).Select(group => (NameOf(group.Key), LogLogPlot.Draw($"Half of the answers come within, by {group.Key}", [.. group])));

    /// <summary>The tables, each under its plot.</summary>
    /// <param name="series">What was measured.</param>
    /// <param name="folder">Where the plots are, as seen from the text.</param>
    public static string Markdown(IReadOnlyList<GrowthSeries> series, string folder)
    {
        var text = new StringBuilder();
        foreach (var group in series.GroupBy(one => one.Of)) Append(text, [.. group], $"{folder}/{NameOf(group.Key)}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, GrowthSeries[] lines, string plot)
    {
        var sizes = lines.SelectMany(line => line.Points).Select(point => point.Size).Distinct().Order().ToArray();
        if (text.Length > 0) text.Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"![Costs by {lines[0].Of}]({plot})\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| ms, median, by {lines[0].Of} | {string.Join(" | ", sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} | last / first |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", sizes.Length + 1))}\n");
        foreach (var line in lines)
        {
            var cells = sizes.Select(size => line.Points.Where(point => point.Size == size).Select(point => point.Milliseconds.ToString("0.###", CultureInfo.InvariantCulture)).FirstOrDefault(string.Empty));
            text.Append(CultureInfo.InvariantCulture, $"| {line.Operation} | {string.Join(" | ", cells)} | {line.Growth:0.00} |\n");
        }
    }

    private static string NameOf(string of) => $"growth-{of.Replace(' ', '-')}.svg";
}
