using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The official sale: an official seller and the event's key together give an unsold ticket to its first holder, who paid outside the chain.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Recipient">Who holds the ticket from now on.</param>
/// <param name="Price">What was paid, in minor units, for the record; the chain moves no money for it.</param>
/// <param name="Reference">The seller's own reference, 1 to 64 characters.</param>
/// <param name="IdentityCommitment">A salted commitment to the holder's identity, or null.</param>
public sealed record SellTicket(TicketId Ticket, Address Recipient, long? Price, string? Reference, Hash256? IdentityCommitment) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "sell_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static SellTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"), fields.Account("recipient"), fields.OptionalInteger("price", 0, MaxAmount), ReadOptionalReference(fields), fields.OptionalHash("identity_commitment"));
}
