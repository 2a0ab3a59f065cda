using SecuTicket.Core.Blocks;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>What a commit comes to for each of the two files.</summary>
/// <param name="Admitted">What waits from now on, in order.</param>
/// <param name="Decided">What waits no longer.</param>
/// <param name="Ledger">What the ledger's file is told, in order.</param>
internal sealed record CommitParts(IReadOnlyCollection<PendingTransaction> Admitted, IReadOnlyCollection<Hash256> Decided, IReadOnlyList<StoreChange> Ledger)
{
    /// <summary>Takes a commit apart.</summary>
    public static CommitParts Of(IReadOnlyList<StoreChange> changes)
    {
        var admitted = new OrderedDictionary<Hash256, PendingTransaction>(changes.Count);
        var decided = new HashSet<Hash256>();
        var ledger = new List<StoreChange>();
        foreach (var change in changes)
        {
            switch (change)
            {
                case StoreChange.Admitted { Pending: var pending }:
                    admitted.Remove(pending.Id);
                    admitted.Add(pending.Id, pending);
                    decided.Remove(pending.Id);
                    continue;
                case StoreChange.Rejected { Transaction: var rejected }: Decide(rejected.Transaction.Id); break;
                case StoreChange.Connected { Block: var connected }: DecideAll(connected.Block.Block); break;
                case StoreChange.Disconnected { Block: var disconnected }: DecideAll(disconnected.Block.Block); break;
            }

            ledger.Add(change);
        }

        return new CommitParts(admitted.Values, decided, ledger);

        void DecideAll(Block block)
        {
            decided.EnsureCapacity(decided.Count + block.Transactions.Count);
            foreach (var transaction in block.Transactions.Span) Decide(transaction.Id);
        }

        void Decide(Hash256 id)
        {
            admitted.Remove(id);
            decided.Add(id);
        }
    }
}
