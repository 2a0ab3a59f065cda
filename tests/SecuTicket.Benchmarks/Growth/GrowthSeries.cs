namespace SecuTicket.Benchmarks.Growth;

/// <summary>What one operation costs as one thing grows and all else stays.</summary>
/// <param name="Of">What grows, in the plural: tickets, blocks, accounts, entries in one ticket's history.</param>
/// <param name="Operation">What is done: a read as a client asks for it, or a purchase.</param>
/// <param name="Points">Sizes, growing, and the milliseconds that half of the answers took at most.</param>
internal sealed record GrowthSeries(string Of, string Operation, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>How many times the first cost the last one is: 1 where nothing grows.</summary>
    public double Growth => Points[^1].Milliseconds / Points[0].Milliseconds;
}

/// <summary>One size and what an operation costs there.</summary>
internal readonly record struct GrowthPoint(long Size, double Milliseconds);
