using SecuTicket.Api.Chain;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Proofs;

/// <summary>Reads proofs of what is confirmed.</summary>
/// <param name="store">Where blocks are.</param>
/// <param name="spec">The chain's specification.</param>
/// <param name="snapshot">Which tip the chain has.</param>
/// <param name="maxHeaders">Most headers after the block.</param>
internal sealed class ProofReader(IBlockStore store, ChainSpec spec, NodeSnapshot snapshot, int maxHeaders = ProofReader.MaxHeaders)
{
    /// <summary>Most headers after the block that a proof carries, some 1.5 MB.</summary>
    public const int MaxHeaders = 2_000;

    /// <summary>What is said when a block was replaced between two looks at the store.</summary>
    public static Refusal Reorganised { get; } = new("not_ready", "The chain was reorganised while it was read: ask again.", RefusalKind.Transient);

    /// <summary>Proof of a ticket's last confirmed change.</summary>
    /// <returns>The proof, <c>not_found</c>, <c>not_ready</c> or <c>storage_failed</c>.</returns>
    public Verdict<ProofContract> OfTicket(TicketId id)
    {
        if (snapshot.Chain.Ledger.Tickets.TryGet(id, out var ticket))
            return Prove(ticket.ChangedIn, transaction => IsChangeOf(transaction.Payload.Operation, id, ticket)).TryGet(out var proof, out var refusal) ? proof with { TicketId = id.ToString() } : refusal;

        return snapshot.Pending.State.Tickets.Contains(id)
            ? new Refusal(RefusalCodes.NotFound, $"Ticket {id} is in no block yet: its issue still waits. Ask again once it is confirmed.")
            : PathValue.NotFound($"ticket {id}");
    }

    /// <summary>Proof of a confirmed transaction.</summary>
    /// <param name="stored">The transaction, as it was found.</param>
    /// <returns>The proof, <c>not_found</c>, <c>not_ready</c> or <c>storage_failed</c>.</returns>
    public Verdict<ProofContract> OfTransaction(StoredTransaction stored) => stored.BlockIndex is { } index && index <= snapshot.Tip.Index
        ? Prove(index, transaction => transaction.Id == stored.Transaction.Id)
        : new Refusal(RefusalCodes.NotFound, $"Transaction {stored.Transaction.Id} is in no block: {(stored.Status == TransactionStatus.Rejected ? "it was rejected" : "it still waits")}.");

    private static bool IsChangeOf(Operation operation, in TicketId id, Ticket ticket) => operation is IssueTickets issue
        ? issue.Event == ticket.Event && issue.Session == ticket.Session && issue.Seats.Contains(ticket.Seat.ToString())
        : InclusionProof.TicketsOf(operation).Contains(id);

    private Verdict<ProofContract> Prove(long index, Predicate<Transaction> isSought)
    {
        var chain = new ChainReader(store, spec, snapshot);
        if (store.FindBlock(index) is not { } stored) return Reorganised;
        if (!chain.ReadBlock(stored).TryGet(out var block, out var refusal)) return refusal;
        if (!chain.ReadHeaders(index, maxHeaders + 1).TryGet(out var headers, out refusal)) return refusal;

        var place = Array.FindLastIndex(block.Transactions.Span.ToArray(), isSought);
        if (place < 0 || headers.Items.Count == 0 || headers.Items[0].Header.Hash != block.Hash) return Reorganised;

        var path = MerkleTree.PathOf(block.Leaves(), place);
        return new ProofContract(
            spec.ChainId,
            TransactionAnswer.Of(block.Transactions[place], TransactionStatus.Confirmed, index, index <= snapshot.Final),
            HeaderContract.Of(block.Header, block.Seal),
            MerkleStepContract.Of(path),
            path.Index,
            path.Count,
            headers.Items.Skip(1).Select(static item => HeaderContract.Of(item.Header, item.Seal)),
            headers.NextFrom is null);
    }
}
