using System.Globalization;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.Growth;

namespace SecuTicket.Benchmarks;

/// <summary>Puts what was measured into a document, so that nobody copies numbers by hand.</summary>
internal static class MarkdownReport
{
    private const string Head = "| figure | must be | median (min to max) | limit | ratio | | measured (UTC) |\n|---|---|---|---|---:|---|---|\n";

    // Where each list of figures is.
    private static readonly (string Section, IReadOnlyList<Figure> Figures)[] Tables = [("figures", FigureList.Suite), ("other figures", FigureList.Others)];

    /// <summary>
    /// Puts figures into the tables between the marks <c>&lt;!-- figures --&gt;</c> and <c>&lt;!-- /figures --&gt;</c> of a document, and <c>other figures</c>: rows of those that were
    /// measured take the place of what was there, those that failed are gone, the others stay.
    /// </summary>
    /// <exception cref="BenchmarkFailedException">The document has no such marks.</exception>
    public static void Write(string path, Session session, IReadOnlyList<ReportLine> lines, IReadOnlyList<string> failed)
    {
        var rows = failed.ToDictionary(static name => name, static _ => (string?)null);
        foreach (var line in lines) rows[line.Name] = Row(session, line);
        var text = File.ReadAllText(path);
        foreach (var (section, figures) in Tables) text = MarkdownSection.ReplaceRows(text, section, Head, [.. figures.Select(static figure => figure.Name)], rows);
        File.WriteAllText(path, text);
    }

    /// <summary>Replaces what is between the marks <c>&lt;!-- growth of blocks --&gt;</c> and <c>&lt;!-- /growth of blocks --&gt;</c>, or whatever grows; the plots go into a folder beside the document that has its name.</summary>
    /// <exception cref="BenchmarkFailedException">The document has no such marks.</exception>
    public static void WriteGrowth(string path, IReadOnlyList<GrowthSeries> series)
    {
        var folder = Path.GetFileNameWithoutExtension(path);
        var text = MarkdownSection.Replace(File.ReadAllText(path), $"growth of {series[0].Of}", GrowthReport.Markdown(series, folder));
        var plots = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, folder)).FullName;
        foreach (var (name, svg) in GrowthReport.Plots(series)) File.WriteAllText(Path.Combine(plots, name), svg);
        File.WriteAllText(path, text);
    }

    private static string Row(Session session, ReportLine line)
    {
        var limit = line.Limit is null ? string.Empty : $"{line.LimitName} = {Report.Shown(line.Limit)}";
        var met = line.IsMet switch { true => "met", false => "**missed**", null => string.Empty };
        var when = $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm}{(session.IsQuick ? ", quick" : string.Empty)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| `{line.Name}` | {line.Asked} | {Report.Shown(line.Value)} ({Report.Shown(line.Min)} to {Report.Shown(line.Max)}) {line.Unit} | {limit} | {Report.Shown(line.Ratio)} | {met} | {when} |");
    }
}
