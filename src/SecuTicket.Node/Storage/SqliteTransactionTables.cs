using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Node.Storage.SqliteBlockStoreSchema;

namespace SecuTicket.Node.Storage;

/// <summary>Writes what became of each transaction that waits no longer: in a block, or rejected.</summary>
internal sealed class SqliteTransactionTables(SqliteConnection connection) : IDisposable
{
    private readonly DirectStatement _anyRejected = new(connection, $"SELECT 1 FROM undecided WHERE kind = {RejectedKind} LIMIT 1");
    private readonly DirectStatement _undecided = new(connection, $"SELECT at FROM undecided WHERE prefix = ? AND kind = {RejectedKind}");
    private readonly DirectStatement _insertUndecided = new(connection, $"INSERT INTO undecided (prefix, kind, at) VALUES (?, {RejectedKind}, ?)");
    private readonly DirectStatement _deleteUndecided = new(connection, $"DELETE FROM undecided WHERE prefix = ? AND kind = {RejectedKind} AND at = ?");
    private readonly DirectStatement _insertPlace = new(connection, "INSERT INTO place (prefix, block_index, at) VALUES (?, ?, ?)");
    private readonly DirectStatement _deletePlace = new(connection, "DELETE FROM place WHERE prefix = ? AND block_index = ? AND at = ?");
    private readonly DirectStatement _insertRejected = new(connection, "INSERT INTO rejected (id, code, detail, bytes, in_commit) VALUES (?, ?, ?, ?, ?)");
    private readonly DirectStatement _deleteRejected = new(connection, "DELETE FROM rejected WHERE number = ? AND id = ?");
    private readonly SQLitePCL.sqlite3 _database = connection.Handle!;
    private readonly List<long> _found = [];
    private readonly List<(long Prefix, int Offset)> _places = [];

    /// <summary>The first 8 bytes of an id.</summary>
    public static long PrefixOf(Hash256 id) => BinaryPrimitives.ReadInt64BigEndian(id.Span);

    /// <summary>Offset of a block's first transaction in its stored body.</summary>
    public static int FirstOffset(Block block) => TransactionSignature.ListSize(block.Seal is null ? 0 : 1) + sizeof(int);

    /// <summary>It is rejected from now on.</summary>
    /// <param name="rejected">The transaction, and why.</param>
    /// <param name="commit">Number of the commit.</param>
    public void Reject(RejectedTransaction rejected, long commit)
    {
        var transaction = rejected.Transaction.Transaction;
        ForgetRejected(transaction.Id);
        _insertRejected.With(0, transaction.Id.Span).WithText(1, rejected.Refusal.Code).WithText(2, rejected.Refusal.Detail).With(3, transaction.Encode()).With(4, commit).Run();
        _insertUndecided.With(0, PrefixOf(transaction.Id)).With(1, SQLitePCL.raw.sqlite3_last_insert_rowid(_database)).Run();
    }

    /// <summary>Their block joined our branch: they are not rejected.</summary>
    public void Confirm(Block block)
    {
        if (HasRejected())
        {
            foreach (var transaction in block.Transactions.Span) ForgetRejected(transaction.Id);
        }

        foreach (var (prefix, offset) in PlacesOf(block)) _insertPlace.With(0, prefix).With(1, block.Header.Index).With(2, offset).Run();
    }

    /// <summary>Their block left our branch: nothing is known of them any more.</summary>
    public void Unconfirm(Block block)
    {
        foreach (var (prefix, offset) in PlacesOf(block)) _deletePlace.With(0, prefix).With(1, block.Header.Index).With(2, offset).Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)
            [_anyRejected, _undecided, _insertUndecided, _deleteUndecided, _insertPlace, _deletePlace, _insertRejected, _deleteRejected])
            statement.Dispose();
    }

    // In the order of the B-tree, so that neighbours are written while their page is at hand.
    private List<(long Prefix, int Offset)> PlacesOf(Block block)
    {
        _places.Clear();
        var offset = FirstOffset(block);
        foreach (var transaction in block.Transactions.Span)
        {
            _places.Add((PrefixOf(transaction.Id), offset));
            offset += transaction.Size;
        }

        _places.Sort();
        return _places;
    }

    // Asked once for a block: hardly ever is anything rejected, and then no transaction needs a look.
    private bool HasRejected()
    {
        try
        {
            return _anyRejected.Step();
        }
        finally
        {
            _anyRejected.Reset();
        }
    }

    private void ForgetRejected(Hash256 id)
    {
        var prefix = PrefixOf(id);
        _found.Clear();
        try
        {
            _undecided.With(0, prefix);
            while (_undecided.Step()) _found.Add(_undecided.Long(0));
        }
        finally
        {
            _undecided.Reset();
        }

        // Another transaction may share the prefix, so its row goes only when the whole id is the same.
        foreach (var at in _found)
            if (_deleteRejected.With(0, at).With(1, id.Span).Run() > 0) _deleteUndecided.With(0, prefix).With(1, at).Run();
    }
}
