using Microsoft.Data.Sqlite;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>Applies the changes of one commit, in order, on the writing connection, inside the transaction of whoever calls it.</summary>
/// <remarks>It keeps nothing between two commits but compiled statements: what a failed commit left half done, it reads anew.</remarks>
internal sealed class SqliteBlockStoreWriter(SqliteConnection connection) : IDisposable
{
    // One limit is what a reorganisation undoes; the second is for a branch that weighs more with fewer blocks, which brings the tip back.
    private const int UndoneLimits = 2;

    private readonly SqliteBlockTables _blocks = new(connection);
    private readonly SqliteTransactionTables _transactions = new(connection);
    private readonly SqliteLedgerTables _ledger = new(connection);
    private readonly SqliteHistoryTables _history = new(connection);

    /// <summary>Writes the genesis when the store is empty.</summary>
    public void Begin(ChainSpec spec)
    {
        if (_blocks.ReadHead() is null) _blocks.Begin(spec);
    }

    /// <summary>Applies the changes.</summary>
    /// <exception cref="SqliteException">The disk failed.</exception>
    public void Apply(IReadOnlyList<StoreChange> changes, ChainSpec spec)
    {
        var before = _blocks.ReadHead() ?? throw new InvalidOperationException("The store has no genesis: load it first.");
        var head = before;
        foreach (var change in changes)
        {
            switch (change)
            {
                case StoreChange.Admitted admitted:
                    _transactions.Admit(admitted.Pending);
                    head = head with { NextSequence = Math.Max(head.NextSequence, admitted.Pending.Sequence + 1) };
                    break;
                case StoreChange.Rejected rejected:
                    _transactions.Reject(rejected.Transaction);
                    break;
                case StoreChange.Connected connected:
                    head = Connect(connected.Block, head, spec);
                    break;
                case StoreChange.Disconnected disconnected:
                    head = Disconnect(disconnected.Block, head);
                    break;
                case StoreChange.Sided sided:
                    _blocks.AddSide(sided.Block.Block.Block, sided.Block.Weight);
                    break;
                default:
                    throw new ArgumentException($"{change.GetType().Name} is no change that this store knows.", nameof(changes));
            }
        }

        if (head != before) _blocks.WriteHead(head);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _transactions.Dispose();
        _ledger.Dispose();
        _history.Dispose();
    }

    private StoreHead Connect(ConnectedBlock connected, StoreHead head, ChainSpec spec)
    {
        var block = connected.Block.Block;
        var index = block.Header.Index;
        var final = index - ((long)UndoneLimits * spec.ReorganisationLimit);
        _blocks.Append(block, connected.Weight, head.Tip);
        var forgotten = _ledger.Apply(index, connected.Outcome.Delta, head.Forgotten, final);
        var accounts = _history.Add(connected);
        _blocks.WriteUndo(index, head.Forgotten, accounts, connected.Outcome.Delta, final);
        _transactions.Confirm(block);
        return head with { Tip = index, Supply = connected.Outcome.Delta.Supply.After, Forgotten = forgotten };
    }

    private StoreHead Disconnect(DisconnectedBlock disconnected, StoreHead head)
    {
        var block = disconnected.Block.Block;
        var index = block.Header.Index;
        _blocks.RemoveTip(block, head.Tip);
        var (forgotten, accounts) = _blocks.TakeUndo(index);
        _history.Remove(index, disconnected.Delta, accounts);
        _ledger.Undo(index, disconnected.Delta);
        _transactions.Unconfirm(block);
        return head with { Tip = index - 1, Supply = disconnected.Delta.Supply.Before, Forgotten = forgotten };
    }
}
