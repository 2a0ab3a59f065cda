namespace SecuTicket.Benchmarks.Growth;

/// <summary>What one operation costs as one thing grows and all else stays.</summary>
/// <param name="Of">What grows, in the plural: tickets, blocks, accounts, changes of one ticket.</param>
/// <param name="Operation">What is done: a read as a client asks for it, or a purchase.</param>
/// <param name="Points">Sizes, growing, and the milliseconds that half of the answers took at most.</param>
internal sealed record GrowthSeries(string Of, string Operation, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>As <see cref="Panel"/>: only in the table.</summary>
    public const string NotDrawn = "";

    /// <summary>A cost that is so many times the first one is said to grow: less is what two processes of one machine differ by.</summary>
    public const double Grows = 1.5;

    /// <summary>The plot that it is drawn in, with others of the kind.</summary>
    public string Panel { get; init; } = NotDrawn;

    /// <summary>How many times the first cost the last one is: 1 where nothing grows.</summary>
    public double Growth => Points[^1].Milliseconds / Points[0].Milliseconds;
}

/// <summary>One size and what an operation costs there.</summary>
internal readonly record struct GrowthPoint(long Size, double Milliseconds);
