using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>The tables of identities, for use inside a write of the custody store.</summary>
/// <remarks>
/// <para>
/// SQLite zeroes what it deletes (<c>secure_delete</c>), but when it moves rows between pages of a B-tree, to split or join them, it leaves copies of them in the
/// unused middle of a page, and deleting the row later does not reach those: about one erasure in some hundred left a sealed key behind. Only the first
/// 1,002 bytes of a row lie in such a page (4,096-byte pages, sqlite.org/fileformat.html, 1.6: X of an index page); the rest is in overflow pages of its own, which are
/// never copied and are zeroed as a whole. So a margin of 1,024 bytes stands before everything that must be erasable, and a fingerprint has no ordinary index.
/// </para>
/// <para><c>identity_total</c> is kept along, so that the limits need no counting.</para>
/// </remarks>
internal sealed class SqliteIdentityTables(SqliteDatabase database)
{
    /// <summary>From the custody part's version 1, where only kept accounts had a profile.</summary>
    public static readonly IReadOnlyList<string> Version2 =
    [
        """
        CREATE TABLE identity (
            address BLOB PRIMARY KEY CHECK (length(address) = 20),
            margin BLOB NOT NULL CHECK (length(margin) = 1024),
            fingerprint BLOB CHECK (length(fingerprint) = 32),
            sealed_record_key BLOB NOT NULL,
            sealed_identity BLOB NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE identity_fingerprint (
            margin BLOB NOT NULL CHECK (length(margin) = 1024),
            fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
            PRIMARY KEY (margin, fingerprint)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE identity_total (id INTEGER PRIMARY KEY CHECK (id = 1), records INTEGER NOT NULL, bytes INTEGER NOT NULL)",
        "CREATE TABLE erasure (address BLOB PRIMARY KEY CHECK (length(address) = 20), commitment BLOB NOT NULL CHECK (length(commitment) = 32)) WITHOUT ROWID",
        "INSERT INTO identity SELECT address, zeroblob(1024), fingerprint, sealed_record_key, sealed_profile FROM kept_profile",
        "INSERT INTO identity_fingerprint SELECT zeroblob(1024), fingerprint FROM kept_profile",
        "INSERT INTO identity_total SELECT 1, count(*), coalesce(sum(length(sealed_profile)), 0) FROM kept_profile",
        "DROP TABLE kept_profile",
    ];

    private const string FingerprintExists = "SELECT 1 FROM identity_fingerprint WHERE margin = zeroblob(1024) AND fingerprint = $1";
    private const string Select = "SELECT fingerprint, sealed_record_key, sealed_identity FROM identity WHERE address = $1";

    private readonly PreparedStatement _fingerprintExists = database.Prepare(FingerprintExists);
    private readonly PreparedStatement _former = database.Prepare("SELECT fingerprint, length(sealed_identity) FROM identity WHERE address = $1");
    private readonly PreparedStatement _total = database.Prepare("SELECT records, bytes FROM identity_total");
    private readonly PreparedStatement _add = database.Prepare("UPDATE identity_total SET records = records + $1, bytes = bytes + $2");
    private readonly PreparedStatement _insert =
        database.Prepare("INSERT INTO identity (address, margin, fingerprint, sealed_record_key, sealed_identity) VALUES ($1, zeroblob(1024), $2, $3, $4)");
    private readonly PreparedStatement _insertFingerprint = database.Prepare("INSERT INTO identity_fingerprint (margin, fingerprint) VALUES (zeroblob(1024), $1)");
    private readonly PreparedStatement _delete = database.Prepare("DELETE FROM identity WHERE address = $1");
    private readonly PreparedStatement _deleteFingerprint = database.Prepare("DELETE FROM identity_fingerprint WHERE margin = zeroblob(1024) AND fingerprint = $1");

    /// <summary>Whether a profile with this fingerprint is kept, as far as is durable.</summary>
    public bool Exists(byte[] fingerprint) => database.Read(lease => lease.Prepare(FingerprintExists).Scalar(null, fingerprint)) is not null;

    /// <summary>Whether a profile with this fingerprint is kept.</summary>
    public bool Exists(SqliteTransaction transaction, byte[] fingerprint) => _fingerprintExists.Scalar(transaction, fingerprint) is not null;

    /// <summary>The identity at an address, or null.</summary>
    public IdentityRecord? Find(byte[] address) => database.Read(lease =>
    {
        using var row = lease.Prepare(Select).Query(null, address);
        return row.Read() ? new IdentityRecord(row.IsDBNull(0) ? null : (byte[])row[0], (byte[])row[1], (byte[])row[2]) : null;
    });

    /// <summary>Whether one more of this size, in place of the one at its address, is within the limits.</summary>
    public bool Fits(SqliteTransaction transaction, byte[] address, IdentityRecord record, IdentityLimits limits)
    {
        var (_, former) = Former(transaction, address);
        using var total = _total.Query(transaction);
        total.Read();
        return total.GetInt64(0) + (former is null ? 1 : 0) <= limits.Records && total.GetInt64(1) - (former ?? 0) + record.SealedIdentity.Length <= limits.Bytes;
    }

    /// <summary>Adds an identity where there is none.</summary>
    public void Insert(SqliteTransaction transaction, byte[] address, IdentityRecord record)
    {
        _insert.Execute(transaction, address, record.Fingerprint, record.SealedRecordKey, record.SealedIdentity);
        if (record.Fingerprint is { } fingerprint) _insertFingerprint.Execute(transaction, fingerprint);
        _add.Execute(transaction, 1L, (long)record.SealedIdentity.Length);
    }

    /// <summary>Takes an identity and its fingerprint out; false when there is none.</summary>
    public bool Delete(SqliteTransaction transaction, byte[] address)
    {
        var (fingerprint, size) = Former(transaction, address);
        if (size is null) return false;

        if (fingerprint is not null) _deleteFingerprint.Execute(transaction, fingerprint);
        _delete.Execute(transaction, address);
        _add.Execute(transaction, -1L, -size);
        return true;
    }

    private (byte[]? Fingerprint, long? Size) Former(SqliteTransaction transaction, byte[] address)
    {
        using var row = _former.Query(transaction, address);
        return row.Read() ? (row.IsDBNull(0) ? null : (byte[])row[0], row.GetInt64(1)) : (null, null);
    }
}
