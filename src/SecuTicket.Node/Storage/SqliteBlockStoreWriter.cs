using Microsoft.Data.Sqlite;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>Applies the changes of one commit, in order, on the writing connection, inside the transaction of whoever calls it.</summary>
/// <remarks>
/// <para>
/// Balances and tickets are not written block by block: a thousand purchases change rows on some thousand pages of both tables, and a page is written whole.
/// What a block changed is in its undo record anyway, so the tables follow some blocks behind, many changes to a page at once, and whoever loads the
/// store puts the records of the last blocks on top.
/// </para>
/// <para>Between two commits it keeps nothing that matters: a failed commit can not leave anything half done here.</para>
/// </remarks>
internal sealed class SqliteBlockStoreWriter(SqliteConnection connection) : IDisposable
{
    // One limit is what a reorganisation undoes; the second is for a branch that weighs more with fewer blocks, which brings the tip back.
    private const int UndoneLimits = 2;

    // Whichever comes first: many small blocks, or enough changes that one commit should not write more.
    private const int MaxUnsettled = 16;
    private const int MaxUnsettledRows = 32_768;
    private const int MaxRecent = 4 * MaxUnsettled;

    // More than come beside our branch, block for block, unless somebody floods it; then it takes as many blocks more.
    private const int MaxDroppedSides = 16;

    private readonly SqliteBlockTables _blocks = new(connection);
    private readonly SqliteTransactionTables _transactions = new(connection);
    private readonly SqliteLedgerTables _ledger = new(connection);
    private readonly SqliteStakeTables _stakes = new(connection);
    private readonly SqliteHistoryTables _history = new(connection);

    // What the last blocks changed, so that it need not be read back; by hash, so that it is right whatever became of the commit.
    private readonly Dictionary<Hash256, LedgerDelta> _recent = [];

    /// <summary>Writes the genesis when the store is empty, and what a store of an earlier version has not.</summary>
    public void Begin(ChainSpec spec)
    {
        if (_blocks.ReadHead() is not { } head)
        {
            _blocks.Begin(spec);
            _stakes.Begin(spec);
            return;
        }

        _ledger.AdoptFormer();
        if (!_history.LacksResales()) return;

        _blocks.WriteHead(Settle(head));
        _history.FillResales(SqliteLedgerLoader.ReadTickets(connection));
    }

    /// <summary>Takes out what an earlier version kept of what waits, once it is elsewhere.</summary>
    public void ForgetFormerPending()
    {
        foreach (var sql in (ReadOnlySpan<string>)["DELETE FROM pending", $"DELETE FROM undecided WHERE kind = {SqliteBlockStoreSchema.PendingKind}"])
        {
            using var statement = new DirectStatement(connection, sql);
            statement.Run();
        }
    }

    /// <summary>Begins a commit: where the store stands.</summary>
    public StoreHead ReadHead() => _blocks.ReadHead() ?? throw new InvalidOperationException("The store has no genesis: load it first.");

    /// <summary>Whether a block comes next after the stored tip.</summary>
    public bool Follows(ConnectedBlock block, StoreHead head) => block.Block.Header.Index == head.Tip + 1 && _blocks.HashAt(head.Tip) == block.Block.Header.Previous;

    /// <summary>Applies one change. Admissions are not for this file.</summary>
    /// <param name="change">What changed.</param>
    /// <param name="head">Where the store stands.</param>
    /// <param name="spec">The chain's specification.</param>
    /// <returns>Where it stands after it.</returns>
    /// <exception cref="SqliteException">The disk failed.</exception>
    /// <exception cref="InvalidDataException">The disk holds something else than what was written.</exception>
    public StoreHead Apply(StoreChange change, StoreHead head, ChainSpec spec)
    {
        switch (change)
        {
            case StoreChange.Rejected rejected:
                _transactions.Reject(rejected.Transaction, head.Commits);
                return head;
            case StoreChange.Connected connected:
                return Connect(connected.Block, head, spec);
            case StoreChange.Disconnected disconnected:
                return Disconnect(disconnected.Block, head);
            case StoreChange.Sided sided:
                _blocks.AddSide(sided.Block.Block.Block, sided.Block.Weight);
                return head;
            default:
                throw new ArgumentException($"{change.GetType().Name} is no change that this store knows.", nameof(change));
        }
    }

    /// <summary>Ends a commit.</summary>
    public void WriteHead(StoreHead head) => _blocks.WriteHead(head);

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _transactions.Dispose();
        _ledger.Dispose();
        _stakes.Dispose();
        _history.Dispose();
    }

    private StoreHead Connect(ConnectedBlock connected, StoreHead head, ChainSpec spec)
    {
        var block = connected.Block.Block;
        var index = block.Header.Index;
        var final = index - ((long)UndoneLimits * spec.ReorganisationLimit);
        _blocks.Append(block, connected.Weight, head.Tip);
        _blocks.DropSidesBelow(index - Blockchain.Kept(spec), MaxDroppedSides);
        var forgotten = _ledger.Append(index, connected.Outcome.Delta, head.Forgotten, final);
        var accounts = _history.Add(connected);
        _blocks.WriteUndo(index, head.Forgotten, accounts, connected.Outcome.Delta, final);
        _transactions.Confirm(block);
        if (_recent.Count == MaxRecent) _recent.Clear();
        _recent[block.Hash] = connected.Outcome.Delta;
        return SettleIfDue(head with { Tip = index, Supply = connected.Outcome.Delta.Supply.After, Forgotten = forgotten }, spec);
    }

    private StoreHead Disconnect(DisconnectedBlock disconnected, StoreHead head)
    {
        var block = disconnected.Block.Block;
        var index = block.Header.Index;
        _blocks.RemoveTip(block, head.Tip);
        var (forgotten, accounts) = _blocks.TakeUndo(index);
        _history.Remove(index, disconnected.Delta, accounts);
        _ledger.RemoveLast(index);
        if (index == head.Settled) Undo(disconnected.Delta);
        _transactions.Unconfirm(block);
        return head with { Tip = index - 1, Settled = Math.Min(head.Settled, index - 1), Supply = disconnected.Delta.Supply.Before, Forgotten = forgotten };
    }

    private void Undo(LedgerDelta delta)
    {
        _ledger.Undo(delta);
        if (delta.Stakes is { } stakes) _stakes.Undo(stakes);
    }

    private StoreHead SettleIfDue(StoreHead head, ChainSpec spec)
    {
        var due = head.Tip - head.Settled >= Math.Min(MaxUnsettled, UndoneLimits * spec.ReorganisationLimit);
        return due || _recent.Values.Sum(static delta => delta.Tickets.Count + delta.Balances.Count) >= MaxUnsettledRows ? Settle(head) : head;
    }

    private StoreHead Settle(StoreHead head)
    {
        var changes = new LedgerChanges(_recent.Values.Sum(static delta => delta.Tickets.Count));
        for (var index = head.Settled + 1; index <= head.Tip; index++)
            changes.Add(_blocks.HashAt(index) is { } hash && _recent.TryGetValue(hash, out var delta) ? delta : _blocks.ReadDelta(index));

        _ledger.Write(changes);
        _stakes.Write(changes.Stakes);
        _recent.Clear();
        return head with { Settled = head.Tip };
    }
}
