using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>A block store in the node's database file: the embedded default.</summary>
/// <remarks>
/// A commit is one transaction with <c>synchronous=FULL</c>; what waits is in a file beside it (<see cref="SqlitePendingJournal"/>). Undo records are kept for twice the specification's reorganisation limit, blocks of other branches for
/// as long as a reorganisation can reach them, so that beside blocks, histories and rejected transactions nothing grows with the chain. What was rejected stays:
/// whoever asks for it later hears the same. The store does not trust the file with more than order: what it decodes and finds wrong is a
/// <see cref="StorageException"/>, what it does not decode (<see cref="ReadChain"/>) it hands out as it is.
/// </remarks>
public sealed class SqliteBlockStore : IBlockStore
{
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStoreWriter _writer;
    private readonly SqlitePendingJournal _journal;
    private ChainSpec? _spec;

    // The block whose rows are staged, and where the store will stand after it.
    private (Hash256 Block, StoreHead Head)? _staged;

    // Of the commits to the ledger's file: the last one, and the last number that was tried.
    private long _commits;
    private long _tried;
    private long _nextSequence;

    /// <summary>Opens the store in a database, making its tables when they are not there.</summary>
    /// <param name="database">Stays the caller's; it must outlive the store.</param>
    /// <exception cref="StorageException">The disk failed, or the tables are a newer version's.</exception>
    public SqliteBlockStore(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        database.Ensure(SqliteBlockStoreSchema.Part);
        database.Ensure(SqliteStakeTables.Part);
        _journal = new SqlitePendingJournal(database.File);
        _writer = database.Write((connection, _) => new SqliteBlockStoreWriter(connection));
    }

    /// <summary>The specification of the chain that is stored; null when the store is empty.</summary>
    /// <exception cref="StorageException">The disk failed, or what is stored is no specification.</exception>
    public ChainSpec? FindSpec() => Snapshot((lease, snapshot) =>
    {
        if (lease.Prepare("SELECT spec FROM head WHERE id = 1").Scalar(snapshot) is not byte[] canonical) return null;

        return ChainSpec.Parse(canonical).TryGet(out var spec, out var refusal) ? spec : throw SqliteBodyReader.Damaged(_database.File, $"its chain's specification can not be read ({refusal.Detail})");
    });

    /// <inheritdoc/>
    public StoredNode Load(ChainSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Translated(() => _database.Write((_, _) =>
        {
            _writer.Begin(spec);
            return true;
        }));
        var (node, head) = Translated(() => _database.Read(Environment.ProcessorCount, connections => SqliteBlockStoreLoader.Load(connections, spec, _database.File)));
        AdoptPending(head.Commits);
        var rows = Translated(_journal.Read);
        var waiting = Snapshot((lease, snapshot) => SqliteTransactionReader.Waiting(lease, snapshot, _database.File, rows, node.Ledger, head));
        _journal.Keep(waiting, rows);
        _commits = head.Commits;
        _tried = rows.Select(row => row.After).Append(head.Commits).Max();
        _nextSequence = waiting.Select(pending => pending.Sequence + 1).Append(head.NextSequence).Max();
        _spec = spec;
        return node with { Pending = waiting, NextSequence = _nextSequence };
    }

    /// <inheritdoc/>
    public void Stage(ConnectedBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (_spec is not { } spec) return;

        try
        {
            _database.Stage(_ =>
            {
                _staged = null;
                if (_writer.ReadHead() is var head && _writer.Follows(block, head)) _staged = (block.Block.Hash, _writer.Apply(new StoreChange.Connected(block), head, spec));
            });
        }
        catch (InvalidDataException damage)
        {
            throw Damaged(damage);
        }
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var spec = _spec ?? throw new InvalidOperationException("The store has to be loaded before it is written.");
        if (changes.Count == 0) return;

        var (admitted, decided, ledger) = CommitParts.Of(changes);
        var nextSequence = _nextSequence;
        foreach (var pending in admitted) nextSequence = Math.Max(nextSequence, pending.Sequence + 1);
        if (ledger.Count == 0)
        {
            _journal.Settle(_journal.Write(admitted, _commits));
            _nextSequence = nextSequence;
            return;
        }

        // Admissions that belong to this commit count once it is in the ledger's file.
        var number = ++_tried;
        var write = _journal.Write(admitted, number);
        try
        {
            WriteLedger(ledger, number, nextSequence, spec);
        }
        catch (Exception failure)
        {
            _journal.TakeBack(write);
            if (failure is InvalidDataException) throw Damaged(failure);
            throw;
        }

        (_commits, _nextSequence) = (number, nextSequence);
        _journal.Settle(write);
        _journal.Decided(decided);
    }

