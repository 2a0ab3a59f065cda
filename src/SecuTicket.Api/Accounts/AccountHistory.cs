using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Accounts;

/// <summary>Reads an account's transactions page by page, newest first: when asked for, those that wait, and then the confirmed ones.</summary>
/// <remarks>
/// A page ends at a confirmed transaction, or at the sequence of a waiting one. One that is confirmed between two pages can be seen twice, as waiting
/// and as confirmed, but none is missed.
/// </remarks>
/// <param name="store">Where confirmed transactions are.</param>
/// <param name="view">What is shown.</param>
internal sealed class AccountHistory(IBlockStore store, LedgerView view)
{
    private const int MaxReadAtOnce = 128;

    /// <summary>Reads one page.</summary>
    /// <param name="account">The account.</param>
    /// <param name="limit">The most transactions.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public Page<TransactionAnswer> Read(Address account, int limit, HistoryPlace? after)
    {
        var page = new PageBuilder<TransactionAnswer>(limit);
        var last = after;
        var confirmedFrom = after is { BlockIndex: >= 0 } place ? new HistoryPosition(place.BlockIndex, place.Position) : (HistoryPosition?)null;
        if (confirmedFrom is null)
        {
            foreach (var pending in Waiting(account, after))
            {
                var transaction = pending.Transaction.Transaction;
                var size = TransactionAnswer.SizeOf(transaction);
                if (!page.Fits(size)) return page.ToPage(last.ToString());

                page.Add(TransactionAnswer.Of(transaction, TransactionStatus.Pending, null), size);
                last = new HistoryPlace(-1, 0, pending.Sequence);
            }
        }

        // The store may be a block ahead of the snapshot, which knows what came there as waiting.
        var before = confirmedFrom ?? new HistoryPosition(view.TipIndex + 1, 0);
        foreach (var stored in Confirmed(account, before, Math.Min(limit + 1, MaxReadAtOnce)))
        {
            var size = TransactionAnswer.SizeOf(stored.Transaction);
            if (!page.Fits(size)) return page.ToPage(last.ToString());

            page.Add(TransactionAnswer.Of(stored.Transaction, TransactionStatus.Confirmed, stored.Position.BlockIndex, view.IsFinal(stored.Position.BlockIndex)), size);
            last = new HistoryPlace(stored.Position.BlockIndex, stored.Position.Position, 0);
        }

        return page.ToPage(null);
    }

    // In small reads: a page may be full of large payloads long before it has all the items it could have. And in no larger ones than a page needs, one more than it shows.
    private IEnumerable<StoredAccountTransaction> Confirmed(Address account, HistoryPosition before, int atOnce)
    {
        while (true)
        {
            var read = store.AccountTransactions(account, before, atOnce);
            foreach (var stored in read) yield return stored;
            if (read.Count < atOnce) yield break;

            before = read[^1].Position;
        }
    }

    private IEnumerable<PendingTransaction> Waiting(Address account, HistoryPlace? after)
    {
        if (!view.IsPending) return [];

        return view.Snapshot.Pending.InOrder
            .Select(entry => entry.Value)
            .Where(pending => (after is null || pending.Sequence < after.Value.Waiting) && pending.Effects.Parties.Contains(account))
            .Reverse();
    }
}
