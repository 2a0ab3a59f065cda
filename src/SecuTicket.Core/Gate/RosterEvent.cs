using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>What a gate needs to know of its event.</summary>
/// <param name="Id">The event.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Venue">Where it is.</param>
/// <param name="Sessions">Its performances, in the event's local time.</param>
/// <param name="TimeZone">IANA name of that time, or null.</param>
/// <param name="Gates">Accounts that may let people in.</param>
/// <param name="Cancelled">Whether the organiser cancelled it.</param>
public sealed record RosterEvent(
    EventId Id, string Name, string Venue, EquatableArray<Session> Sessions, string? TimeZone, EquatableArray<Address> Gates, bool Cancelled)
{
    /// <summary>An event of the ledger.</summary>
    public static RosterEvent Of(EventTerms terms) => new(terms.Id, terms.Name, terms.Venue, terms.Sessions, terms.TimeZone, terms.Gates, terms.Cancelled);
}