    /// <inheritdoc/>
    public StoredBlock? FindBlock(long index) => _database.Read(lease =>
    {
        using var row = lease.Prepare("SELECT block_index, hash, weight, header, body FROM block WHERE block_index = $1").Query(null, index);
        return row.Read() ? BlockOf(row, true) : null;
    });

    /// <inheritdoc/>
    public StoredBlock? FindBlock(Hash256 hash) => Snapshot((lease, snapshot) => FindBlock(lease, snapshot, hash));

    /// <inheritdoc/>
    public long? FindIndex(Hash256 hash) => Snapshot((lease, snapshot) => FindIndex(lease, snapshot, hash));

    /// <inheritdoc/>
    public LedgerDelta? FindDelta(Hash256 hash) => Snapshot((lease, snapshot) => FindIndex(lease, snapshot, hash) is { } index ? SqliteBlockStoreLoader.ReadDelta(lease, snapshot, index) : null);

    /// <inheritdoc/>
    public ArchivedBlock Find(Hash256 hash) => Snapshot((lease, snapshot) =>
    {
        var stored = FindBlock(lease, snapshot, hash) ?? throw new InvalidOperationException($"Block {hash} is not in '{_database.File}'.");
        if (!Block.Decode(stored.Bytes.Span, int.MaxValue).TryGet(out var block, out var refusal))
            throw SqliteBodyReader.Damaged(_database.File, $"block {stored.Index} {hash} can not be read ({refusal.Detail})");

        return new ArchivedBlock(block, stored.OnBranch ? SqliteBlockStoreLoader.ReadDelta(lease, snapshot, stored.Index) : null);
    }, ofWriter: true);

    /// <inheritdoc/>
    public IEnumerable<StoredBlock> ReadChain(long from, int limit = int.MaxValue)
    {
        using var lease = _database.Read();
        using var snapshot = Translated(() => lease.Connection.BeginTransaction(deferred: true));
        using var row = Translated(() => lease
            .Prepare("SELECT block_index, hash, weight, header, body FROM block WHERE block_index >= $1 ORDER BY block_index LIMIT $2")
            .Query(snapshot, from, Math.Max(limit, 0)));
        while (Translated(() => row.Read() ? BlockOf(row, true) : null) is { } block) yield return block;
    }

    /// <inheritdoc/>
    public IEnumerable<StoredHeader> ReadHeaders(long from, int limit)
    {
        using var lease = _database.Read();
        using var snapshot = Translated(() => lease.Connection.BeginTransaction(deferred: true));
        using var row = Translated(() => lease
            .Prepare("SELECT block_index, hash, header FROM block WHERE block_index >= $1 ORDER BY block_index LIMIT $2")
            .Query(snapshot, from, Math.Max(limit, 0)));
        while (Translated(() => row.Read() ? HeaderOf(row, lease.Connection) : null) is { } header) yield return header;
    }

    /// <inheritdoc/>
    public StoredTransaction? FindTransaction(Hash256 id) =>
        Waiting(id) ?? Snapshot((lease, snapshot) => SqliteTransactionReader.Confirmed(lease, snapshot, _database.File, id) ?? SqliteTransactionReader.Rejected(lease, snapshot, _database.File, id)) ?? Waiting(id);

    /// <inheritdoc/>
    public IReadOnlyList<StoredTicketChange> TicketHistory(TicketId ticket, HistoryPosition? after, int limit) =>
        Snapshot((lease, snapshot) => SqliteHistoryReader.TicketHistory(lease, snapshot, _database.File, ticket, after, limit));

    /// <inheritdoc/>
    public IReadOnlyList<StoredAccountTransaction> AccountTransactions(Address account, HistoryPosition? before, int limit) =>
        Snapshot((lease, snapshot) => SqliteHistoryReader.AccountTransactions(lease, snapshot, _database.File, account, before, limit));

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttendance> Attendance(EventId eventId, long afterBlock, int limit) =>
        Snapshot((lease, snapshot) => SqliteHistoryReader.Attendance(lease, snapshot, eventId, afterBlock, limit));

