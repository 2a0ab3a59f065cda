using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The organiser takes a ticket out of circulation and refunds its face price.</summary>
/// <param name="Ticket">The ticket.</param>
public sealed record RevokeTicket(TicketId Ticket) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "revoke_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static RevokeTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"));
}
