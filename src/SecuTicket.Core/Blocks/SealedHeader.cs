using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A header, and the sealer's signature where the chain asks for one: a block without its body.</summary>
/// <param name="Header">The header.</param>
/// <param name="Seal">The signature of its hash, or null.</param>
public sealed record SealedHeader(BlockHeader Header, TransactionSignature? Seal);
