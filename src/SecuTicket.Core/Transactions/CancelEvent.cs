using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The organiser cancels an event: gates close, holders claim face price with <c>return_ticket</c>.</summary>
/// <param name="Event">The event.</param>
public sealed record CancelEvent(EventId Event) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "cancel_event";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static CancelEvent Read(FieldReader fields) => new(fields.Event("event_id"));
}
