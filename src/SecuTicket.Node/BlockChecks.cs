using System.Collections.Concurrent;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Checks the signatures of blocks on all cores, before the single writer sees them.</summary>
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
        var (verified, refusal) = Verify([block], verifier, known);
        return refusal is null ? verified[0] : refusal;
    }

    /// <summary>As <see cref="VerifiedBlock.Verify"/> for one after the other up to the first that is refused, all their signatures side by side: many small blocks take no longer than a large one.</summary>
    /// <returns>The blocks before the first that is refused, and why that one was; null when none is.</returns>
    public static (IReadOnlyList<VerifiedBlock> Verified, Refusal? Refusal) Verify(IReadOnlyList<Block> blocks, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known = null)
    {
        var proven = blocks.Sum(block => block.Transactions.Count) >= LeastInParallel ? Prove(blocks, verifier, known) : [];
        var verified = new List<VerifiedBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            var own = verified.Count < proven.Count ? proven[verified.Count] : null;
            if (!VerifiedBlock.Verify(block, verifier, id => own?.GetValueOrDefault(id) ?? known?.Invoke(id)).TryGet(out var next, out var refusal)) return (verified, refusal);

            verified.Add(next);
        }

        return (verified, null);
    }

    private static List<ConcurrentDictionary<Hash256, VerifiedTransaction>> Prove(IReadOnlyList<Block> blocks, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known)
    {
        // A body that is not the header's, and what follows it, is not worth a single signature.
        var whole = blocks.TakeWhile(block => block.ComputeTransactionsRoot() == block.Header.TransactionsRoot).ToArray();
        var proven = whole.Select(_ => new ConcurrentDictionary<Hash256, VerifiedTransaction>()).ToList();
        var transactions = whole.SelectMany((block, i) => block.Transactions.Select(transaction => (Transaction: transaction, Block: i))).ToArray();
        Parallel.For(0, transactions.Length, (i, checks) =>
        {
            var (transaction, block) = transactions[i];
            if (known?.Invoke(transaction.Id) is { } before && before.Transaction.Leaf == transaction.Leaf) return;
            if (verifier.Verify(transaction).TryGet(out var verified, out _)) proven[block][transaction.Id] = verified;
            else checks.Break();
        });
        return proven;
    }
}
