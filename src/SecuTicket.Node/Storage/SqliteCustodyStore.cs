using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Kept accounts and identities in the node's database file.</summary>
/// <remarks>
/// Identities have tables of their own (see <see cref="SqliteIdentityTables"/>): looking up an account to sign does not read one, and erasing one deletes its
/// row. Every failure of the disk is a <see cref="StorageException"/>.
/// </remarks>
public sealed class SqliteCustodyStore : ICustodyStore
{
    private static readonly SchemaPart Schema = new("custody",
    [
        [
            """
            CREATE TABLE kept_account (
                address BLOB PRIMARY KEY CHECK (length(address) = 20),
                label TEXT UNIQUE,
                sealed_secret BLOB NOT NULL,
                sealed_key BLOB NOT NULL
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE kept_profile (
                address BLOB PRIMARY KEY REFERENCES kept_account (address),
                fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
                sealed_record_key BLOB NOT NULL,
                sealed_profile BLOB NOT NULL
            )
            """,
            "CREATE TABLE key_check (id INTEGER PRIMARY KEY CHECK (id = 1), box BLOB NOT NULL)",
        ],
        SqliteIdentityTables.Version2,
    ]);

    private const string AccountExists = "SELECT 1 FROM kept_account WHERE address = $1";
    private const string LabelExists = "SELECT 1 FROM kept_account WHERE label = $1";
    private const string SelectErasure = "SELECT commitment FROM erasure WHERE address = $1";

    private readonly SqliteDatabase _database;
    private readonly PreparedStatement _accountExists;
    private readonly PreparedStatement _labelExists;
    private readonly SqliteIdentityTables _identities;
    private readonly PreparedStatement _insertAccount;
    private readonly PreparedStatement _beginErasure;
    private readonly PreparedStatement _endErasure;
    private readonly PreparedStatement _setKeyCheck;
    private long _count;

    /// <summary>Opens the store in a database, making its tables when they are not there.</summary>
    /// <param name="database">Stays the caller's; it must outlive the store.</param>
    /// <exception cref="StorageException">The disk failed, or the tables are a newer version's.</exception>
    public SqliteCustodyStore(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        database.Ensure(Schema);
        _accountExists = database.Prepare(AccountExists);
        _labelExists = database.Prepare(LabelExists);
        _identities = new SqliteIdentityTables(database);
        _insertAccount = database.Prepare("INSERT INTO kept_account (address, label, sealed_secret, sealed_key) VALUES ($1, $2, $3, $4)");
        _beginErasure = database.Prepare("INSERT OR REPLACE INTO erasure (address, commitment) VALUES ($1, $2)");
        _endErasure = database.Prepare("DELETE FROM erasure WHERE address = $1 AND commitment = $2");
        _setKeyCheck = database.Prepare("INSERT OR REPLACE INTO key_check (id, box) VALUES (1, $1)");
        _count = (long)database.Read(lease => lease.Prepare("SELECT count(*) FROM kept_account").Scalar(null))!;
    }

    /// <inheritdoc/>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public byte[]? KeyCheck => (byte[]?)_database.Read(lease => lease.Prepare("SELECT box FROM key_check").Scalar(null));

    /// <inheritdoc/>
    public void SetKeyCheck(byte[] box)
    {
        ArgumentNullException.ThrowIfNull(box);
        _database.Write((_, transaction) => _setKeyCheck.Execute(transaction, box));
    }

    /// <inheritdoc/>
    public CustodyAddition Add(KeptAccountRecord account, IdentityRecord? profile, IdentityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(account);
        var outcome = _database.Write((_, transaction) => Insert(transaction, account, profile, limits));
        if (outcome == CustodyAddition.Added) Interlocked.Increment(ref _count);
        return outcome;
    }

    /// <inheritdoc/>
    public KeptAccountRecord? Find(Address address) => _database.Read(lease =>
    {
        using var row = lease.Prepare("SELECT label, sealed_secret, sealed_key FROM kept_account WHERE address = $1").Query(null, Bytes(address));
        return row.Read()
            ? new KeptAccountRecord(address, row.IsDBNull(0) ? null : row.GetString(0), (byte[])row[1], (byte[])row[2])
            : null;
    });

    /// <inheritdoc/>
    public bool Contains(Address address) => _database.Read(lease => lease.Prepare(AccountExists).Scalar(null, Bytes(address))) is not null;

    /// <inheritdoc/>
    public Address? FindByLabel(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var found = _database.Read(lease => lease.Prepare("SELECT address FROM kept_account WHERE label = $1").Scalar(null, label));
        return found is byte[] bytes ? new Address(bytes) : null;
    }

    /// <inheritdoc/>
    public bool FingerprintExists(ReadOnlySpan<byte> fingerprint) => _identities.Exists(fingerprint.ToArray());

    /// <inheritdoc/>
    public IdentityAddition PutIdentity(Address address, IdentityRecord record, IdentityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _database.Write((_, transaction) =>
        {
            var key = Bytes(address);
            if (!_identities.Fits(transaction, key, record, limits)) return IdentityAddition.Full;

            var replaced = _identities.Delete(transaction, key);
            _identities.Insert(transaction, key, record);
            return replaced ? IdentityAddition.Replaced : IdentityAddition.Added;
        });
    }

    /// <inheritdoc/>
    public IdentityRecord? FindIdentity(Address address) => _identities.Find(Bytes(address));

    /// <inheritdoc/>
    public void BeginErasure(Address address, Hash256 commitment) => _database.Write((_, transaction) =>
    {
        if (_identities.Delete(transaction, Bytes(address))) _beginErasure.Execute(transaction, Bytes(address), commitment.Span.ToArray());
    });

    /// <inheritdoc/>
    public Hash256? FindErasure(Address address) =>
        _database.Read(lease => lease.Prepare(SelectErasure).Scalar(null, Bytes(address))) is byte[] commitment ? new Hash256(commitment) : null;

    /// <inheritdoc/>
    public void EndErasure(Address address, Hash256 commitment) => _database.Write((_, transaction) => _endErasure.Execute(transaction, Bytes(address), commitment.Span.ToArray()));

    /// <inheritdoc/>
    /// <remarks>SQLite zeroed what was deleted; the checkpoint empties the log that still holds it.</remarks>
    public void Scrub() => _database.Checkpoint();

    private CustodyAddition Insert(SqliteTransaction transaction, KeptAccountRecord account, IdentityRecord? profile, IdentityLimits limits)
    {
        var address = Bytes(account.Address);
        if (_accountExists.Scalar(transaction, address) is not null) return CustodyAddition.AddressTaken;
        if (account.Label is { } label && _labelExists.Scalar(transaction, label) is not null) return CustodyAddition.LabelTaken;
        if (profile?.Fingerprint is { } fingerprint && _identities.Exists(transaction, fingerprint)) return CustodyAddition.FingerprintTaken;
        if (profile is not null && !_identities.Fits(transaction, address, profile, limits)) return CustodyAddition.VaultFull;

        _insertAccount.Execute(transaction, address, account.Label, account.SealedSecret, account.SealedKey);
        if (profile is not null) _identities.Insert(transaction, address, profile);
        return CustodyAddition.Added;
    }

    private static byte[] Bytes(Address address) => address.Span.ToArray();
}
