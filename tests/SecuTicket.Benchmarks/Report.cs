using System.Globalization;
using System.Text.Json;
using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks;

/// <summary>Writes what was measured: a table for people, then one JSON line a figure for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Session session, IReadOnlyList<Figure> figures, TextWriter output)
    {
        var lines = figures.Select(figure => LineOf(session, figure)).ToArray();
        output.WriteLine();
        output.WriteLine($"{"figure",-24} {"value",12} {"unit",-16} {"min",12} {"max",12}  {"limit",12} {"ratio",6}  {"of",-14} {"at least",-34} {"took",7}");
        foreach (var (figure, line) in figures.Zip(lines))
        {
            output.WriteLine(
                $"{line.Name,-24} {Shown(line.Value),12} {line.Unit,-16} {Shown(line.Min),12} {Shown(line.Max),12}  {Shown(line.Limit),12} {Shown(line.Ratio),6}  {line.LimitName,-14} {Asked(figure, line),-34} {session.TimeOf(figure).TotalSeconds,5:0.0} s");
        }

        output.WriteLine();
        foreach (var figure in figures)
            foreach (var note in session.Measure(figure).Notes) output.WriteLine($"{figure.Name}: {note}");
        output.WriteLine();
        output.WriteLine($"{(session.IsQuick ? "quick, to see that all works: medians" : "Medians")} of {session.Runs} runs on {Environment.ProcessorCount} cores; {session.Elapsed.TotalSeconds:0} s in all.");
        foreach (var line in lines) output.WriteLine(JsonSerializer.Serialize(line, Options));
    }

    // What is asked of it in words, and that it was missed.
    private static string Asked(Figure figure, ReportLine line)
    {
        var asked = new List<string>();
        if (figure.Target is { } target) asked.Add($"{(figure.LowerIsBetter ? "<=" : ">=")} {Shown(target)}");
        if (figure.TargetRatio is { } ratio) asked.Add($"{Shown(ratio)} x {figure.LimitName}");
        var met = Statistics.IsMet(line.Value, line.Ratio, figure.Target, figure.TargetRatio, figure.LowerIsBetter);
        return string.Join(", ", asked) + (met == false ? " MISSED" : string.Empty);
    }

    private static ReportLine LineOf(Session session, Figure figure)
    {
        var measured = session.Measure(figure);
        var value = measured.Median;
        var limit = figure.Limit(session);
        double? ratio = limit is { } bound ? Statistics.Ratio(value, bound, figure.LowerIsBetter) : null;
        return new ReportLine(figure.Name, Rounded(value), figure.Unit, Rounded(limit), figure.LimitName, Rounded(ratio), measured.Values.Count, Rounded(measured.Values.Min()), Rounded(measured.Values.Max()));
    }

    private static string Shown(double? value) => value is not { } number ? string.Empty
        : number.ToString(Math.Abs(number) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private static double Rounded(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;

    /// <param name="Name">The figure.</param>
    /// <param name="Value">Median of the runs.</param>
    /// <param name="Unit">What it counts.</param>
    /// <param name="Limit">What bounds it, in the same unit, from the same run.</param>
    /// <param name="LimitName">What the limit is.</param>
    /// <param name="Ratio">1 at the limit, less when worse than it, whichever direction is the better one.</param>
    /// <param name="Runs">Runs.</param>
    /// <param name="Min">Smallest value of a run.</param>
    /// <param name="Max">Largest value of a run.</param>
    private sealed record ReportLine(string Name, double Value, string Unit, double? Limit, string? LimitName, double? Ratio, int Runs, double Min, double Max);
}
