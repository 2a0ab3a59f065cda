using System.Globalization;
using SecuTicket.Api.Chain;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Gate;

/// <summary>What a gate is told about a code.</summary>
/// <param name="Result"><c>valid</c>, or the first reason why not.</param>
/// <param name="Ticket">The ticket, when there is one.</param>
/// <param name="First">Who let its holder in before, when somebody did.</param>
public sealed record ScanContract(string Result, ScannedTicketContract? Ticket = null, AdmissionContract? First = null);

/// <summary>What gate staff need to see of a ticket.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="EventId">32 hex digits.</param>
/// <param name="EventName">What the event is called.</param>
/// <param name="Venue">Where it is.</param>
/// <param name="Session">Index of the session.</param>
/// <param name="Date">The session's day.</param>
/// <param name="Time">The hour and minute it starts.</param>
/// <param name="Seat">The seat.</param>
/// <param name="Status"><c>unsold</c>, <c>sold</c>, <c>listed</c>, <c>redeemed</c> or <c>revoked</c>.</param>
/// <param name="Owner">Who has it; the organiser while it is unsold.</param>
public sealed record ScannedTicketContract(
    string Id, string EventId, string EventName, string Venue, int Session, string Date, string Time, string Seat, string Status, string Owner)
{
    /// <summary>A ticket.</summary>
    public static ScannedTicketContract Of(in RosterEntry ticket, RosterEvent of)
    {
        var session = of.Sessions[ticket.Session];
        return new ScannedTicketContract(
            ticket.Ticket.ToString(),
            of.Id.ToString(),
            of.Name,
            of.Venue,
            ticket.Session,
            session.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            session.Time.ToString("HH:mm", CultureInfo.InvariantCulture),
            ticket.Seat,
            TicketStatusWords.Of(ticket.Status),
            ticket.Owner.ToString());
    }
}

/// <summary>An entry.</summary>
/// <param name="Gate">The gate's account.</param>
/// <param name="At">RFC 3339: the block's time; while it is pending, of its admission.</param>
/// <param name="TransactionId">The redeeming transaction.</param>
public sealed record AdmissionContract(string Gate, string At, string TransactionId)
{
    /// <summary>An entry.</summary>
    public static AdmissionContract Of(Redemption redemption) => new(redemption.Gate.ToString(), TimeText.OfMilliseconds(redemption.At), redemption.Transaction.ToString());
}

/// <summary>A code to show at the gate.</summary>
/// <param name="Code">Its text: <c>ST1:</c> and base45.</param>
/// <param name="Svg">The same as a QR code: an SVG image that scales.</param>
/// <param name="ExpiresAt">RFC 3339: gates refuse it after this moment.</param>
public sealed record GateCodeContract(string Code, string Svg, string ExpiresAt);
