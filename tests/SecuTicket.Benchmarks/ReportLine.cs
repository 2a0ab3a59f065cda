using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecuTicket.Benchmarks;

/// <summary>What was measured of a figure.</summary>
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
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is asked of it, in words.</summary>
    public string Asked { get; init; } = string.Empty;

    /// <summary>Whether that is so; null when nothing is asked.</summary>
    public bool? IsMet { get; init; }

    /// <summary>What else is worth knowing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How long it took to measure it.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What programs were promised, in its order; numbers have five digits that count.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { Name, Value = Rounded(Value), Unit, Limit = Rounded(Limit), LimitName, Ratio = Rounded(Ratio), Runs, Min = Rounded(Min), Max = Rounded(Max) }, Options);

    private static double? Rounded(double? value) => value is { } number ? double.Parse(number.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}
