namespace SecuTicket.Benchmarks.Figures;

/// <summary>Something that is measured, under a name that documents and later runs compare by.</summary>
internal abstract class Figure
{
    /// <summary>Its name: lower case, words joined by underscores.</summary>
    public abstract string Name { get; }

    /// <summary>What its values count.</summary>
    public abstract string Unit { get; }

    /// <summary>What is measured, in one sentence.</summary>
    public abstract string About { get; }

    /// <summary>Whether a smaller value is the better one.</summary>
    public virtual bool LowerIsBetter => false;

    /// <summary>What the value must not be worse than, in its own unit; null when nothing is asked of it as such.</summary>
    public virtual double? Target => null;

    /// <summary>What its ratio to the limit must be at least; null when nothing is asked of it. With a <see cref="Target"/> both must be kept.</summary>
    public virtual double? TargetRatio => null;

    /// <summary>What bounds it, as a name: that of a limit (S, V, H, D, A, B) where there is one; null when nothing measured here does.</summary>
    public virtual string? LimitName => null;

    /// <summary>What bounds it, in its own unit, from limits taken in the same run.</summary>
    public virtual double? Limit(Session session) => null;

    /// <summary>Measures it: one value a run, and what else is worth knowing.</summary>
    /// <exception cref="BenchmarkFailedException">What ran did not do what it should.</exception>
    public abstract Measurement Measure(Session session);
}

/// <summary>What measuring gave.</summary>
/// <param name="Values">One a run.</param>
/// <param name="Notes">What else is worth knowing.</param>
internal sealed record Measurement(IReadOnlyList<double> Values, params IReadOnlyList<string> Notes)
{
    /// <summary>The value that half of the runs reached.</summary>
    public double Median => Statistics.Median(Values);
}
