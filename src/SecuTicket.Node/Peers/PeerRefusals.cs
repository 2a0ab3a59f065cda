using System.Collections.Frozen;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Why a call gave no answer. Every sentence is ours: nothing of what a peer sent is ever in one.</summary>
public static class PeerRefusals
{
    /// <summary>The address leads where this node does not connect to.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>No answer came: no connection, no trusted certificate, not in time, not to its end. Transient.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Something answered, but not as a node does. Invalid.</summary>
    public const string NotANode = "not_a_node";

    // What a node refuses with: each is repeated by its code, in our words.
    private static readonly FrozenDictionary<string, Refusal> Known = new Refusal[]
    {
        new("session_unknown", "The peer does not know our session: a new handshake is needed.", RefusalKind.Transient),
        new("rate_limited", "The peer was asked too much and wants to be left alone for a while.", RefusalKind.Transient),
        new("banished", "The peer wants nothing to do with us for a while: it says that we broke the protocol.", RefusalKind.Transient),
        new("not_ready", "The peer is starting or stopping.", RefusalKind.Transient),
        new(RefusalCodes.NotFound, "The peer has not what was asked for.", RefusalKind.Transient),
        new("malformed_message", "The peer could not read our message: it may speak another version.", RefusalKind.Transient),
        new(RefusalCodes.TooLarge, "The peer does not take messages as large as ours.", RefusalKind.Transient),
        new("other_chain", "The peer is on another chain."),
        new("self", "The address is this node itself."),
        new(NotANode, "The node there does not take our hello: it may be reached under another address, which its operator can set as Node:PublicUrl."),
    }.ToFrozenDictionary(refusal => refusal.Code, StringComparer.Ordinal);

    /// <summary>What a peer's own refusal means, by its code; null for a code that nodes do not refuse peers with.</summary>
    public static Refusal? Of(string code) => Known.GetValueOrDefault(code);

    internal static Refusal NotReached(string why) => new(Unreachable, why, RefusalKind.Transient);

    internal static Refusal NotOurs(string why) => new(NotANode, why);
}
