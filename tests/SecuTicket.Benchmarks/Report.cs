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
        output.WriteLine($"{"figure",-20} {"value",14} {"unit",-18} {"min",12} {"max",12} {"target",10}  {"limit",12} {"ratio",6}  limit is");
        foreach (var (figure, line) in figures.Zip(lines))
        {
            var target = figure.Target is { } bound ? $"{(figure.LowerIsBetter ? "<= " : ">= ")}{Shown(bound)}{(line.Met == true ? string.Empty : " MISSED")}" : string.Empty;
            output.WriteLine($"{line.Name,-20} {Shown(line.Value),14} {line.Unit,-18} {Shown(line.Min),12} {Shown(line.Max),12} {target,10}  {Shown(line.Limit),12} {Shown(line.Ratio),6}  {line.LimitName}");
        }

        output.WriteLine();
        foreach (var figure in figures)
            foreach (var note in session.Measure(figure).Notes) output.WriteLine($"{figure.Name}: {note}");
        output.WriteLine();
        foreach (var line in lines) output.WriteLine(JsonSerializer.Serialize(line, Options));
    }

    private static ReportLine LineOf(Session session, Figure figure)
    {
        var measured = session.Measure(figure);
        var value = measured.Median;
        var limit = figure.Limit(session);
        double? ratio = limit is { } bound ? (figure.LowerIsBetter ? bound / value : value / bound) : null;
        bool? met = figure.Target is { } target ? (figure.LowerIsBetter ? value <= target : value >= target) : null;
        return new ReportLine(
            figure.Name, Rounded(value), figure.Unit, Rounded(limit), figure.LimitName, Rounded(ratio), measured.Values.Count, Rounded(measured.Values.Min()), Rounded(measured.Values.Max()), figure.Target, met);
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
    /// <param name="Target">What the value must not be worse than.</param>
    /// <param name="Met">Whether it is not.</param>
    private sealed record ReportLine(
        string Name, double Value, string Unit, double? Limit, string? LimitName, double? Ratio, int Runs, double Min, double Max, double? Target, bool? Met);
}
