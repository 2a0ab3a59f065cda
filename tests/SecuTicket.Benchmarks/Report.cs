using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks;

/// <summary>Writes what was measured: a table for people, then one JSON line a figure for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was measured of figures, and what it was bound by.</summary>
    public static IReadOnlyList<ReportLine> LinesOf(Session session, IReadOnlyList<Figure> figures) => [.. figures.Select(figure => LineOf(session, figure))];

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
        foreach (var line in lines) output.WriteLine(JsonSerializer.Serialize(line, Options));
    }

    /// <summary>A number as people read it.</summary>
    public static string Shown(double? value) => value is not { } number ? string.Empty
        : number.ToString(Math.Abs(number) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private static ReportLine LineOf(Session session, Figure figure)
    {
        var measured = session.Measure(figure);
        var value = measured.Median;
        var limit = figure.Limit(session);
        double? ratio = limit is { } bound ? Statistics.Ratio(value, bound, figure.LowerIsBetter) : null;
        return new ReportLine(figure.Name, Rounded(value), figure.Unit, Rounded(limit), figure.LimitName, Rounded(ratio), measured.Values.Count, Rounded(measured.Values.Min()), Rounded(measured.Values.Max()))
        {
            Asked = Asked(figure),
            IsMet = Statistics.IsMet(value, ratio, figure.Target, figure.TargetRatio, figure.LowerIsBetter),
            Notes = measured.Notes,
            Took = session.TimeOf(figure),
        };
    }

    private static string Asked(Figure figure)
    {
        var asked = new List<string>();
        if (figure.Target is { } target) asked.Add($"{(figure.LowerIsBetter ? "<=" : ">=")} {Shown(target)}");
        if (figure.TargetRatio is { } ratio) asked.Add($">= {Shown(ratio)} x {figure.LimitName}");
        return string.Join(", ", asked);
    }

    private static double Rounded(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;
}

/// <summary>What was measured of a figure; its JSON has the fields that programs were promised and no others.</summary>
/// <param name="Name">The figure.</param>
/// <param name="Value">Median of the runs.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Limit">What bounds it, in the same unit, from the same run.</param>
/// <param name="LimitName">What the limit is.</param>
/// <param name="Ratio">1 at the limit, less when worse than it, whichever direction is the better one.</param>
/// <param name="Runs">Runs.</param>
/// <param name="Min">Smallest value of a run.</param>
/// <param name="Max">Largest value of a run.</param>
internal sealed record ReportLine(string Name, double Value, string Unit, double? Limit, string? LimitName, double? Ratio, int Runs, double Min, double Max)
{
    /// <summary>What is asked of it, in words.</summary>
    [JsonIgnore]
    public required string Asked { get; init; }

    /// <summary>Whether that is so; null when nothing is asked.</summary>
    [JsonIgnore]
    public required bool? IsMet { get; init; }

    /// <summary>What else is worth knowing.</summary>
    [JsonIgnore]
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>How long it took to measure it.</summary>
    [JsonIgnore]
    public required TimeSpan Took { get; init; }
}
