using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tickets;

/// <summary>Whether a ticket lets its owner in.</summary>
/// <param name="Valid">Whether it does.</param>
/// <param name="Reason"><c>valid</c>, or the first that applies of <c>unknown</c>, <c>not_owner</c>, <c>unsold</c>, <c>already_redeemed</c>, <c>revoked</c>, <c>event_cancelled</c>.</param>
public sealed record VerificationContract(bool Valid, string Reason)
{
    private static readonly VerificationContract Fine = new(true, "valid");
    private static readonly VerificationContract Unknown = new(false, "unknown");
    private static readonly VerificationContract NotOwner = new(false, "not_owner");
    private static readonly VerificationContract Unsold = new(false, "unsold");
    private static readonly VerificationContract AlreadyRedeemed = new(false, "already_redeemed");
    private static readonly VerificationContract Revoked = new(false, "revoked");
    private static readonly VerificationContract EventCancelled = new(false, "event_cancelled");

    /// <summary>
    /// Whether the identity shown is the one that the ticket's commitment stands for: <c>match</c>, <c>no_match</c>, or <c>none</c> when the ticket carries no commitment or is unknown; absent when none was shown.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary>Judges in the contract's order: who does not own the ticket learns nothing else of it here.</summary>
    /// <param name="state">The ledger.</param>
    /// <param name="id">The ticket.</param>
    /// <param name="owner">Who says that it is theirs.</param>
    /// <remarks>A listed ticket is valid: until it is bought its holder may enter with it. The owner of an unsold one is the organiser.</remarks>
    public static VerificationContract Of(LedgerState state, in TicketId id, in Address owner)
    {
        if (!state.Tickets.TryGet(id, out var ticket)) return Unknown;
        if (ticket.Owner != owner) return NotOwner;

        return ticket.Status switch
        {
            TicketStatus.Unsold => Unsold,
            TicketStatus.Redeemed => AlreadyRedeemed,
            TicketStatus.Revoked => Revoked,
            _ => state.Events.Find(ticket.Event)!.Cancelled ? EventCancelled : Fine,
        };
    }

    /// <summary>Adds what an identity shown by the holder says: whose ticket it is does not matter to that.</summary>
    /// <param name="state">The ledger.</param>
    /// <param name="id">The ticket.</param>
    /// <param name="shown">The identity and its salt; null when none was shown.</param>
    public VerificationContract With(LedgerState state, in TicketId id, ShownIdentity? shown)
    {
        if (shown is null) return this;
        if (state.Tickets.Find(id)?.IdentityCommitment is not { } commitment) return this with { Identity = "none" };

        return this with { Identity = IdentityCommitment.Of(shown.Salt, shown.Canonical) == commitment ? "match" : "no_match" };
    }
}

/// <summary>An identity as a holder shows it at the gate, to be compared with the ticket's commitment.</summary>
/// <param name="Canonical">Its canonical form.</param>
/// <param name="Salt">The salt that was hashed with it.</param>
public sealed record ShownIdentity(byte[] Canonical, Hash256 Salt)
{
    /// <summary>Reads <c>identity</c> and <c>salt</c>, both or neither.</summary>
    /// <returns>Its parts as they were sent, not yet judged by size.</returns>
    public static (JsonValue Identity, Hash256 Salt)? Read(FieldReader fields)
    {
        var identity = fields.OptionalAnyObject("identity");
        var salt = fields.OptionalHash("salt");
        if (!fields.Has("identity") && !fields.Has("salt")) return null;
        if (!fields.Has("identity")) fields.Any("identity");
        if (!fields.Has("salt")) fields.Any("salt");
        return identity is not null && salt is { } bytes ? (identity, bytes) : null;
    }
}
