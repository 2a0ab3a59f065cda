using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers;

/// <summary>What waits for a block here, by leaf: the ledger knows it by id, and one id can have several leaves.</summary>
internal sealed class PendingLeaves(Func<NodeSnapshot> snapshot)
{
    private readonly Dictionary<Hash256, Transaction> _waiting = [];
    private readonly Dictionary<Hash256, Hash256> _leaves = [];

    /// <summary>Values remembered.</summary>
    public int Remembered => _waiting.Count + _leaves.Count;

    /// <summary>Starts from what waits now.</summary>
    public void Restart()
    {
        _waiting.Clear();
        _leaves.Clear();
        foreach (var (_, pending) in snapshot().Pending.InOrder) Add(pending);
    }

    public bool Contains(Hash256 leaf) => _waiting.ContainsKey(leaf);

    public void Add(PendingTransaction pending)
    {
        var transaction = pending.Transaction.Transaction;
        if (_leaves.TryGetValue(pending.Id, out var former)) _waiting.Remove(former);
        _waiting[transaction.Leaf] = transaction;
        _leaves[pending.Id] = transaction.Leaf;
    }

    /// <summary>A transaction waits no more.</summary>
    /// <returns>Whether it did, as far as was known.</returns>
    public bool Remove(Hash256 id, out Hash256 leaf) => _leaves.Remove(id, out leaf) && _waiting.Remove(leaf);

    /// <summary>The transaction, if it waits still as far as is known.</summary>
    public Transaction? Find(Hash256 leaf) => _waiting.GetValueOrDefault(leaf);
}
