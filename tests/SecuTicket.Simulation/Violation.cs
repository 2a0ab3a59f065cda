namespace SecuTicket.Simulation;

/// <summary>Something that must never be, and was.</summary>
/// <param name="Rule">Which rule was broken.</param>
/// <param name="Detail">What was found.</param>
public sealed record Violation(string Rule, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Detail}";
}
