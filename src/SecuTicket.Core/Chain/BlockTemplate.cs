using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Chain;

/// <summary>A block that lacks its nonce.</summary>
/// <param name="Header">The header with nonce 0.</param>
/// <param name="Transactions">What it holds, the reward first where one is due.</param>
/// <param name="Outcome">What applying it gives: the rules that chose its transactions found it out.</param>
public sealed record BlockTemplate(BlockHeader Header, EquatableArray<VerifiedTransaction> Transactions, BlockOutcome Outcome)
{
    /// <summary>Whether the rules refused one that stood before the last that was taken, or that there was room for.</summary>
    public bool PassedOver { get; private init; }

    /// <summary>The next block of <paramref name="chain"/>: the reward, then all of <paramref name="candidates"/> in order that the rules accept and that fit.</summary>
    /// <param name="chain">The chain whose tip it follows.</param>
    /// <param name="candidates">Transactions in the order of admission. One that is refused is passed over: the pending set decides what becomes of it.</param>
    /// <param name="sealer">Who gets the reward.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    /// <param name="reveal">What the forger reveals, on chains with stakes.</param>
    public static BlockTemplate Next(Blockchain chain, IEnumerable<VerifiedTransaction> candidates, Address sealer, long now, Hash256 reveal = default)
    {
        var header = chain.NextHeader(sealer, now, reveal);
        var draft = new BlockDraft(chain.Ledger, ContextOf(chain, header), header);
        var chosen = Begin(chain, header, draft);
        var passedOver = false;
        var size = SizeOf(chosen);
        foreach (var candidate in candidates)
        {
            if (chosen.Count == chain.Spec.MaxBlockTransactions || size + candidate.Transaction.Size > chain.Spec.MaxBlockSize) break;
            if (!draft.Add(candidate).IsAccepted)
            {
                passedOver = true;
                continue;
            }

            chosen.Add(candidate);
            size += candidate.Transaction.Size;
        }

        return Complete(chain, header, draft, chosen) with { PassedOver = passedOver };
    }

    /// <summary>As <see cref="Next"/> of all that waits, in order, taken over as it was judged at its admission: nothing is applied again.</summary>
    /// <param name="chain">The chain whose tip it follows.</param>
    /// <param name="pending">What waits.</param>
    /// <param name="sealer">Who gets the reward.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    /// <returns>The block; null when not all fits, when something of it might do otherwise in this block than it did alone, and on chains with stakes, where a block does something by itself.</returns>
    public static BlockTemplate? OfAll(Blockchain chain, PendingSet pending, Address sealer, long now)
    {
        if (!ReferenceEquals(pending.Confirmed, chain.Ledger) || chain.Ledger.Stakes is not null) return null;

        var header = chain.NextHeader(sealer, now);
        var context = ContextOf(chain, header);
        var draft = new BlockDraft(chain.Ledger, pending.State, context);
        var chosen = Begin(chain, header, draft);
        if (chosen.Count + pending.Count > chain.Spec.MaxBlockTransactions || SizeOf(chosen) + pending.Size > chain.Spec.MaxBlockSize) return null;

        // The reward stands before all others. It takes nothing from any of them but room below the largest supply.
        if (LedgerRules.RewardAfter(chain.Ledger, chain.Spec.Reward) != LedgerRules.RewardAfter(pending.State, chain.Spec.Reward)) return null;

        foreach (var (_, waiting) in pending.InOrder)
        {
            if (!waiting.Holds.Contains(context.Seconds)) return null;

            draft.TakeOver(waiting.Transaction, waiting.Effects);
            chosen.Add(waiting.Transaction);
        }

        return Complete(chain, header, draft, chosen);
    }

    private static RuleContext ContextOf(Blockchain chain, BlockHeader header) => new(chain.Spec, header.Index, header.Timestamp);

    // The reward, where one is due.
    private static List<VerifiedTransaction> Begin(Blockchain chain, BlockHeader header, BlockDraft draft)
    {
        if (LedgerRules.RewardAfter(chain.Ledger, chain.Spec.Reward) is not (var due and > 0)) return [];

        var reward = TransactionVerifier.Restore(new Transaction(Payload.OfReward(chain.Spec.ChainId, header.Sealer, due, header.Index), []));
        draft.Add(reward, (Reward)reward.Payload.Operation);
        return [reward];
    }

    /// <summary>Bytes that a block of this node takes before its first transaction: header, seal and reward. A higher index, or another amount of the reward, may take some more.</summary>
    public static int Overhead(ChainSpec spec) => EmptySize + new Transaction(Payload.OfReward(spec.ChainId, default, Math.Max(1, spec.Reward), 1_000_000), []).Size;

    private static int EmptySize => BlockHeader.Size + TransactionSignature.ListSize(1) + sizeof(int);

    private static int SizeOf(List<VerifiedTransaction> begun) => EmptySize + begun.Sum(static transaction => transaction.Transaction.Size);

    private static BlockTemplate Complete(Blockchain chain, BlockHeader header, BlockDraft draft, List<VerifiedTransaction> chosen)
    {
        var leaves = new Hash256[chosen.Count];
        for (var i = 0; i < leaves.Length; i++) leaves[i] = chosen[i].Transaction.Leaf;
        var root = MerkleTree.Root(leaves);
        var outcome = draft.Complete(chain.MedianWith(header));
        return new BlockTemplate(header with { TransactionsRoot = root, Difficulty = header.Difficulty + outcome.Justified }, [.. chosen], outcome);
    }
}
