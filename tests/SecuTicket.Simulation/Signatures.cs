using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation;

/// <summary>Checks signatures for all nodes of a run: each right one once, since asking again gives the same answer.</summary>
public sealed class Signatures
{
    private readonly TransactionVerifier _verifier = new(new P256Verifier(256));
    private readonly Dictionary<Hash256, VerifiedTransaction> _proven = [];

    /// <summary>Checks one transaction.</summary>
    public Verdict<VerifiedTransaction> Verify(Transaction transaction)
    {
        if (_proven.TryGetValue(transaction.Leaf, out var before)) return before;

        var verdict = _verifier.Verify(transaction);
        if (verdict.IsAccepted) _proven.Add(transaction.Leaf, verdict.Value);
        return verdict;
    }

    /// <summary>Checks a block as a node does.</summary>
    public Verdict<VerifiedBlock> Verify(Block block)
    {
        if (block.ComputeTransactionsRoot() != block.Header.TransactionsRoot) return VerifiedBlock.Verify(block, _verifier);

        return VerifiedBlock.Verify(block, _verifier, [.. block.Transactions.Select(transaction => Verify(transaction).TryGet(out var verified, out _) ? verified : null)]);
    }
}
