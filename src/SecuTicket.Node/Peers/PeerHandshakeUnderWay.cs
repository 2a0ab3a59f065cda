using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>A handshake that waits for its proof.</summary>
/// <param name="Hello">What the caller said.</param>
/// <param name="Welcome">What it was answered.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
public sealed record PeerHandshakeUnderWay(PeerHello Hello, PeerWelcome Welcome, long At);
