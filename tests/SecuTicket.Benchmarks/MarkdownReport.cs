using System.Globalization;
using System.Text;
using SecuTicket.Benchmarks.Growth;

namespace SecuTicket.Benchmarks;

/// <summary>Puts what was measured into a document, so that nobody copies numbers by hand.</summary>
internal static class MarkdownReport
{
    private const string Figures = "figures";

    /// <summary>Replaces what is between the marks <c>&lt;!-- figures --&gt;</c> and <c>&lt;!-- /figures --&gt;</c> of a document.</summary>
    /// <exception cref="BenchmarkFailedException">The document has no such marks.</exception>
    public static void Write(string path, Session session, IReadOnlyList<ReportLine> lines) =>
        File.WriteAllText(path, Replace(File.ReadAllText(path), Figures, Table(session, lines)));

    /// <summary>Replaces what is between the marks <c>&lt;!-- growth of blocks --&gt;</c> and <c>&lt;!-- /growth of blocks --&gt;</c>, or whatever grows; the plots go into a folder beside the document that has its name.</summary>
    /// <exception cref="BenchmarkFailedException">The document has no such marks.</exception>
    public static void WriteGrowth(string path, IReadOnlyList<GrowthSeries> series)
    {
        var folder = Path.GetFileNameWithoutExtension(path);
        var text = Replace(File.ReadAllText(path), $"growth of {series[0].Of}", GrowthReport.Markdown(series, folder));
        var plots = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, folder)).FullName;
        foreach (var (name, svg) in GrowthReport.Plots(series)) File.WriteAllText(Path.Combine(plots, name), svg);
        File.WriteAllText(path, text);
    }

    private static string Table(Session session, IReadOnlyList<ReportLine> lines)
    {
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"{session.Conditions}\n\n| figure | must be | median (min to max) | limit | ratio | |\n|---|---|---|---|---:|---|\n");
        foreach (var line in lines)
        {
            var limit = line.Limit is null ? string.Empty : $"{line.LimitName} = {Report.Shown(line.Limit)}";
            var met = line.IsMet switch { true => "met", false => "**missed**", null => string.Empty };
            table.Append(CultureInfo.InvariantCulture, $"| `{line.Name}` | {line.Asked} | {Report.Shown(line.Value)} ({Report.Shown(line.Min)} to {Report.Shown(line.Max)}) {line.Unit} | {limit} | {Report.Shown(line.Ratio)} | {met} |\n");
        }

        return table.ToString();
    }

    private static string Replace(string text, string section, string with)
    {
        var (opening, closing) = ($"<!-- {section} -->", $"<!-- /{section} -->");
        var start = text.IndexOf(opening, StringComparison.Ordinal);
        var end = text.IndexOf(closing, StringComparison.Ordinal);
        return start >= 0 && end > start
            ? $"{text[..(start + opening.Length)]}\n\n{with}\n{text[end..]}"
            : throw new BenchmarkFailedException($"The document has no place for what was measured: it must have {opening} and {closing}.");
    }
}
