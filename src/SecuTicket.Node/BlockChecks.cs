using System.Collections.Concurrent;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Checks the signatures of a block on all cores, before the single writer sees it.</summary>
/// <remarks>
/// A thousand signatures cost some fifty milliseconds of one core, which is most of what a block costs. Which threads check what changes no answer: what was
/// found right is handed to <see cref="VerifiedBlock.Verify"/>, which alone decides, and names the first bad transaction as if it had checked them one by one.
/// </remarks>
internal static class BlockChecks
{
    // Below this, handing work to other threads costs about what it saves.
    private const int LeastInParallel = 16;

    /// <summary>As <see cref="VerifiedBlock.Verify"/>.</summary>
    public static Verdict<VerifiedBlock> Verify(Block block, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known = null)
    {
        if (block.Transactions.Count < LeastInParallel) return VerifiedBlock.Verify(block, verifier, known);

        // A body that is not the header's is not worth a single signature.
        var proven = block.ComputeTransactionsRoot() == block.Header.TransactionsRoot ? Prove(block, verifier, known) : [];
        return VerifiedBlock.Verify(block, verifier, id => proven.GetValueOrDefault(id) ?? known?.Invoke(id));
    }

    private static ConcurrentDictionary<Hash256, VerifiedTransaction> Prove(Block block, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known)
    {
        var proven = new ConcurrentDictionary<Hash256, VerifiedTransaction>();
        Parallel.ForEach(block.Transactions, (transaction, checks) =>
        {
            if (known?.Invoke(transaction.Id) is { } before && before.Transaction.Leaf == transaction.Leaf) return;
            if (verifier.Verify(transaction).TryGet(out var verified, out _)) proven[transaction.Id] = verified;
            else checks.Stop();
        });
        return proven;
    }
}
