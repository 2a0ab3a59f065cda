using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers;

/// <summary>What waits for a block here, by leaf: the ledger knows it by id, and one id can have several leaves.</summary>
internal sealed class PendingLeaves(Func<NodeSnapshot> snapshot)
{
    private readonly Dictionary<Hash256, Hash256> _ids = [];
    private readonly Dictionary<Hash256, Hash256> _leaves = [];

    /// <summary>Values remembered.</summary>
    public int Remembered => _ids.Count + _leaves.Count;

    /// <summary>Starts from what waits now.</summary>
    public void Restart()
    {
        _ids.Clear();
        _leaves.Clear();
        foreach (var (_, pending) in snapshot().Pending.InOrder) Add(pending);
    }

    public bool Contains(Hash256 leaf) => _ids.ContainsKey(leaf);

    public void Add(PendingTransaction pending)
    {
        _ids[pending.Transaction.Transaction.Leaf] = pending.Id;
        _leaves[pending.Id] = pending.Transaction.Transaction.Leaf;
    }

    /// <summary>A transaction waits no more.</summary>
    /// <returns>Whether it did, as far as was known.</returns>
    public bool Remove(Hash256 id, out Hash256 leaf) => _leaves.Remove(id, out leaf) && _ids.Remove(leaf);

    /// <summary>The transaction, if it waits still.</summary>
    public Transaction? Find(Hash256 leaf) =>
        _ids.TryGetValue(leaf, out var id) && snapshot().Pending.ById.Find(id) is { } pending && pending.Transaction.Transaction.Leaf == leaf
            ? pending.Transaction.Transaction
            : null;
}
