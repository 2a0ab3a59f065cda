using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The holder gives a ticket back to the organiser, for a refund by the event's rules.</summary>
/// <param name="Ticket">The ticket.</param>
public sealed record ReturnTicket(TicketId Ticket) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "return_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static ReturnTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"));
}
