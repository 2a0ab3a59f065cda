using System.Text.Json.Serialization;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Gate;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tickets;

/// <summary>A ticket as the contract shows it.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="EventId">The event, 32 hex digits.</param>
/// <param name="Organiser">Who issued it.</param>
/// <param name="Session">Index of the event's session, from 0.</param>
/// <param name="Seat">The seat's name.</param>
/// <param name="Status"><c>unsold</c>, <c>sold</c>, <c>listed</c>, <c>redeemed</c> or <c>revoked</c>.</param>
/// <param name="Owner">Who has it; the organiser while it is unsold.</param>
/// <param name="FacePrice">Minor units, as issued.</param>
/// <param name="Price">What it costs now, in minor units; null when it is not for sale.</param>
/// <param name="Resales">Completed resales since the organiser last sold it.</param>
/// <param name="IssuedIn">Index of the block that issued it; null while that waits.</param>
/// <param name="Confirmations">Blocks that stand on its last change, that change's own included; 0 while that waits.</param>
/// <param name="Final">Whether its last change is never undone: its block is final.</param>
public sealed record TicketContract(
    string Id,
    string EventId,
    string Organiser,
    int Session,
    string Seat,
    string Status,
    string Owner,
    long FacePrice,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Price,
    int Resales,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? IssuedIn,
    long Confirmations,
    bool Final)
{
    /// <summary>About the most bytes of one.</summary>
    public const int MaxBytes = 1_024;

    /// <summary>The only one who may buy a listed ticket; absent when anyone may.</summary>
    public string? Buyer { get; init; }

    /// <summary>The salted commitment to its holder's identity, 64 hex digits; absent when there is none.</summary>
    public string? IdentityCommitment { get; init; }

    /// <summary>Who let its holder in; there exactly when it is redeemed.</summary>
    public AdmissionContract? Redemption { get; init; }

    /// <summary>A ticket in a view of the ledger.</summary>
    public static TicketContract Of(in TicketId id, Ticket ticket, in LedgerView view)
    {
        var terms = view.State.Events.Find(ticket.Event)!;
        var organiser = AddressTexts.Of(terms.Organiser);
        return new TicketContract(
            id.ToString(),
            ticket.Event.ToString(),
            organiser,
            ticket.Session,
            ticket.Seat.ToString(),
            TicketStatusWords.Of(ticket.Status),
            ticket.Status == TicketStatus.Unsold ? organiser : ticket.Owner.ToString(),
            ticket.FacePrice,
            terms.Cancelled ? null : ticket.Price,
            ticket.Resales,
            view.Confirmed(ticket.IssuedIn),
            view.Confirmations(ticket.ChangedIn),
            view.IsFinal(ticket.ChangedIn))
        {
            Buyer = ticket.Listing?.Buyer?.ToString(),
            IdentityCommitment = ticket.IdentityCommitment?.ToString(),
            Redemption = ticket.Redemption is { } redemption ? AdmissionContract.Of(redemption) : null,
        };
    }

    /// <summary>The status of such a word; null when there is none.</summary>
    public static TicketStatus? StatusOf(string? word) => Array.IndexOf(StatusWords, word) is >= 0 and var status ? (TicketStatus)status : null;

    /// <summary>The words of all statuses, in the order of their numbers.</summary>
    public static string[] StatusWords { get; } = [.. TicketStatusWords.All];
}
