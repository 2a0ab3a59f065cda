using System.Globalization;
using System.Text;

namespace SecuTicket.Benchmarks.Growth;

/// <summary>What costs how much as one thing grows: a table in Markdown, and a plot of each panel.</summary>
internal static class GrowthReport
{
    /// <summary>The plots, by the names of their files.</summary>
    /// <param name="series">All of one thing that grows.</param>
    public static IEnumerable<(string Name, string Svg)> Plots(IReadOnlyList<GrowthSeries> series) =>
        Panels(series).Select(panel => (NameOf(panel), LogLogPlot.Draw($"{Capital(panel.Key)}: half of the answers come within, by {series[0].Of}", [.. panel])));

    /// <summary>The plots as pictures in a text, and the table.</summary>
    /// <param name="series">All of one thing that grows.</param>
    /// <param name="folder">Where the plots are, as seen from the text.</param>
    public static string Markdown(IReadOnlyList<GrowthSeries> series, string folder) =>
        $"{Table(series)}\n{string.Join('\n', Panels(series).Select(panel => $"![{Capital(panel.Key)}, by {series[0].Of}]({folder}/{NameOf(panel)})"))}\n";

    /// <summary>The table.</summary>
    /// <param name="series">All of one thing that grows.</param>
    public static string Table(IReadOnlyList<GrowthSeries> series)
    {
        var text = new StringBuilder();
        var sizes = series.SelectMany(line => line.Points).Select(point => point.Size).Distinct().Order().ToArray();
        text.Append(CultureInfo.InvariantCulture, $"| ms, median, by {series[0].Of} | {string.Join(" | ", sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} | last / first |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", sizes.Length + 1))}\n");
        foreach (var line in series)
        {
            var cells = sizes.Select(size => line.Points.Where(point => point.Size == size).Select(point => Shown(point.Milliseconds)).FirstOrDefault(string.Empty));
            var growth = line.Growth.ToString("0.00", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"| {line.Operation} | {string.Join(" | ", cells)} | {(line.Growth >= GrowthSeries.Grows ? $"**{growth}**" : growth)} |\n");
        }

        return text.ToString();
    }

    private static IEnumerable<IGrouping<string, GrowthSeries>> Panels(IReadOnlyList<GrowthSeries> series) => series.Where(one => one.Panel != GrowthSeries.NotDrawn).GroupBy(one => one.Panel);

    private static string Shown(double milliseconds) => milliseconds.ToString(milliseconds >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture);

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    private static string NameOf(IGrouping<string, GrowthSeries> panel) => $"growth-{panel.First().Of.Replace(' ', '-')}-{panel.Key.Replace(' ', '-')}.svg";
}
