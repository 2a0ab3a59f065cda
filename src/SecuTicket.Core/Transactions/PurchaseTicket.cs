using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The sender buys a ticket from the organiser, or from the holder who listed it, at its price now.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="MaxPrice">The most the buyer pays, in minor units: a price that rose meanwhile is refused.</param>
/// <param name="IdentityCommitment">A salted commitment to the holder's identity, or null.</param>
public sealed record PurchaseTicket(TicketId Ticket, long MaxPrice, Hash256? IdentityCommitment) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "purchase_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static PurchaseTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"), fields.Integer("max_price", 0, MaxAmount), fields.OptionalHash("identity_commitment"));
}
