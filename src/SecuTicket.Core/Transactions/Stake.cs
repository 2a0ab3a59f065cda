using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The sender puts coins at stake, and so makes and votes on blocks; on chains with stakes only.</summary>
/// <param name="Amount">Minor units, at least 1.</param>
/// <param name="Commitment">The end of a hash chain whose earlier links the sender reveals, one in each block it makes; needed with the first stake, later only to begin a new chain.</param>
public sealed record Stake(long Amount, Hash256? Commitment) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "stake";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static Stake Read(FieldReader fields) => new(fields.Integer("amount", 1, MaxAmount), fields.OptionalHash("commitment"));
}
