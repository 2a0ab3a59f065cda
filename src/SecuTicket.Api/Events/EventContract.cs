using System.Globalization;
using System.Text.Json.Serialization;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Organisers;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Events;

/// <summary>An event as the contract shows it.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="Organiser">Who issues and is paid.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Venue">Where it is.</param>
/// <param name="Sessions">Its performances, in the event's own local time.</param>
/// <param name="Sellers">Official sellers beside the organiser.</param>
/// <param name="Gates">Accounts that may redeem.</param>
/// <param name="EventKey">The account whose signature an official sale needs.</param>
/// <param name="Resale">What holders may do with their tickets.</param>
/// <param name="Cancelled">Whether the organiser cancelled it.</param>
/// <param name="Issued">Tickets issued.</param>
/// <param name="Sold">Tickets out of the organiser's hands now: sold, listed or redeemed.</param>
/// <param name="CreatedIn">Index of the block that created it; null while that waits.</param>
/// <param name="TransactionId">The transaction that created it, 64 hex digits.</param>
/// <param name="OrganiserName">The name that a verified certificate binds to the organiser's account; <c>unverified</c> without one.</param>
/// <param name="OrganiserStatus">What the organiser's certificate is worth here and now: <c>verified</c>, <c>unverified</c>, <c>expired</c>, <c>revoked</c> or <c>untrusted</c>.</param>
public sealed record EventContract(
    string Id,
    string Organiser,
    string Name,
    string Venue,
    IReadOnlyList<SessionContract> Sessions,
    IReadOnlyList<string> Sellers,
    IReadOnlyList<string> Gates,
    string EventKey,
    ResaleContract Resale,
    bool Cancelled,
    int Issued,
    int Sold,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? CreatedIn,
    string TransactionId,
    string OrganiserName,
    string OrganiserStatus)
{
    /// <summary>IANA name of the sessions' time zone; absent when the organiser named none.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Unix seconds from which the organiser's tickets can be bought; absent for at once.</summary>
    public long? SaleOpensAt { get; init; }

    /// <summary>An event in a view of the ledger.</summary>
    public static EventContract Of(in EventId id, EventTerms terms, in LedgerView view, CertificateStanding organiser)
    {
        var tally = view.State.TallyOf(id);
        return new EventContract(
            id.ToString(),
            AddressTexts.Of(terms.Organiser),
            terms.Name,
            terms.Venue,
            [.. terms.Sessions.Select(SessionContract.Of)],
            [.. terms.Sellers.Select(seller => seller.ToString())],
            [.. terms.Gates.Select(gate => gate.ToString())],
            terms.EventKey.ToString(),
            ResaleContract.Of(terms),
            terms.Cancelled,
            tally.Issued,
            tally.Sold,
            view.Confirmed(terms.CreatedIn),
            terms.CreatedBy.ToString(),
            organiser.Status == CertificateStatus.Verified ? organiser.Name! : CertificateContract.WordOf(CertificateStatus.Unverified),
            CertificateContract.WordOf(organiser.Status))
        {
            TimeZone = terms.TimeZone,
            SaleOpensAt = terms.SaleOpensAt,
        };
    }

    /// <summary>About the bytes of one: names in full escapes, addresses, sessions.</summary>
    public static int SizeOf(EventTerms terms) =>
        1_024 + (6 * CertificateBundle.MaxNameLength) + (6 * (terms.Name.Length + terms.Venue.Length)) + (40 * terms.Sessions.Count)
        + (48 * (terms.Sellers.Count + terms.Gates.Count + (terms.Resale.Resellers?.Count ?? 0)));
}

/// <summary>One performance of an event.</summary>
/// <param name="Date">Such as <c>2027-06-15</c>.</param>
/// <param name="Time">Such as <c>19:00</c>.</param>
public sealed record SessionContract(string Date, string Time)
{
    /// <summary>A performance.</summary>
    public static SessionContract Of(Session session) =>
        new(session.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), session.Time.ToString("HH:mm", CultureInfo.InvariantCulture));
}

/// <summary>What holders may do, with the fields and words in which it was created; what does not bound them is absent.</summary>
/// <param name="Transfer"><c>allowed</c> or <c>forbidden</c>.</param>
/// <param name="Resale"><c>forbidden</c>, <c>face_value</c>, <c>capped</c> or <c>free</c>.</param>
/// <param name="MaxPricePercent">The cap of <c>capped</c>, percent of face price.</param>
/// <param name="CommissionPercent">What is taken of a resale, percent of the price paid.</param>
/// <param name="CommissionTo">Who gets that.</param>
/// <param name="Return">Giving tickets back.</param>
public sealed record ResaleContract(string Transfer, string Resale, int MaxPricePercent, int CommissionPercent, string CommissionTo, ReturnContract Return)
{
    /// <summary>The only accounts that may list tickets; absent when anyone may.</summary>
    public IReadOnlyList<string>? Resellers { get; init; }

    /// <summary>How often one ticket may be resold between two sales by the organiser; absent for any number.</summary>
    public int? MaxResales { get; init; }

    /// <summary>Unix seconds from which tickets may be resold; absent for always.</summary>
    public long? OpensAt { get; init; }

    /// <summary>Unix seconds until which they may, inclusive; absent for always.</summary>
    public long? ClosesAt { get; init; }

    /// <summary>The rules of an event.</summary>
    public static ResaleContract Of(EventTerms terms)
    {
        var rules = terms.Resale;
        return new ResaleContract(
            rules.TransferAllowed ? "allowed" : "forbidden",
            WordOf(rules.Mode),
            rules.MaxPricePercent,
            rules.CommissionPercent,
            (rules.CommissionTo ?? terms.Organiser).ToString(),
            new ReturnContract(rules.RefundPercent) { Until = rules.ReturnUntil })
        {
            Resellers = rules.Resellers is { } resellers ? [.. resellers.Select(reseller => reseller.ToString())] : null,
            MaxResales = rules.MaxResales,
            OpensAt = rules.OpensAt,
            ClosesAt = rules.ClosesAt,
        };
    }

    /// <summary>A mode as the contract writes it.</summary>
    public static string WordOf(ResaleMode mode) => mode switch
    {
        ResaleMode.Forbidden => "forbidden",
        ResaleMode.FaceValue => "face_value",
        ResaleMode.Capped => "capped",
        _ => "free",
    };
}

/// <summary>Giving tickets back.</summary>
/// <param name="RefundPercent">What the holder gets, percent of face price.</param>
public sealed record ReturnContract(int RefundPercent)
{
    /// <summary>Unix seconds until which tickets may be given back, inclusive; absent for always.</summary>
    public long? Until { get; init; }
}
