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

/// <summary>What the tickets of one issue have in common: said once, whatever becomes of each of them.</summary>
/// <param name="Event">The event.</param>
/// <param name="Session">Index of the session.</param>
/// <param name="FacePrice">Minor units, of each.</param>
/// <param name="Block">Index of the block that issued them.</param>
public sealed record TicketIssue(EventId Event, int Session, long FacePrice, long Block);

/// <summary>The right to one seat of one session, as it is now.</summary>
/// <param name="Issue">What it was issued with.</param>
/// <param name="Ordinal">Its place in the event's order of issue, from 0.</param>
/// <param name="Seat">The seat's name.</param>
/// <param name="Status">What can happen to it next.</param>
/// <param name="Owner">Who has it; the organiser while it is unsold.</param>
/// <param name="PaidOnChain">Whether its first holder paid the organiser through the ledger: only then there is something to refund.</param>
/// <param name="Resales">Completed resales since the organiser last sold it.</param>
/// <param name="ChangedIn">Index of the block that last changed it.</param>
/// <remarks>104 bytes, however its seat is called: there are millions of them, and each is one object.</remarks>
public sealed record Ticket(TicketIssue Issue, int Ordinal, SeatName Seat, TicketStatus Status, Address Owner, bool PaidOnChain, int Resales, long ChangedIn)
{
    /// <summary>Index of the block that last changed it.</summary>
    public long ChangedIn { get; internal set; } = ChangedIn;

    // What few tickets have takes no room in the others.
    private readonly Rare? _rare;

    /// <summary>A ticket as it is issued.</summary>
    public Ticket(TicketIssue issue, int ordinal, SeatName seat, Address organiser)
        : this(issue, ordinal, seat, TicketStatus.Unsold, organiser, PaidOnChain: false, Resales: 0, issue.Block)
    {
    }

    /// <summary>The holder's offer; there exactly while <see cref="TicketStatus.Listed"/>.</summary>
    public Listing? Listing
    {
        get => _rare?.Listing;
        init => _rare = Rare.Of(value, IdentityCommitment, Redemption);
    }

    /// <summary>The salted commitment its holder gave on getting it, or null.</summary>
    public Hash256? IdentityCommitment
    {
        get => _rare?.IdentityCommitment;
        init => _rare = Rare.Of(Listing, value, Redemption);
    }

    /// <summary>Who let its holder in; there exactly when <see cref="TicketStatus.Redeemed"/>.</summary>
    public Redemption? Redemption
    {
        get => _rare?.Redemption;
        init => _rare = Rare.Of(Listing, IdentityCommitment, value);
    }

    /// <summary>The event.</summary>
    public EventId Event => Issue.Event;

    /// <summary>Index of the session.</summary>
    public int Session => Issue.Session;

    /// <summary>Minor units, as issued.</summary>
    public long FacePrice => Issue.FacePrice;

    /// <summary>Index of the block that issued it.</summary>
    public long IssuedIn => Issue.Block;

    /// <summary>What it costs now, in minor units; null when it is not for sale.</summary>
    public long? Price => Status switch { TicketStatus.Unsold => FacePrice, TicketStatus.Listed => Listing!.Price, _ => null };

    /// <summary>What the organiser owes its holder when it must be taken back at face price.</summary>
    public long Refundable => PaidOnChain ? FacePrice : 0;

    private sealed record Rare(Listing? Listing, Hash256? IdentityCommitment, Redemption? Redemption)
    {
        public static Rare? Of(Listing? listing, Hash256? identityCommitment, Redemption? redemption) =>
            listing is null && identityCommitment is null && redemption is null ? null : new Rare(listing, identityCommitment, redemption);
    }
}
