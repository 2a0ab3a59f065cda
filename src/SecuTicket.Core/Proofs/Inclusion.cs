using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Proofs;

/// <summary>What a right <see cref="InclusionProof"/> proves: that the transaction is in this block, and how much work stands on it.</summary>
/// <remarks>Not that it was the last change, nor that the ledger's rules allowed it: headers do not say. That the nodes took it is what the work stands for.</remarks>
/// <param name="Transaction">The transaction, its signatures checked.</param>
/// <param name="Block">Header of its block.</param>
/// <param name="Tip">Header of the tip that stands on it.</param>
/// <param name="Weight">Weight of the blocks from its own to the tip, both included.</param>
public sealed record Inclusion(VerifiedTransaction Transaction, BlockHeader Block, BlockHeader Tip, UInt128 Weight)
{
    /// <summary>The ticket that the transaction changed; null when the proof named none.</summary>
    public TicketId? Ticket { get; init; }

    /// <summary>The headers, obtained elsewhere, that the tip is the last of; null when the tip is only what the proof itself claims.</summary>
    public HeaderChain? Given { get; init; }

    /// <summary>Blocks from the transaction's own to the tip, both included.</summary>
    public long Confirmations => Tip.Index - Block.Index + 1;
}
