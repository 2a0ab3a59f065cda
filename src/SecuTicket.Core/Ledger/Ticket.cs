using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>What can happen to a ticket next; the number is its stored byte.</summary>
public enum TicketStatus : byte
{
    /// <summary>The organiser has it and sells it at face price.</summary>
    Unsold,

    /// <summary>A holder has it.</summary>
    Sold,

    /// <summary>A holder has it and offers it for resale.</summary>
    Listed,

    /// <summary>Its holder went in. Final.</summary>
    Redeemed,

    /// <summary>The organiser took it out of circulation. Final.</summary>
    Revoked,
}

/// <summary>The words of statuses, as the contract writes them.</summary>
public static class TicketStatusWords
{
    private static readonly string[] Words = ["unsold", "sold", "listed", "redeemed", "revoked"];

    /// <summary>All words, in the order of the statuses' numbers.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word of a status.</summary>
    public static string Of(TicketStatus status) => Words[(int)status];
}

/// <summary>An offer of a ticket by its holder.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Buyer">The only one who may buy; null for anyone.</param>
public sealed record Listing(long Price, Address? Buyer);

/// <summary>Who let a ticket's holder in, and when.</summary>
/// <param name="Gate">The gate's account.</param>
/// <param name="At">The block's timestamp in milliseconds; of a pending redemption, the time of its admission.</param>
/// <param name="Transaction">The redeeming transaction.</param>
public sealed record Redemption(Address Gate, long At, Hash256 Transaction);

/// <summary>The right to one seat of one session, as it is now.</summary>
/// <param name="Event">The event.</param>
/// <param name="Ordinal">Its place in the event's order of issue, from 0.</param>
/// <param name="Session">Index of the session.</param>
/// <param name="Seat">The seat's name.</param>
/// <param name="Status">What can happen to it next.</param>
/// <param name="Owner">Who has it; the organiser while it is unsold.</param>
/// <param name="FacePrice">Minor units, as issued.</param>
/// <param name="PaidOnChain">Whether its first holder paid the organiser through the ledger: only then there is something to refund.</param>
/// <param name="Listing">The holder's offer; there exactly while <see cref="TicketStatus.Listed"/>.</param>
/// <param name="Resales">Completed resales since the organiser last sold it.</param>
/// <param name="IdentityCommitment">The salted commitment its holder gave on getting it, or null.</param>
/// <param name="Redemption">Who let its holder in; there exactly when <see cref="TicketStatus.Redeemed"/>.</param>
/// <param name="IssuedIn">Index of the block that issued it.</param>
/// <param name="ChangedIn">Index of the block that last changed it.</param>
public sealed record Ticket(
    EventId Event,
    int Ordinal,
    int Session,
    string Seat,
    TicketStatus Status,
    Address Owner,
    long FacePrice,
    bool PaidOnChain,
    Listing? Listing,
    int Resales,
    Hash256? IdentityCommitment,
    Redemption? Redemption,
    long IssuedIn,
    long ChangedIn)
{
    /// <summary>What it costs now, in minor units; null when it is not for sale.</summary>
    public long? Price => Status switch { TicketStatus.Unsold => FacePrice, TicketStatus.Listed => Listing!.Price, _ => null };

    /// <summary>What the organiser owes its holder when it must be taken back at face price.</summary>
    public long Refundable => PaidOnChain ? FacePrice : 0;
}
