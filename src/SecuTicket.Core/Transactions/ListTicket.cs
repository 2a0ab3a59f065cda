using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The holder offers a ticket for resale.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Price">What it costs, in minor units.</param>
/// <param name="Buyer">The only one who may buy it; null for anyone.</param>
public sealed record ListTicket(TicketId Ticket, long Price, Address? Buyer) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "list_ticket";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static ListTicket Read(FieldReader fields) => new(fields.Ticket("ticket_id"), fields.Integer("price", 0, MaxAmount), fields.OptionalAccount("buyer"));
}
