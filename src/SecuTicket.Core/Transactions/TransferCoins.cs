using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The sender pays another account.</summary>
/// <param name="Recipient">Who is paid.</param>
/// <param name="Amount">Minor units, at least 1.</param>
public sealed record TransferCoins(Address Recipient, long Amount) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "transfer";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static TransferCoins Read(FieldReader fields) => new(fields.Account("recipient"), fields.Integer("amount", 1, MaxAmount));
}
