using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>A peer that we call: where it stands, what it has, and what is on its way to it.</summary>
/// <param name="address">Where it is called.</param>
/// <param name="settings">How much is remembered of it.</param>
internal sealed class PeerLink(PeerAddress address, NetworkSettings settings)
{
    /// <summary>Where it is called.</summary>
    public PeerAddress Address { get; } = address;

    /// <summary>Who it is, once it proved that.</summary>
    public PeerIdentity? Identity { get; set; }

    /// <summary>What it gave us at the handshake; null while there is none.</summary>
    public SessionToken? Session { get; set; }

    /// <summary>The <see cref="AddressBlock"/> in which it was reached.</summary>
    public string Block { get; set; } = address.Literal is { } literal ? AddressBlock.Of(literal).Text : string.Empty;

    /// <summary>Whether it can be asked.</summary>
    public bool IsReady => Session is not null && !IsClosed;

    /// <summary>Whether it was given up: what is still on its way finds nobody.</summary>
    public bool IsClosed { get; set; }

    /// <summary>What it says of its branch.</summary>
    public PeerTip Tip { get; set; }

    /// <summary>The header of a tip that it told; null when it told none. Not proven.</summary>
    public SealedHeader? TipHeader { get; set; }

    /// <summary>When it last answered, in milliseconds since 1970.</summary>
    public long LastSeen { get; set; }

    /// <summary>Milliseconds that it takes to answer: the longest of late, forgotten by and by.</summary>
    public long AnswersIn { get; private set; }

    /// <summary>When its tip is to be asked for next.</summary>
    public long NextLookAt { get; set; } = long.MaxValue;

    /// <summary>When it is to be asked for addresses next.</summary>
    public long NextDiscoveryAt { get; set; }

    /// <summary>Between two questions for addresses; 0 before the first.</summary>
    public long DiscoveryPause { get; set; }

    /// <summary>The tip with which its chain is not asked for, after it could not be taken, and until when.</summary>
    public (Hash256 Tip, long Until) SetAside { get; set; }

    /// <summary>How often in a row its chain was asked for in vain.</summary>
    public int FailedReadings { get; set; }

    /// <summary>When the present session began, in milliseconds since 1970; 0 before the first.</summary>
    public long MetAt { get; set; }

    /// <summary>Sessions in a row that it forgot soon after it gave them.</summary>
    public int LostSessions { get; set; }

    /// <summary>Calls in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Operators that wait for it to be a peer.</summary>
    public List<Reply<PeerAddress>> Registrations { get; } = [];

    /// <summary>Transactions to be announced to it.</summary>
    public LeafQueue Leaves { get; } = new(settings);

    /// <summary>The latest block that we know it to have.</summary>
    public Hash256 KnownBlock { get; set; }

    /// <summary>Whether an announcement of a block is on its way.</summary>
    public bool IsTakingBlock { get; set; }

    /// <summary>Notes how long an answer took.</summary>
    public void Took(long time) => AnswersIn = Math.Max(time, AnswersIn - (AnswersIn / 8));
}

