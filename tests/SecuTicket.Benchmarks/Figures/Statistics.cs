namespace SecuTicket.Benchmarks.Figures;

/// <summary>The arithmetic of figures: what they are summed up by, compared with and judged by.</summary>
internal static class Statistics
{
    /// <summary>The value in the middle, of an even number the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest of the sorted values that at least <paramref name="percent"/> of them do not exceed (nearest rank); 0 when there are none.</summary>
    public static long Percentile(ReadOnlySpan<long> sorted, double percent) =>
        sorted.IsEmpty ? 0 : sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0, sorted.Length - 1)];

    /// <summary>1 at the limit, less when worse than it, whichever direction is the better one.</summary>
    public static double Ratio(double value, double limit, bool lowerIsBetter) => lowerIsBetter ? limit / value : value / limit;

    /// <summary>Whether what is asked of a figure is kept; null when nothing is.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="ratio">Its ratio to its limit, if it has one.</param>
    /// <param name="target">What the value must not be worse than, if anything.</param>
    /// <param name="targetRatio">What the ratio must be at least, if anything.</param>
    /// <param name="lowerIsBetter">Which direction is the better one.</param>
    public static bool? IsMet(double value, double? ratio, double? target, double? targetRatio, bool lowerIsBetter)
    {
        if (target is null && targetRatio is null) return null;

        return (target is not { } bound || (lowerIsBetter ? value <= bound : value >= bound)) && (targetRatio is not { } least || ratio >= least);
    }

    /// <summary>What can be done a second when everything that one of them needs shares the cores: costs add, rates do not.</summary>
    /// <param name="rates">What could be done a second if it were all there is to do, each on all the cores.</param>
    public static double Together(params ReadOnlySpan<double> rates)
    {
        var seconds = 0.0;
        foreach (var rate in rates) seconds += 1 / rate;
        return 1 / seconds;
    }
}
