using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Kept accounts in the node's database file.</summary>
/// <remarks>
/// Profiles have a table of their own: looking up an account to sign does not read one, and erasing one deletes its row. Every failure of
/// the disk is a <see cref="StorageException"/>.
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
    ]);

    private const string AccountExists = "SELECT 1 FROM kept_account WHERE address = $1";
    private const string LabelExists = "SELECT 1 FROM kept_account WHERE label = $1";
    private const string FingerprintExists = "SELECT 1 FROM kept_profile WHERE fingerprint = $1";

    private readonly SqliteDatabase _database;
    private readonly PreparedStatement _accountExists;
    private readonly PreparedStatement _labelExists;
    private readonly PreparedStatement _fingerprintExists;
    private readonly PreparedStatement _insertAccount;
    private readonly PreparedStatement _insertProfile;
    private readonly PreparedStatement _deleteProfile;
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
        _fingerprintExists = database.Prepare(FingerprintExists);
        _insertAccount = database.Prepare("INSERT INTO kept_account (address, label, sealed_secret, sealed_key) VALUES ($1, $2, $3, $4)");
        _insertProfile = database.Prepare("INSERT INTO kept_profile (address, fingerprint, sealed_record_key, sealed_profile) VALUES ($1, $2, $3, $4)");
        _deleteProfile = database.Prepare("DELETE FROM kept_profile WHERE address = $1");
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
    public CustodyAddition Add(KeptAccountRecord account, KeptProfileRecord? profile)
    {
        ArgumentNullException.ThrowIfNull(account);
        var outcome = _database.Write((_, transaction) => Insert(transaction, account, profile));
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
    public bool ProfileFingerprintExists(ReadOnlySpan<byte> fingerprint)
    {
        var bytes = fingerprint.ToArray();
        return _database.Read(lease => lease.Prepare(FingerprintExists).Scalar(null, bytes)) is not null;
    }

    /// <inheritdoc/>
    public KeptProfileRecord? FindProfile(Address address) => _database.Read(lease =>
    {
        using var row = lease.Prepare("SELECT fingerprint, sealed_record_key, sealed_profile FROM kept_profile WHERE address = $1").Query(null, Bytes(address));
        return row.Read() ? new KeptProfileRecord((byte[])row[0], (byte[])row[1], (byte[])row[2]) : null;
    });

    /// <inheritdoc/>
    /// <remarks>
    /// SQLite zeroes what is deleted (<c>secure_delete</c>), and the checkpoint empties the log that still holds it. It is made even when there
    /// was nothing to delete: an earlier attempt may have got no further.
    /// </remarks>
    public bool EraseProfile(Address address)
    {
        var erased = _database.Write((_, transaction) => _deleteProfile.Execute(transaction, Bytes(address)));
        _database.Checkpoint();
        return erased > 0;
    }

    private CustodyAddition Insert(SqliteTransaction transaction, KeptAccountRecord account, KeptProfileRecord? profile)
    {
        var address = Bytes(account.Address);
        if (_accountExists.Scalar(transaction, address) is not null) return CustodyAddition.AddressTaken;
        if (account.Label is { } label && _labelExists.Scalar(transaction, label) is not null) return CustodyAddition.LabelTaken;
        if (profile is not null && _fingerprintExists.Scalar(transaction, profile.Fingerprint) is not null) return CustodyAddition.FingerprintTaken;

        _insertAccount.Execute(transaction, address, account.Label, account.SealedSecret, account.SealedKey);
        if (profile is not null) _insertProfile.Execute(transaction, address, profile.Fingerprint, profile.SealedRecordKey, profile.SealedProfile);
        return CustodyAddition.Added;
    }

    private static byte[] Bytes(Address address) => address.Span.ToArray();
}
