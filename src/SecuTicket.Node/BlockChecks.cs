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
    /// <summary>Transactions to check from which on other threads help: below it, handing work to them costs about what it saves.</summary>
    public const int LeastInParallel = 16;

    /// <summary>As <see cref="VerifiedBlock.Verify"/>.</summary>
    /// <param name="block">What somebody sent.</param>
    /// <param name="verifier">Checks one transaction.</param>
    /// <param name="known">Finds, by id, a transaction whose signatures are known to be right, such as one that waits here: when its leaf is the same too, nothing of it is checked again.</param>
    public static Verdict<VerifiedBlock> Verify(Block block, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known = null)
    {
        var (verified, refusal) = Verify([block], verifier, known);
        return refusal is null ? verified[0] : refusal;
    }

    /// <summary>As <see cref="VerifiedBlock.Verify"/> for one after the other up to the first that is refused, all their signatures side by side: many small blocks take no longer than a large one.</summary>
    /// <returns>The blocks before the first that is refused, and why that one was; null when none is.</returns>
    public static (IReadOnlyList<VerifiedBlock> Verified, Refusal? Refusal) Verify(IReadOnlyList<Block> blocks, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known = null)
    {
        var proven = blocks.Select(block => Recall(block, known)).ToArray();
        Prove(blocks, proven, verifier);
        var verified = new List<VerifiedBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            if (!VerifiedBlock.Verify(block, verifier, proven[verified.Count]).TryGet(out var next, out var refusal)) return (verified, refusal);

            verified.Add(next);
        }

        return (verified, null);
    }

    // What is known of a block's transactions, at their places.
    private static VerifiedTransaction?[] Recall(Block block, Func<Hash256, VerifiedTransaction?>? known)
    {
        var transactions = block.Transactions.Span;
        var recalled = new VerifiedTransaction?[transactions.Length];
        if (known is null) return recalled;

        for (var i = 0; i < transactions.Length; i++)
            if (known(transactions[i].Id) is { } before && before.Transaction.Leaf == transactions[i].Leaf) recalled[i] = before;
        return recalled;
    }

    // Fills the gaps, on all cores, where that is worth it.
    private static void Prove(IReadOnlyList<Block> blocks, VerifiedTransaction?[][] proven, TransactionVerifier verifier)
    {
        if (proven.Sum(one => one.Count(static transaction => transaction is null)) < LeastInParallel) return;

        // A body that is not the header's, and what follows it, is not worth a single signature.
        var whole = blocks.TakeWhile(block => block.ComputeTransactionsRoot() == block.Header.TransactionsRoot).Count();
        var gaps = Enumerable.Range(0, whole).SelectMany(block => Enumerable.Range(0, proven[block].Length).Where(place => proven[block][place] is null).Select(place => (block, place))).ToArray();
        Parallel.For(0, gaps.Length, (i, checks) =>
        {
            var (block, place) = gaps[i];
            if (verifier.Verify(blocks[block].Transactions[place]).TryGet(out var verified, out _)) proven[block][place] = verified;
            else checks.Break();
        });
    }
}
