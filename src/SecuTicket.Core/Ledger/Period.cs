namespace SecuTicket.Core.Ledger;

/// <summary>Seconds since 1970 from one to another, both inclusive; none when the first comes after the last.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public readonly record struct Period(long First, long Last)
{
    /// <summary>No time at all.</summary>
    public static Period Never { get; } = new(long.MaxValue, long.MinValue);

    /// <summary>Whether a second is in it.</summary>
    public bool Contains(long second) => First <= second && second <= Last;

    /// <summary>What it has in common with another; null for no end.</summary>
    public Period Within(long? first, long? last) => new(Math.Max(First, first ?? First), Math.Min(Last, last ?? Last));
}
