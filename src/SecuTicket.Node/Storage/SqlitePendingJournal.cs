using System.Buffers;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>A row of the journal: a transaction that was admitted.</summary>
/// <param name="Pending">The transaction.</param>
/// <param name="After">The row counts once the ledger's file has the commit of this number, and tells nothing of what that file says in later ones.</param>
internal sealed record JournalRow(StoredPending Pending, long After);

/// <summary>What a write to the journal did, for the case that its commit does not happen.</summary>
/// <param name="Added">Rows it added.</param>
/// <param name="Former">Rows of the same transactions, which count no longer once it happened.</param>
internal sealed record JournalWrite(IReadOnlyCollection<PendingTransaction> Added, IReadOnlyList<(Hash256 Id, long Sequence)> Former);

/// <summary>The transactions that wait, in a file of their own beside the ledger's: an admission is durable without waiting for a block that is being written.</summary>
/// <remarks>
/// SQLite has one writer a file. What waits is little and lives short, a block is much: in one file each admission waited until the block before it was written.
/// Two files are not written together, so the ledger's decides: it says which commits happened, what is confirmed and what was rejected since. A row that was
/// decided goes with a later write; until then whoever loads the store passes over it.
/// </remarks>
internal sealed class SqlitePendingJournal : IDisposable
{
    /// <summary>What follows the name of the ledger's file.</summary>
    public const string Suffix = "-pending";

    private static readonly SchemaPart Part = new("pending",
    [
        ["CREATE TABLE pending (sequence INTEGER PRIMARY KEY, admitted_at INTEGER NOT NULL, after_commit INTEGER NOT NULL, bytes BLOB NOT NULL)"],
    ]);

    private readonly SqliteDatabase _database;
    private readonly DirectStatement _insert;
    private readonly DirectStatement _delete;
    private readonly Lock _reading = new();
    private readonly Dictionary<Hash256, long> _sequences = [];

    // Rows that go with the next write.
    private readonly List<long> _gone = [];

    // Among them are some that would count once the ledger's file has one more commit.
    private bool _mustGo;
    private bool _disposed;

