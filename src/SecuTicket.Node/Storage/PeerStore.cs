using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Storage;

/// <summary>What a peer book's file holds.</summary>
/// <param name="Records">The records, in the order of addresses.</param>
/// <param name="Skipped">A sentence for each row that can not be read. It is taken out of the file.</param>
public sealed record KeptPeers(IReadOnlyList<PeerRecord> Records, IReadOnlyList<string> Skipped);

/// <summary>The peer book on disk. Thread-safe.</summary>
/// <remarks>No row is trusted: a book that lacks some peers finds others, one that can not be opened would keep a node from starting.</remarks>
public sealed class PeerStore
{
    private const string Columns = "address, origin, added_at, source, block, node_id, known_since, last_success, last_attempt, next_attempt, failures, banned_until, forgotten";

    private const int MostShown = 80;

    private static readonly SchemaPart Schema = new("peers",
    [
        [
            """
            CREATE TABLE peer (
                address TEXT PRIMARY KEY, origin INTEGER NOT NULL, added_at INTEGER NOT NULL, source TEXT, block TEXT, node_id BLOB, known_since INTEGER, last_success INTEGER,
                last_attempt INTEGER, next_attempt INTEGER NOT NULL, failures INTEGER NOT NULL, banned_until INTEGER NOT NULL, forgotten INTEGER NOT NULL
            ) WITHOUT ROWID
            """,
        ],
    ]);

    private readonly SqliteDatabase _database;
    private readonly PreparedStatement _put;
    private readonly PreparedStatement _remove;

    /// <summary>Opens the peers kept in a database, making the table when it is not there.</summary>
    /// <param name="database">Stays the caller's.</param>
    /// <exception cref="StorageException">The disk failed.</exception>
    public PeerStore(SqliteDatabase database)
    {
        _database = database;
        database.Ensure(Schema);
        _put = database.Prepare($"INSERT OR REPLACE INTO peer ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
        _remove = database.Prepare("DELETE FROM peer WHERE address = $1");
    }

    /// <summary>Reads all records; what can not be read is told once and goes.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public KeptPeers Load()
    {
        var (records, skipped, unreadable) = (new List<PeerRecord>(), new List<string>(), new List<object>());
        _database.Read(lease =>
        {
            using var rows = lease.Prepare($"SELECT {Columns} FROM peer ORDER BY address").Query(null);
            while (rows.Read())
            {
                if (Read(rows).TryGet(out var record, out var refusal))
                {
                    records.Add(record);
                }
                else
                {
                    skipped.Add(refusal.Detail);
                    unreadable.Add(rows[0]);
                }
            }

            return records.Count;
        });
        if (unreadable.Count > 0)
        {
            _database.Write((_, transaction) =>
            {
                foreach (var address in unreadable) _remove.Execute(transaction, address);
            });
        }

        return new KeptPeers(records, skipped);
    }

    /// <summary>Writes changes, all or none; durable when this returns.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public void Apply(IReadOnlyList<PeerBookChange> changes)
    {
        if (changes.Count == 0) return;

        _database.Write((_, transaction) =>
        {
            foreach (var change in changes)
            {
                if (change.Record is { } record) Put(transaction, record);
                else _remove.Execute(transaction, change.Address.ToString());
            }
        });
    }

    private void Put(SqliteTransaction transaction, PeerRecord record) => _put.Execute(
        transaction, record.Address.ToString(), (int)record.Origin, record.AddedAt, record.Source, record.Block, record.NodeId?.Span.ToArray(), record.KnownSince, record.LastSuccess,
        record.LastAttempt, record.NextAttempt, record.Failures, record.BannedUntil, record.IsForgotten ? 1 : 0);

    private static Verdict<PeerRecord> Read(SqliteDataReader row)
    {
        if (row[0] is not string text || !PeerAddress.TryParse(text, out var address) || address.ToString() != text) return Skip(row, "address");
        if (row[1] is not (long and >= (long)PeerOrigin.Configured and <= (long)PeerOrigin.Learnt)) return Skip(row, "origin");
        foreach (var column in (ReadOnlySpan<int>)[2, 9, 10, 11]) if (row[column] is not (long and >= 0)) return Skip(row, row.GetName(column));
        foreach (var column in (ReadOnlySpan<int>)[6, 7, 8]) if (row[column] is not (DBNull or (long and >= 0))) return Skip(row, row.GetName(column));
        foreach (var column in (ReadOnlySpan<int>)[3, 4]) if (row[column] is not (DBNull or string { Length: <= PeerRecord.MaxText })) return Skip(row, row.GetName(column));
        if (row[5] is not (DBNull or byte[] { Length: Address.Size }) || row.IsDBNull(5) != row.IsDBNull(6) || row.IsDBNull(5) != row.IsDBNull(7)) return Skip(row, "node_id");
        if (row.GetInt64(10) > int.MaxValue) return Skip(row, "failures");
        if (row[12] is not (0L or 1L)) return Skip(row, "forgotten");

        return new PeerRecord(address, (PeerOrigin)row.GetInt64(1), row.GetInt64(2))
        {
            Source = row[3] as string,
            Block = row[4] as string,
            NodeId = row[5] is byte[] id ? new Address(id) : null,
            KnownSince = row[6] as long?,
            LastSuccess = row[7] as long?,
            LastAttempt = row[8] as long?,
            NextAttempt = row.GetInt64(9),
            Failures = (int)row.GetInt64(10),
            BannedUntil = row.GetInt64(11),
            IsForgotten = row.GetInt64(12) == 1,
        };
    }

    private static Refusal Skip(SqliteDataReader row, string column)
    {
        var shown = Convert.ToString(row[0])!;
        return new Refusal("unreadable", $"The kept peer '{(shown.Length > MostShown ? shown[..MostShown] : shown)}' is left out: its {column} is not as this version writes it.", Field: column);
    }
}
