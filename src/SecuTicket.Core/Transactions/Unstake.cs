namespace SecuTicket.Core.Transactions;

/// <summary>The sender takes coins out of its stake; they are paid when unbonding is over.</summary>
/// <param name="Amount">Minor units, at least 1.</param>
public sealed record Unstake(long Amount) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "unstake";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static Unstake Read(FieldReader fields) => new(fields.Integer("amount", 1, MaxAmount));
}
