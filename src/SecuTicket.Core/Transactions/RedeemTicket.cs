using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>A gate of the event lets the holder in, once.</summary>
/// <param name="Ticket">The ticket.</param>
public sealed record RedeemTicket(TicketId Ticket) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "redeem_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static RedeemTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"));
}
