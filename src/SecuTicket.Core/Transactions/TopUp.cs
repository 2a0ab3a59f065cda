using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>An exchange authority brings coins in against a payment it received, once for each payment.</summary>
/// <param name="Recipient">Whose balance grows.</param>
/// <param name="Amount">Minor units, at least 1.</param>
/// <param name="Reference">The payment's reference, 1 to 64 characters; no other top-up of the chain has it.</param>
public sealed record TopUp(Address Recipient, long Amount, string Reference) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "top_up";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static TopUp Read(FieldReader fields) => new(fields.Account("recipient"), fields.Integer("amount", 1, MaxAmount), ReadReference(fields));
}
