using SecuTicket.Api.Chain;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Blocks;

namespace SecuTicket.Api.Proofs;

/// <summary>Proof that a transaction is in the chain, for whoever has no node: see <c>secuticket ticket verify</c> and docs/protocol.md.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Transaction">The transaction, as <c>GET /transactions/{id}</c> shows it.</param>
/// <param name="BlockHeader">Header of its block.</param>
/// <param name="MerklePath">From the transaction's leaf upwards to the header's transactions root.</param>
/// <param name="LeafIndex">Which transaction of the block, from 0.</param>
/// <param name="LeafCount">How many the block has.</param>
/// <param name="HeadersToTip">What follows that block, oldest first; each is made when it is written, for all of them at once are memory that outlives collections.</param>
/// <param name="HeadersComplete">Whether they go up to the tip; else <c>GET /chain/headers</c> has the rest.</param>
public sealed record ProofContract(
    string ChainId,
    TransactionAnswer Transaction,
    HeaderContract BlockHeader,
    IReadOnlyList<MerkleStepContract> MerklePath,
    int LeafIndex,
    int LeafCount,
    IEnumerable<HeaderContract> HeadersToTip,
    bool HeadersComplete)
{
    /// <summary>The ticket whose last confirmed change the transaction is, 32 hex digits; absent where a transaction was asked for.</summary>
    public string? TicketId { get; init; }
}

/// <summary>One step from a leaf to the root.</summary>
/// <param name="Hash">What is hashed with the hash so far, 64 hex digits.</param>
/// <param name="Side"><c>left</c> or <c>right</c>: where it stands.</param>
public sealed record MerkleStepContract(string Hash, string Side)
{
    /// <summary>The steps of a path.</summary>
    public static IReadOnlyList<MerkleStepContract> Of(MerklePath path) =>
        [.. path.Steps.Select(step => new MerkleStepContract(step.Hash.ToString(), step.Side == MerkleSide.Left ? "left" : "right"))];
}
