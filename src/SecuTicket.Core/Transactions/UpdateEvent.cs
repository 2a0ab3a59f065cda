using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The organiser changes what may change of an event; what is null stays as it is.</summary>
/// <param name="Event">The event.</param>
/// <param name="Sellers">The new list of official sellers.</param>
/// <param name="Gates">The new list of gates.</param>
/// <param name="SaleOpensAt">The new opening of the sale, unix seconds.</param>
/// <param name="Resale">The new rules; after a first sale only kinder ones are accepted.</param>
public sealed record UpdateEvent(EventId Event, EquatableArray<Address>? Sellers, EquatableArray<Address>? Gates, long? SaleOpensAt, ResaleRules? Resale) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "update_event";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static UpdateEvent Read(FieldReader fields)
    {
        var update = new UpdateEvent(
            fields.Event("event_id"),
            fields.OptionalAccounts("sellers", CreateEvent.MaxAccounts),
            fields.OptionalAccounts("gates", CreateEvent.MaxAccounts),
            fields.OptionalMoment("sale_opens_at"),
            fields.OptionalObject("resale", ResaleRules.Read));
        if (!fields.Has("sellers") && !fields.Has("gates") && !fields.Has("sale_opens_at") && !fields.Has("resale"))
            fields.Refuse("event_id", "Nothing to change: give sellers, gates, sale_opens_at or resale.");
        return update;
    }
}