    /// <inheritdoc/>
    public IReadOnlyList<StoredResale> Resales(EventId eventId, HistoryPosition? after, int limit) =>
        Snapshot((lease, snapshot) => SqliteHistoryReader.Resales(lease, snapshot, _database.File, eventId, after, limit));

    /// <summary>Frees the compiled statements and closes what is beside the database, which stays open.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _journal.Dispose();
    }

    private void WriteLedger(IReadOnlyList<StoreChange> changes, long number, long nextSequence, ChainSpec spec) => _database.Write(
        () => _staged is { } staged && changes[0] is StoreChange.Connected next && next.Block.Block.Hash == staged.Block,
        (_, _, isStaged) =>
        {
            var head = (isStaged ? _staged!.Value.Head : _writer.ReadHead()) with { Commits = number, NextSequence = nextSequence };
            _staged = null;
            foreach (var change in changes.Skip(isStaged ? 1 : 0)) head = _writer.Apply(change, head, spec);
            _writer.WriteHead(head);
        });

    // Versions before 3 kept what waits in the ledger's file. First there, then gone here: a crash in between leaves it in both, which is the same.
    private void AdoptPending(long commits)
    {
        var pending = Snapshot((lease, _) => SqliteBlockStoreLoader.ReadFormerPending(lease.Connection, _database.File));
        if (pending.Count == 0) return;

        _journal.Adopt(pending, commits);
        _database.Write((_, _) => _writer.ForgetFormerPending());
    }

    private StoredTransaction? Waiting(Hash256 id) => _journal.Find(id) is { } transaction ? new StoredTransaction(transaction, TransactionStatus.Pending, null) : null;

    private static long? FindIndex(ReadLease lease, SqliteTransaction snapshot, Hash256 hash) =>
        (long?)lease.Prepare("SELECT block_index FROM block WHERE hash = $1").Scalar(snapshot, hash.Span.ToArray());

    private static StoredBlock? FindBlock(ReadLease lease, SqliteTransaction snapshot, Hash256 hash)
    {
        var bytes = hash.Span.ToArray();
        using (var row = lease.Prepare("SELECT block_index, hash, weight, header, body FROM block WHERE hash = $1").Query(snapshot, bytes))
        {
            if (row.Read()) return BlockOf(row, true);
        }

        using var side = lease.Prepare("SELECT block_index, hash, weight, header, body FROM side_block WHERE hash = $1").Query(snapshot, bytes);
        return side.Read() ? BlockOf(side, false) : null;
    }

    private static StoredBlock BlockOf(SqliteDataReader row, bool onBranch)
    {
        byte[] header = (byte[])row[3], body = (byte[])row[4];
        var bytes = new byte[header.Length + body.Length];
        header.CopyTo(bytes, 0);
        body.CopyTo(bytes, header.Length);
        return new StoredBlock(row.GetInt64(0), new Hash256((byte[])row[1]), onBranch, SqliteBlockTables.WeightOf((byte[])row[2]), bytes);
    }

    // The seal begins the body. Only a blob that is opened can be read in part: a query would read all of it.
    private static StoredHeader HeaderOf(SqliteDataReader row, SqliteConnection connection)
    {
        var header = (byte[])row[2];
        using var body = new SqliteBlob(connection, "block", "body", row.GetInt64(0), readOnly: true);
        var bytes = new byte[header.Length + (int)Math.Min(body.Length, TransactionSignature.ListSize(1))];
        header.CopyTo(bytes, 0);
        body.ReadExactly(bytes.AsSpan(header.Length));
        return new StoredHeader(row.GetInt64(0), new Hash256((byte[])row[1]), bytes);
    }

    // Several statements that see one and the same commit.
    private T Snapshot<T>(Func<ReadLease, SqliteTransaction, T> query, bool ofWriter = false) => Translated(() =>
    {
        using var lease = _database.Read(ofWriter);
        using var snapshot = lease.Connection.BeginTransaction(deferred: true);
        return query(lease, snapshot);
    });

    private T Translated<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Translate(failure, _database.File);
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentException or InvalidCastException or OverflowException or EndOfStreamException)
        {
            // What decoding says of bytes that were never written.
            throw Damaged(damage);
        }
    }

    private StorageException Damaged(Exception damage) => new(StorageFault.Damaged, SqliteBodyReader.Damaged(_database.File, damage.Message).Message, 0, damage);
}
