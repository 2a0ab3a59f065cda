using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>What a node says of itself when it meets another.</summary>
/// <param name="ChainId">Its chain's name.</param>
/// <param name="Genesis">Hash of its chain's genesis, which commits to the specification.</param>
/// <param name="Key">Its identity: the public key of the node's own account.</param>
/// <param name="Address">Where it is reached; null when it can not be reached or does not know under which host.</param>
/// <param name="Port">Where it listens when it does not know its host, 1..65535; whoever is called takes the host that the call came from. Null otherwise.</param>
/// <param name="Tip">Its tip.</param>
/// <param name="Software">Name and version of the software, for people; 1..64 printable ASCII characters.</param>
public sealed record PeerIdentity(string ChainId, Hash256 Genesis, PublicKey Key, PeerAddress? Address, int? Port, PeerTip Tip, string Software)
{
    /// <summary>The account that the key is of: the node's name.</summary>
    public Address Node => Core.Primitives.Address.Of(Key);
}

/// <summary>The first message of a handshake.</summary>
/// <param name="Self">Who calls.</param>
/// <param name="To">Under which address the caller reached whom it calls: a node that is not reached there does not answer, so nobody can pass a hello on.</param>
/// <param name="Challenge">32 random bytes that the answer must sign.</param>
public sealed record PeerHello(PeerIdentity Self, PeerAddress To, Hash256 Challenge);

/// <summary>The answer to it.</summary>
/// <param name="Self">Who answers.</param>
/// <param name="Challenge">32 random bytes that the caller must sign.</param>
/// <param name="Signature">The answering node's signature over hello and welcome.</param>
public sealed record PeerWelcome(PeerIdentity Self, Hash256 Challenge, Signature Signature);

/// <summary>The last message of a handshake.</summary>
/// <param name="Challenge">The challenge of the welcome it answers.</param>
/// <param name="Signature">The caller's signature over hello and welcome.</param>
public sealed record PeerProof(Hash256 Challenge, Signature Signature);
