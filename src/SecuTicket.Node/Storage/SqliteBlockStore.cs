using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>A block store in the node's database file: the embedded default.</summary>
/// <remarks>
/// A commit is one transaction with <c>synchronous=FULL</c>. Undo records are kept for twice the specification's reorganisation limit, blocks of other branches for
/// as long as a reorganisation can reach them, so that beside blocks, histories and rejected transactions nothing grows with the chain. What was rejected stays:
/// whoever asks for it later hears the same. The store does not trust the file with more than order: what it decodes and finds wrong is a
/// <see cref="StorageException"/>, what it does not decode (<see cref="ReadChain"/>) it hands out as it is.
/// </remarks>
public sealed class SqliteBlockStore : IBlockStore
{
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStoreWriter _writer;
    private ChainSpec? _spec;

    /// <summary>Opens the store in a database, making its tables when they are not there.</summary>
    /// <param name="database">Stays the caller's; it must outlive the store.</param>
    /// <exception cref="StorageException">The disk failed, or the tables are a newer version's.</exception>
    public SqliteBlockStore(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        database.Ensure(SqliteBlockStoreSchema.Part);
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
        var node = Translated(() => _database.Read(Environment.ProcessorCount, connections => SqliteBlockStoreLoader.Load(connections, spec, _database.File)));
        _spec = spec;
        return node;
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var spec = _spec ?? throw new InvalidOperationException("The store has to be loaded before it is written.");
        if (changes.Count == 0) return;

        try
        {
            _database.Write((_, _) => _writer.Apply(changes, spec));
        }
        catch (InvalidDataException damage)
        {
            throw Damaged(damage);
        }
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
    public long? FindIndex(Hash256 hash) => Snapshot((lease, snapshot) => (long?)lease.Prepare("SELECT block_index FROM block WHERE hash = $1").Scalar(snapshot, hash.Span.ToArray()));

    /// <inheritdoc/>
    public ArchivedBlock Find(Hash256 hash) => Snapshot((lease, snapshot) =>
    {
        var stored = FindBlock(lease, snapshot, hash) ?? throw new InvalidOperationException($"Block {hash} is not in '{_database.File}'.");
        if (!Block.Decode(stored.Bytes.Span, int.MaxValue).TryGet(out var block, out var refusal))
            throw SqliteBodyReader.Damaged(_database.File, $"block {stored.Index} {hash} can not be read ({refusal.Detail})");

        return new ArchivedBlock(block, stored.OnBranch ? SqliteBlockStoreLoader.ReadDelta(lease, snapshot, stored.Index) : null);
    });

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
    public StoredTransaction? FindTransaction(Hash256 id) => Snapshot((lease, snapshot) => Confirmed(lease, snapshot, id) ?? Undecided(lease, snapshot, id));

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

    /// <summary>Frees the compiled statements; the database stays open.</summary>
    public void Dispose() => _writer.Dispose();

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

    private StoredTransaction? Confirmed(ReadLease lease, SqliteTransaction snapshot, Hash256 id)
    {
        var prefix = SqliteTransactionTables.PrefixOf(id);
        using var place = lease.Prepare("SELECT block_index, at FROM place WHERE prefix = $1").Query(snapshot, prefix);
        using var bodies = new SqliteBodyReader(lease, _database.File);
        while (place.Read())
        {
            var index = place.GetInt64(0);
            var transaction = bodies.Read(index, place.GetInt64(1));
            if (transaction.Id == id) return new StoredTransaction(transaction, TransactionStatus.Confirmed, index);
            if (SqliteTransactionTables.PrefixOf(transaction.Id) != prefix)
                throw SqliteBodyReader.Damaged(_database.File, $"block {index} holds transaction {transaction.Id} where {id} is looked up");
        }

        return null;
    }

    private StoredTransaction? Undecided(ReadLease lease, SqliteTransaction snapshot, Hash256 id)
    {
        using var row = lease.Prepare(
            """
            SELECT coalesce(p.bytes, r.bytes), r.code, r.detail FROM undecided u
            LEFT JOIN pending p ON u.kind = 0 AND p.sequence = u.at AND p.id = $2
            LEFT JOIN rejected r ON u.kind = 1 AND r.number = u.at AND r.id = $2
            WHERE u.prefix = $1 AND coalesce(p.id, r.id) IS NOT NULL
            """).Query(snapshot, SqliteTransactionTables.PrefixOf(id), id.Span.ToArray());
        if (!row.Read()) return null;
        if (!Transaction.Decode((byte[])row[0]).TryGet(out var transaction, out var refusal))
            throw SqliteBodyReader.Damaged(_database.File, $"transaction {id} can not be read ({refusal.Detail})");

        return row.IsDBNull(1)
            ? new StoredTransaction(transaction, TransactionStatus.Pending, null)
            : new StoredTransaction(transaction, TransactionStatus.Rejected, null, row.GetString(1), row.GetString(2));
    }

    // Several statements that see one and the same commit.
    private T Snapshot<T>(Func<ReadLease, SqliteTransaction, T> query) => Translated(() =>
    {
        using var lease = _database.Read();
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
