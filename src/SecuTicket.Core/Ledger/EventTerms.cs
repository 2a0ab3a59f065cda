using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>An event and the rules its tickets live under.</summary>
/// <param name="Ordinal">Its place in the chain's order of events, from 0.</param>
/// <param name="CreatedBy">The transaction that created it.</param>
/// <param name="CreatedIn">Index of that transaction's block.</param>
/// <param name="Organiser">Who issues and is paid.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Venue">Where it is.</param>
/// <param name="Sessions">Its performances.</param>
/// <param name="TimeZone">IANA name of the sessions' time zone, or null.</param>
/// <param name="Sellers">Official sellers beside the organiser.</param>
/// <param name="Gates">Accounts that may redeem.</param>
/// <param name="EventKey">The account whose signature an official sale needs.</param>
/// <param name="SaleOpensAt">Unix seconds from which the organiser's tickets can be bought; null for at once.</param>
/// <param name="Resale">What holders may do.</param>
/// <param name="Cancelled">Whether the organiser cancelled it.</param>
public sealed record EventTerms(
    int Ordinal,
    Hash256 CreatedBy,
    long CreatedIn,
    Address Organiser,
    string Name,
    string Venue,
    EquatableArray<Session> Sessions,
    string? TimeZone,
    EquatableArray<Address> Sellers,
    EquatableArray<Address> Gates,
    Address EventKey,
    long? SaleOpensAt,
    ResaleRules Resale,
    bool Cancelled)
{
    /// <summary>Its id.</summary>
    public EventId Id => EventId.Of(CreatedBy);

    /// <summary>Whether <paramref name="account"/> may make official sales.</summary>
    public bool IsSeller(Address account) => account == Organiser || Sellers.Contains(account);
}
