using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Who a node is among others, and what it needs to show it.</summary>
/// <param name="Identity">What it says of itself now.</param>
/// <param name="Sign">Signs a digest with the key of the node's own account.</param>
/// <param name="Verifier">Checks what others signed.</param>
/// <param name="Random">A random number from 0 to 1.</param>
/// <param name="Challenge">32 random bytes.</param>
public sealed record NetworkSelf(Func<PeerIdentity> Identity, Func<Hash256, Signature> Sign, TransactionVerifier Verifier, Func<double> Random, Func<Hash256> Challenge);
