using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The holder withdraws an offer.</summary>
/// <param name="Ticket">The ticket.</param>
public sealed record UnlistTicket(TicketId Ticket) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "unlist_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static UnlistTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"));
}
