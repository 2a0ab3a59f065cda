using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
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
        var draft = new BlockDraft(chain.Ledger, new RuleContext(chain.Spec, header.Index, header.Timestamp), header);
        var chosen = new List<VerifiedTransaction>();
        var passedOver = false;
        var size = BlockHeader.Size + TransactionSignature.ListSize(1) + sizeof(int);
        if (LedgerRules.RewardAfter(chain.Ledger, chain.Spec.Reward) is var due and > 0)
        {
            var reward = TransactionVerifier.Restore(new Transaction(Payload.OfReward(chain.Spec.ChainId, sealer, due, header.Index), []));
            chosen.Add(reward);
            draft.Add(reward, (Reward)reward.Payload.Operation);
            size += reward.Transaction.Size;
        }

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

        EquatableArray<VerifiedTransaction> transactions = [.. chosen];
        var root = MerkleTree.Root([.. chosen.Select(transaction => transaction.Transaction.Leaf)]);
        var outcome = draft.Complete(chain.MedianWith(header));
        return new BlockTemplate(header with { TransactionsRoot = root, Difficulty = header.Difficulty + outcome.Justified }, transactions, outcome) { PassedOver = passedOver };
    }
}
