using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>How an address came into the peer book. Kept as its number, which never changes.</summary>
public enum PeerOrigin
{
    /// <summary>The operator's settings name it.</summary>
    Configured = 0,

    /// <summary>It was registered over the API.</summary>
    Registered = 1,

    /// <summary>A node that called us said that it is reached there.</summary>
    Caller = 2,

    /// <summary>A peer told us.</summary>
    Learnt = 3,
}

/// <summary>What is known of one address. Times are ms since 1970.</summary>
/// <param name="Address">Where the node is reached.</param>
/// <param name="Origin">How the address came here.</param>
/// <param name="AddedAt">When it came; of a forgotten one, when it was forgotten.</param>
public sealed record PeerRecord(PeerAddress Address, PeerOrigin Origin, long AddedAt)
{
    /// <summary>Most characters of <see cref="Source"/> and of <see cref="Block"/>.</summary>
    public const int MaxText = PeerAddress.MaxLength;

    /// <summary>Who is answerable for it: the address of the peer that told us, or the address block of the caller; null for one that the operator wants.</summary>
    public string? Source { get; init; }

    /// <summary>The address block it was last seen in; null for a host name that nobody connected to yet.</summary>
    public string? Block { get; init; }

    /// <summary>The node that a handshake last proved there; null before.</summary>
    public Address? NodeId { get; init; }

    /// <summary>First success since another node was there or it was banned; null before. Whoever has the earliest is known the longest.</summary>
    public long? KnownSince { get; init; }

    /// <summary>Last success, as exact as <see cref="PeerBookSettings.SuccessPrecision"/>; null before the first.</summary>
    public long? LastSuccess { get; init; }

    /// <summary>Last attempt that is known to have ended; null before the first.</summary>
    public long? LastAttempt { get; init; }

    /// <summary>Before this it is not tried again.</summary>
    public long NextAttempt { get; init; }

    /// <summary>Failed attempts in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Before this it is not called and not told to others; 0 for never banned.</summary>
    public long BannedUntil { get; init; }

    /// <summary>Whether the operator deleted it: what peers and callers say does not bring it back.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>Whether a handshake ever proved that a node of our chain is there.</summary>
    public bool IsProven => KnownSince is not null;

    /// <summary>Whether the operator wants it: never displaced, never expired.</summary>
    public bool IsWanted => !IsForgotten && Origin is PeerOrigin.Configured or PeerOrigin.Registered;

    /// <summary>Whether it is banned.</summary>
    public bool IsBanned(long now) => now < BannedUntil;
}

/// <summary>That what is kept of an address must change.</summary>
/// <param name="Address">The address.</param>
/// <param name="Record">What is to be kept of it; null when nothing is.</param>
public sealed record PeerBookChange(PeerAddress Address, PeerRecord? Record);

/// <summary>What a success showed.</summary>
/// <param name="IsInBook">Whether the address is in the book: it may have been displaced or forgotten while it was being called, or its address block may be full.</param>
/// <param name="Former">The node that was at this address until now, when it was another one; the address is then as one met for the first time.</param>
/// <param name="Elsewhere">An address at which this node is known longer, told once. One of the two is called at a time: whoever passes on another's handshake must not take its place.</param>
public sealed record PeerSuccess(bool IsInBook, Address? Former = null, PeerAddress? Elsewhere = null);