    /// <summary>Opens the journal of a ledger's file, making it when there is none.</summary>
    /// <exception cref="StorageException">It is damaged, not ours or can not be opened.</exception>
    public SqlitePendingJournal(string ledgerFile)
    {
        _database = SqliteDatabase.Open(ledgerFile + Suffix, new SqliteOptions { Readers = 2, WriterCacheBytes = 8 * 1024 * 1024, CheckpointBytes = 8 * 1024 * 1024 });
        try
        {
            _database.Ensure(Part);
            (_insert, _delete) = _database.Write((connection, _) => (
                new DirectStatement(connection, "INSERT OR REPLACE INTO pending (sequence, admitted_at, after_commit, bytes) VALUES (?, ?, ?, ?)"),
                new DirectStatement(connection, "DELETE FROM pending WHERE sequence BETWEEN ? AND ?")));
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>All rows, in the order of admission.</summary>
    /// <exception cref="StorageException">One can not be read.</exception>
    public IReadOnlyList<JournalRow> Read() => _database.Read(lease =>
    {
        var rows = new List<JournalRow>();
        using var row = new DirectStatement(lease.Connection, "SELECT sequence, admitted_at, after_commit, bytes FROM pending ORDER BY sequence");
        while (row.Step()) rows.Add(new JournalRow(new StoredPending(Decode(row.Bytes(3), row.Long(0)), row.Long(0), row.Long(1)), row.Long(2)));
        return rows;
    });

    /// <summary>Goes on with these rows; the others go at once.</summary>
    public void Keep(IReadOnlyList<StoredPending> kept, IReadOnlyList<JournalRow> all)
    {
        lock (_reading)
        {
            _sequences.Clear();
            foreach (var pending in kept) _sequences[pending.Transaction.Id] = pending.Sequence;
        }

        var left = kept.Select(pending => pending.Sequence).ToHashSet();
        _gone.Clear();
        _gone.AddRange(all.Select(row => row.Pending.Sequence).Where(sequence => !left.Contains(sequence)));
        _mustGo = _gone.Count > 0;
        Write([], 0);
    }

    /// <summary>Takes over what an earlier version kept in the ledger's file, durably.</summary>
    public void Adopt(IReadOnlyList<StoredPending> pending, long after) => _database.Write((_, _) =>
    {
        foreach (var one in pending) Insert(one.Transaction, one.Sequence, one.AdmittedAt, after);
    });

    /// <summary>Writes admissions, durably, and takes out what is gone.</summary>
    /// <param name="admitted">In order; one that waits already gets a new place.</param>
    /// <param name="after">See <see cref="JournalRow"/>.</param>
    /// <exception cref="StorageException">Nothing was written.</exception>
    public JournalWrite Write(IReadOnlyCollection<PendingTransaction> admitted, long after)
    {
        List<(Hash256 Id, long Sequence)> former = [];
        lock (_reading)
        {
            // One that is to stay where it is keeps its row as it is.
            if (admitted.Any(HasRow)) admitted = [.. admitted.Where(pending => !HasRow(pending))];
            foreach (var pending in admitted)
                if (_sequences.TryGetValue(pending.Id, out var sequence)) former.Add((pending.Id, sequence));
        }

        if (admitted.Count == 0 && !_mustGo) return new JournalWrite(admitted, former);

        _database.Write((_, _) =>
        {
            DeleteGone();
            foreach (var pending in admitted) Insert(pending.Transaction.Transaction, pending.Sequence, pending.AdmittedAt, after);
        });
        _gone.Clear();
        _mustGo = false;
        lock (_reading)
        {
            foreach (var pending in admitted) _sequences[pending.Id] = pending.Sequence;
        }

        return new JournalWrite(admitted, former);
    }

    /// <summary>The commit of a write happened.</summary>
    public void Settle(JournalWrite write)
    {
        foreach (var (_, sequence) in write.Former) _gone.Add(sequence);
    }

    /// <summary>The commit of a write did not happen: its rows must be gone before the next one does.</summary>
    public void TakeBack(JournalWrite write)
    {
        lock (_reading)
        {
            foreach (var pending in write.Added)
            {
                _sequences.Remove(pending.Id);
                _gone.Add(pending.Sequence);
            }

            foreach (var (id, sequence) in write.Former) _sequences[id] = sequence;
        }

        _mustGo |= write.Added.Count > 0;
    }

    /// <summary>They wait no longer: that is in the ledger's file.</summary>
    public void Decided(IEnumerable<Hash256> ids)
    {
        lock (_reading)
        {
            foreach (var id in ids)
                if (_sequences.Remove(id, out var sequence)) _gone.Add(sequence);
        }
    }

    /// <summary>A transaction that waits.</summary>
    public Transaction? Find(Hash256 id)
    {
        long sequence;
        lock (_reading)
        {
            if (!_sequences.TryGetValue(id, out sequence)) return null;
        }

        return _database.Read(lease => lease.Prepare("SELECT bytes FROM pending WHERE sequence = $1").Scalar(null, sequence) is byte[] bytes ? Decode(bytes, sequence) : null) is { } found && found.Id == id
            ? found
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;

        _disposed = true;
        _insert.Dispose();
        _delete.Dispose();
        _database.Dispose();
    }

    private void Insert(Transaction transaction, long sequence, long admittedAt, long after)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(transaction.Size);
        transaction.Write(bytes);
        _insert.With(0, sequence).With(1, admittedAt).With(2, after).With(3, bytes.AsSpan(0, transaction.Size)).Run();
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private bool HasRow(PendingTransaction pending) => _sequences.TryGetValue(pending.Id, out var sequence) && sequence == pending.Sequence;

    // Neighbours in one statement: a block takes out what came in a row.
    private void DeleteGone()
    {
        _gone.Sort();
        for (int start = 0, end; start < _gone.Count; start = end)
        {
            for (end = start + 1; end < _gone.Count && _gone[end] <= _gone[end - 1] + 1;) end++;

            _delete.With(0, _gone[start]).With(1, _gone[end - 1]).Run();
        }
    }

    private Transaction Decode(ReadOnlySpan<byte> bytes, long sequence) => Transaction.Decode(bytes).TryGet(out var transaction, out var refusal)
        ? transaction
        : throw SqliteBodyReader.Damaged(_database.File, $"the pending transaction with sequence {sequence} can not be read ({refusal.Detail})");
}
