using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>The event that a receipt counts for, and what speaks against its gate.</summary>
/// <param name="Event">The event.</param>
/// <param name="Flag"><c>not_gate</c> for one that was a gate of the event and is none now; else null.</param>
internal sealed record Membership(EventId Event, string? Flag);

/// <summary>Says which event the receipts of one upload count for.</summary>
/// <remarks>
/// The event that the gate signed; where it signed none, the ticket's, if it is a gate there; else, as for what can not be read, the event created last that lists it. The ledger keeps no
/// history of gates: one that is listed no more may go on uploading where it has uploaded before, and is flagged; else the organiser lists it again for the upload.
/// </remarks>
internal sealed class Memberships(LedgerState state, ReceiptBook book, GateScope scope)
{
    private readonly Dictionary<EventId, Membership?> _known = [];
    private (bool IsKnown, Membership? Value) _default;

    /// <summary>The membership of a receipt about a ticket, or about none.</summary>
    public Verdict<Membership> Of(TicketId? ticket)
    {
        if (scope.Event is { } signed)
        {
            if (!state.Events.Contains(signed)) return new Refusal(RefusalCodes.NotFound, $"There is no event {signed}.");

            return In(signed) is { } there ? there : NotGate($"event {signed}");
        }

        if (ticket is { } id && state.Tickets.Find(id) is { } known && In(known.Event) is { } own) return own;
        if (!_default.IsKnown) _default = (true, Latest());

        return _default.Value is { } any ? any : NotGate("any event here");
    }

    private Refusal NotGate(string what) => new(RefusalCodes.NotGate, $"{scope.Gate} is no gate of {what}: the organiser lists it with update_event, also to let it upload what it did while it was listed.");

    private Membership? In(EventId id)
    {
        if (_known.TryGetValue(id, out var known)) return known;

        var membership = state.Events.Find(id)!.Gates.Contains(scope.Gate) ? new Membership(id, null)
            : book.Has(id, scope.Gate) ? new Membership(id, RefusalCodes.NotGate)
            : null;
        _known.Add(id, membership);
        return membership;
    }

    private Membership? Latest() => state.GateEvents.Find(scope.Gate)?.Last is { Value: var id } ? new Membership(id, null) : null;
}
