using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Proofs;

/// <summary>Decides what an <see cref="InclusionProof"/> proves, with nothing but the chain's specification.</summary>
/// <param name="spec">What the chain's nodes agree on.</param>
/// <param name="seals">Checks work and seals of headers.</param>
/// <param name="transactions">Checks signatures.</param>
public sealed class InclusionVerifier(ChainSpec spec, ISealVerifier seals, TransactionVerifier transactions)
{
    /// <summary>Checks a proof: its chain, signatures, Merkle path, headers; then that its block is on the branch of headers that the checker has from elsewhere.</summary>
    /// <param name="proof">What somebody shows.</param>
    /// <param name="given">Headers obtained independently, checked; null when there are none: then the tip is only claimed.</param>
    /// <param name="now">The checker's clock, in milliseconds.</param>
    /// <returns>What is proven, or the first thing that is wrong: <c>wrong_chain</c>, <c>signature_missing</c>, <c>signature_invalid</c>, <c>not_found</c> (another ticket's change),
    /// <c>invalid_root</c>, a code of headers, <c>expired</c>, <c>invalid_reward</c>, or <c>invalid_link</c> (not on the given branch).</returns>
    public Verdict<Inclusion> Verify(InclusionProof proof, HeaderChain? given, long now)
    {
        var payload = proof.Transaction.Payload;
        if (proof.ChainId != spec.ChainId || payload.ChainId != spec.ChainId)
            return new Refusal(RefusalCodes.WrongChain, $"The proof is of chain «{(proof.ChainId == spec.ChainId ? payload.ChainId : proof.ChainId)}», expected «{spec.ChainId}».");
        if (!transactions.Verify(proof.Transaction).TryGet(out var verified, out var refusal)) return refusal;
        if (spec.RefusePasskeys(proof.Transaction) is { } foreign) return foreign;
        if (proof.Ticket is { } ticket && !InclusionProof.TicketsOf(payload.Operation).Contains(ticket))
            return new Refusal(RefusalCodes.NotFound, $"The transaction does not change ticket {ticket}.");
        if (!proof.Path.RootOf(proof.Transaction.Leaf).TryGet(out var root, out refusal)) return refusal;
        if (root != proof.Block.Header.TransactionsRoot)
            return new Refusal(RefusalCodes.InvalidRoot, $"The Merkle path leads from the transaction to {root}, its block's header says {proof.Block.Header.TransactionsRoot}.");
        if (!HeaderChain.Verify(spec, seals, [proof.Block, .. proof.HeadersToTip], now).TryGet(out var headers, out refusal)) return refusal;
        if (RefusePlace(payload, proof) is { } misplaced) return misplaced;

        return (given is null ? OnClaimed(headers, verified) : OnGiven(headers, given, verified)).TryGet(out var inclusion, out refusal)
            ? inclusion with { Ticket = proof.Ticket }
            : refusal;
    }

    private Inclusion OnClaimed(HeaderChain headers, VerifiedTransaction transaction) =>
        new(transaction, headers.First, headers.Tip, headers.WeightOf(seals, headers.First.Index, headers.Tip.Index));

    private Verdict<Inclusion> OnGiven(HeaderChain headers, HeaderChain given, VerifiedTransaction transaction)
    {
        var block = headers.First;
        var meeting = Math.Max(block.Index, given.First.Index);
        if (given.Tip.Index < block.Index)
            return new Refusal(RefusalCodes.InvalidLink, $"The headers given end with block {given.Tip.Index}, before the transaction's block {block.Index}: get newer ones.");
        if (headers.At(meeting) is not { } theirs)
            return new Refusal(RefusalCodes.InvalidLink, $"The headers given begin with block {given.First.Index}, the proof's end with block {headers.Tip.Index}: get older ones, or a newer proof.");

        // Both are linked: where they agree on one block, they agree on all before it.
        var ours = given.At(meeting)!;
        if (theirs.Hash != ours.Hash)
            return new Refusal(RefusalCodes.InvalidLink, $"Block {meeting} is {ours.Hash} in the headers given and {theirs.Hash} in the proof: the proof is of another branch.");

        var weight = headers.WeightOf(seals, block.Index, meeting - 1) + given.WeightOf(seals, meeting, given.Tip.Index);
        return new Inclusion(transaction, block, given.Tip, weight) { Given = given };
    }

    private Refusal? RefusePlace(Payload payload, InclusionProof proof)
    {
        var header = proof.Block.Header;
        if (payload.Operation is Reward reward)
        {
            return reward.BlockIndex == header.Index && reward.Recipient == header.Sealer && reward.Amount == spec.Reward && proof.Path.Index == 0
                ? null
                : new Refusal(RefusalCodes.InvalidReward, $"It is not the reward of block {header.Index}.");
        }

        return header.Timestamp / 1_000 > payload.ValidUntil
            ? new Refusal(RefusalCodes.Expired, $"The transaction was valid until {payload.ValidUntil}, block {header.Index} is of {header.Timestamp / 1_000}.")
            : null;
    }
}
