using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The holder gives a ticket away.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Recipient">Who holds the ticket from now on.</param>
/// <param name="IdentityCommitment">A salted commitment to the holder's identity, or null.</param>
public sealed record TransferTicket(TicketId Ticket, Address Recipient, Hash256? IdentityCommitment) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "transfer_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static TransferTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"), fields.Account("recipient"), fields.OptionalHash("identity_commitment"));
}
