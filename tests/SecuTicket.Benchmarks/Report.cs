using System.Globalization;
using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks;

/// <summary>Writes what was measured: a table for people, then one JSON line a figure for programs.</summary>
internal static class Report
{
    /// <summary>Measures a figure and what bounds it.</summary>
    /// <exception cref="BenchmarkFailedException">What ran did not do what it should.</exception>
    public static ReportLine LineOf(Session session, Figure figure)
    {
        var measured = session.Measure(figure);
        var value = measured.Median;
        var limit = figure.Limit(session);
        double? ratio = limit is { } bound ? Statistics.Ratio(value, bound, figure.LowerIsBetter) : null;
        return new ReportLine(figure.Name, value, figure.Unit, limit, figure.LimitName, ratio, measured.Values.Count, measured.Values.Min(), measured.Values.Max())
        {
            Asked = Asked(figure),
            IsMet = Statistics.IsMet(value, ratio, figure.Target, figure.TargetRatio, figure.LowerIsBetter),
            Notes = measured.Notes,
            Took = session.TimeOf(figure),
        };
    }

    /// <summary>Writes table, notes and JSON.</summary>
    public static void Write(Session session, IReadOnlyList<ReportLine> lines, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"figure",-24} {"value",12} {"unit",-16} {"min",12} {"max",12}  {"limit",12} {"ratio",6}  {"of",-14} {"at least",-34} {"took",7}");
        foreach (var line in lines)
        {
            var asked = line.Asked + (line.IsMet == false ? " MISSED" : string.Empty);
            output.WriteLine(
                $"{line.Name,-24} {Shown(line.Value),12} {line.Unit,-16} {Shown(line.Min),12} {Shown(line.Max),12}  {Shown(line.Limit),12} {Shown(line.Ratio),6}  {line.LimitName,-14} {asked,-34} {line.Took.TotalSeconds,5:0.0} s");
        }

        output.WriteLine();
        foreach (var line in lines)
            foreach (var note in line.Notes) output.WriteLine($"{line.Name}: {note}");
        output.WriteLine();
        output.WriteLine(session.Conditions);
        foreach (var line in lines) output.WriteLine(line.ToJson());
    }

    /// <summary>A number as people read it.</summary>
    public static string Shown(double? value) => value is not { } number ? string.Empty
        : number.ToString(Math.Abs(number) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private static string Asked(Figure figure)
    {
        var asked = new List<string>();
        if (figure.Target is { } target) asked.Add($"{(figure.LowerIsBetter ? "<=" : ">=")} {Shown(target)}");
        if (figure.TargetRatio is { } ratio) asked.Add($">= {Shown(ratio)} x {figure.LimitName}");
        return string.Join(", ", asked);
    }
}
