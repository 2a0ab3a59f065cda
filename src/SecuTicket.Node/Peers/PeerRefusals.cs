using System.Collections.Frozen;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>The codes that nodes refuse each other with, and why a call gave no answer. Every sentence is ours: nothing of what a peer sent is ever in one.</summary>
public static class PeerRefusals
{
    /// <summary>The address leads where this node does not connect to.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>No answer came: no connection, no trusted certificate, not in time, not to its end. Transient.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Something answered, but not as a node does; claims that no node of this protocol makes; a signature that is not the named key's; a hello for another address. Invalid.</summary>
    public const string NotANode = "not_a_node";

    /// <summary>The node's chain id or genesis is not ours. Invalid.</summary>
    public const string OtherChain = "other_chain";

    /// <summary>The node has our own key. Invalid.</summary>
    public const string Self = "self";

    /// <summary>The session is over, or the handshake is. Transient.</summary>
    public const string SessionUnknown = "session_unknown";

    /// <summary>The caller broke the protocol a short while ago. Transient.</summary>
    public const string Banished = "banished";

    /// <summary>The caller asks too much. Transient.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The node is starting, stopping, or has too much to do. Transient.</summary>
    public const string NotReady = "not_ready";

    /// <summary>Bytes that are no message of their kind.</summary>
    public const string MalformedMessage = "malformed_message";

    // What a node refuses with: each is repeated by its code, in our words.
    private static readonly FrozenDictionary<string, Refusal> Known = new Refusal[]
    {
        new(SessionUnknown, "The peer does not know our session: a new handshake is needed.", RefusalKind.Transient),
        new(RateLimited, "The peer was asked too much and wants to be left alone for a while.", RefusalKind.Transient),
        new(Banished, "The peer wants nothing to do with us for a while: it says that we broke the protocol.", RefusalKind.Transient),
        new(NotReady, "The peer is starting or stopping.", RefusalKind.Transient),
        new(RefusalCodes.NotFound, "The peer has not what was asked for.", RefusalKind.Transient),
        new(MalformedMessage, "The peer could not read our message: it may speak another version.", RefusalKind.Transient),
        new(RefusalCodes.TooLarge, "The peer does not take messages as large as ours.", RefusalKind.Transient),
        new(OtherChain, "The peer is on another chain."),
        new(Self, "The address is this node itself."),
        new(NotANode, "The node there does not take our hello: it may be reached under another address, which its operator can set as Node:PublicUrl."),
    }.ToFrozenDictionary(refusal => refusal.Code, StringComparer.Ordinal);

    /// <summary>What a peer's own refusal means, by its code; null for a code that nodes do not refuse peers with.</summary>
    public static Refusal? Of(string code) => Known.GetValueOrDefault(code);

    internal static Refusal NotReached(string why) => new(Unreachable, why, RefusalKind.Transient);

    internal static Refusal NotOurs(string why) => new(NotANode, why);
}
