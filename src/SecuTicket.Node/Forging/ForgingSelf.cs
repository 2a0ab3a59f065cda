using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Forging;

/// <summary>Who makes blocks and votes: a key that signs, and the hash chains that follow from it.</summary>
/// <remarks>Passed in, so that a simulation can sign the same in every run.</remarks>
/// <param name="Account">The account of the key.</param>
/// <param name="Sign">Signs a digest.</param>
/// <param name="Onion">Makes the hash chain of a number, from 0: the same one each time.</param>
public sealed record ForgingSelf(Address Account, Func<Hash256, TransactionSignature> Sign, Func<int, Onion> Onion);
