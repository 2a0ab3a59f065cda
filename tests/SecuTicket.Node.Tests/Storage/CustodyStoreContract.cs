using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What every custody store promises; one class for each store runs it.</summary>
public abstract class CustodyStoreContract
{
    protected static readonly IdentityLimits Limits = new(1_000, 100_000_000);

    protected static readonly Hash256 Commitment = Hash256.Sha256("a commitment"u8);

    protected abstract ICustodyStore Store { get; }

    [Fact]
    public void A_new_store_is_empty()
    {
        Store.Count.Should().Be(0);
        Store.KeyCheck.Should().BeNull();
        Store.Find(At(1)).Should().BeNull();
        Store.Contains(At(1)).Should().BeFalse();
        Store.FindByLabel("node").Should().BeNull();
        Store.FindIdentity(At(1)).Should().BeNull();
        Store.FingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.FindErasure(At(1)).Should().BeNull();
        Store.BeginErasure(At(1), Hash256.Zero);
        Store.FindErasure(At(1)).Should().BeNull("there is nothing to erase");
    }

    [Fact]
    public void An_account_added_is_found_as_it_was()
    {
        Add(Account(1), null).Should().Be(CustodyAddition.Added);

        Store.Find(At(1)).Should().BeEquivalentTo(Account(1));
        Store.Contains(At(1)).Should().BeTrue();
        Store.Contains(At(2)).Should().BeFalse();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void A_label_leads_to_its_account()
    {
        Add(Account(1, "node"), null);

        Store.FindByLabel("node").Should().Be(At(1));
        Store.FindByLabel("Node").Should().BeNull();
        Store.Find(At(1))!.Label.Should().Be("node");
    }

    [Fact]
    public void A_second_account_at_an_address_is_refused_and_changes_nothing()
    {
        Add(Account(1), null);

        Add(Account(1, "node"), Profile(1)).Should().Be(CustodyAddition.AddressTaken);

        Store.Find(At(1))!.Label.Should().BeNull();
        Store.FindByLabel("node").Should().BeNull();
        Store.FindIdentity(At(1)).Should().BeNull();
        Store.FingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void A_second_account_with_a_label_is_refused_and_changes_nothing()
    {
        Add(Account(1, "node"), null);

        Add(Account(2, "node"), Profile(2)).Should().Be(CustodyAddition.LabelTaken);

        Store.Contains(At(2)).Should().BeFalse();
        Store.FingerprintExists(Profile(2).Fingerprint).Should().BeFalse();
        Store.FindByLabel("node").Should().Be(At(1));
    }

    [Fact] // S0.9
    public void A_second_account_with_a_fingerprint_is_refused_and_changes_nothing()
    {
        Add(Account(1), Profile(1));

        Add(Account(2, "second"), Profile(1)).Should().Be(CustodyAddition.FingerprintTaken);

        Store.Contains(At(2)).Should().BeFalse();
        Store.FindByLabel("second").Should().BeNull();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void Accounts_without_label_or_profile_do_not_collide()
    {
        Add(Account(1), null).Should().Be(CustodyAddition.Added);
        Add(Account(2), null).Should().Be(CustodyAddition.Added);

        Store.Count.Should().Be(2);
    }

    [Fact]
    public void A_profile_is_found_as_it_was()
    {
        Add(Account(1), Profile(1));

        Store.FindIdentity(At(1)).Should().BeEquivalentTo(Profile(1));
        Store.FingerprintExists(Profile(1).Fingerprint).Should().BeTrue();
        Store.FingerprintExists(Profile(2).Fingerprint).Should().BeFalse();
    }

    [Fact] // S1.8
    public void An_erased_profile_is_gone_with_its_fingerprint_and_the_account_stays()
    {
        Add(Account(1), Profile(1));
        Add(Account(2), Profile(2));

        Store.BeginErasure(At(1), Commitment);

        Store.FindErasure(At(1)).Should().Be(Commitment);
        Store.EndErasure(At(1), Hash256.Zero);
        Store.FindErasure(At(1)).Should().Be(Commitment, "it is that of another identity");
        Store.EndErasure(At(1), Commitment);
        Store.FindErasure(At(1)).Should().BeNull();
        Store.FindIdentity(At(1)).Should().BeNull();
        Store.FingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.Contains(At(1)).Should().BeTrue();
        Store.FindIdentity(At(2)).Should().NotBeNull();
        Add(Account(3), Profile(1)).Should().Be(CustodyAddition.Added);
    }

    [Fact] // S1.8
    public void An_identity_needs_no_account_and_replaces_the_one_before_with_its_fingerprint()
    {
        Add(Account(1), Profile(1));

        Store.PutIdentity(At(1), Identity(2), Limits).Should().Be(IdentityAddition.Replaced);
        Store.PutIdentity(At(9), Identity(3), Limits).Should().Be(IdentityAddition.Added);

        Store.FindIdentity(At(1)).Should().BeEquivalentTo(Identity(2));
        Store.FindIdentity(At(9)).Should().BeEquivalentTo(Identity(3));
        Store.FingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.Contains(At(9)).Should().BeFalse();
        Store.Count.Should().Be(1);
        Add(Account(2), Profile(1)).Should().Be(CustodyAddition.Added);
    }

    [Fact]
    public void Identities_beyond_the_limits_are_not_kept_and_those_replaced_or_erased_count_no_more()
    {
        var limits = new IdentityLimits(2, 12_000);
        Store.PutIdentity(At(1), Identity(1), limits).Should().Be(IdentityAddition.Added);
        Store.Add(Account(2), Profile(2), limits).Should().Be(CustodyAddition.Added);

        Store.PutIdentity(At(3), Identity(3), limits).Should().Be(IdentityAddition.Full);
        Store.Add(Account(3), Profile(3), limits).Should().Be(CustodyAddition.VaultFull);
        Store.PutIdentity(At(1), Identity(1) with { SealedIdentity = new byte[7_000] }, limits).Should().Be(IdentityAddition.Replaced);
        Store.PutIdentity(At(1), Identity(1) with { SealedIdentity = new byte[7_001] }, limits).Should().Be(IdentityAddition.Full);

        Store.FindIdentity(At(1))!.SealedIdentity.Should().HaveCount(7_000);
        Store.FindIdentity(At(3)).Should().BeNull();
        Store.Contains(At(3)).Should().BeFalse();
        Store.FingerprintExists(Profile(3).Fingerprint).Should().BeFalse();
        Store.BeginErasure(At(2), Commitment);
        Store.PutIdentity(At(3), Identity(3), limits).Should().Be(IdentityAddition.Added);
    }

    [Fact]
    public void The_key_check_is_the_last_one_set()
    {
        Store.SetKeyCheck([1]);
        Store.SetKeyCheck([2, 3]);

        Store.KeyCheck.Should().Equal(2, 3);
    }

    [Fact]
    public void Of_many_who_add_one_fingerprint_at_once_one_wins()
    {
        var outcomes = new CustodyAddition[64];

        Parallel.For(0, outcomes.Length, i => outcomes[i] = Add(Account((byte)(i + 1)), Profile(1)));

        outcomes.Count(outcome => outcome == CustodyAddition.Added).Should().Be(1);
        outcomes.Count(outcome => outcome == CustodyAddition.FingerprintTaken).Should().Be(63);
        Store.Count.Should().Be(1);
    }

    protected CustodyAddition Add(KeptAccountRecord account, IdentityRecord? profile) => Store.Add(account, profile, Limits);

    protected static Address At(byte number) => new([.. Enumerable.Repeat(number, Address.Size)]);

    protected static KeptAccountRecord Account(byte number, string? label = null) =>
        new(At(number), label, [.. Enumerable.Repeat(number, 61)], [.. Enumerable.Repeat(number, 170)]);

    protected static IdentityRecord Profile(byte number) =>
        new([.. Enumerable.Repeat(number, 32)], [.. Enumerable.Repeat(number, 61)], [.. Enumerable.Repeat(number, 5000)]);

    protected static IdentityRecord Identity(byte number) => Profile(number) with { Fingerprint = null };
}

public sealed class InMemoryCustodyStoreTests : CustodyStoreContract
{
    protected override ICustodyStore Store { get; } = new InMemoryCustodyStore();
}

public sealed class SqliteCustodyStoreTests : CustodyStoreContract, IDisposable
{
    private const int SeedOfResidue = 21;

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;

    public SqliteCustodyStoreTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"], SqliteDatabaseTests.Patient);
        Store = new SqliteCustodyStore(_database);
    }

    protected override ICustodyStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_was_added_is_there_after_reopening()
    {
        Add(Account(1, "node"), null);
        Add(Account(2), Profile(2));
        Store.SetKeyCheck([1]);

        _database.Dispose();
        _database = SqliteDatabase.Open(_folder["ledger.db"], SqliteDatabaseTests.Patient);
        var again = new SqliteCustodyStore(_database);

        again.Count.Should().Be(2);
        again.FindByLabel("node").Should().Be(At(1));
        again.Find(At(2)).Should().BeEquivalentTo(Account(2));
        again.FindIdentity(At(2)).Should().BeEquivalentTo(Profile(2));
        again.KeyCheck.Should().Equal(1);
    }

    /// <remarks>Rows of many sizes at random addresses make SQLite move rows between pages; with this seed an ordinary table keeps pieces of what was erased.</remarks>
    [Fact] // S1.8
    public void What_was_erased_or_replaced_is_in_no_file_however_the_tables_were_rearranged()
    {
        var random = new Random(SeedOfResidue);
        var kept = new Dictionary<Address, IdentityRecord>();
        for (var i = 0; i < 120; i++) Store.PutIdentity(new Address(Bytes(random, Address.Size)), Random(random), Limits);
        foreach (var address in Addresses()) kept.Add(address, Store.FindIdentity(address)!);
        Remains(kept.First().Value).Should().BeTrue("otherwise this test looks in the wrong place");

        for (var i = 0; i < 12; i++)
        {
            var (address, record) = kept.ElementAt(random.Next(kept.Count));
            kept.Remove(address);
            if (i % 4 == 0) Store.PutIdentity(address, kept[address] = Random(random), Limits).Should().Be(IdentityAddition.Replaced);
            else Store.BeginErasure(address, Commitment);
            Store.Scrub();

            Remains(record).Should().BeFalse("erasure {0} left a piece", i);
            if (i % 3 == 0) Store.PutIdentity(new Address(Bytes(random, Address.Size)), Random(random), Limits);
        }

        foreach (var (address, record) in kept) Store.FindIdentity(address).Should().BeEquivalentTo(record);
    }

    [Fact] // S1.8
    public void Profiles_of_a_version_1_database_are_identities_afterwards()
    {
        const string Version1 =
            """
            DROP TABLE identity; DROP TABLE identity_fingerprint; DROP TABLE identity_total; DROP TABLE erasure;
            CREATE TABLE kept_profile (
                address BLOB PRIMARY KEY REFERENCES kept_account (address),
                fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
                sealed_record_key BLOB NOT NULL,
                sealed_profile BLOB NOT NULL
            );
            UPDATE schema_part SET version = 1 WHERE name = 'custody';
            """;
        Add(Account(1), null);
        Add(Account(2), null);
        _database.Write((connection, transaction) =>
        {
            Dapper.SqlMapper.Execute(connection, Version1, transaction: transaction);
            Dapper.SqlMapper.Execute(connection, "INSERT INTO kept_profile VALUES ($a, $f, $k, $p)", new { a = At(2).Span.ToArray(), f = Profile(2).Fingerprint, k = Profile(2).SealedRecordKey, p = Profile(2).SealedIdentity }, transaction);
        });

        _database.Dispose();
        _database = SqliteDatabase.Open(_folder["ledger.db"], SqliteDatabaseTests.Patient);
        var migrated = new SqliteCustodyStore(_database);

        migrated.FindIdentity(At(2)).Should().BeEquivalentTo(Profile(2));
        migrated.FindIdentity(At(1)).Should().BeNull();
        migrated.Add(Account(3), Profile(2), Limits).Should().Be(CustodyAddition.FingerprintTaken);
        migrated.PutIdentity(At(3), Identity(3), new IdentityLimits(1, long.MaxValue)).Should().Be(IdentityAddition.Full, "one is there");
        migrated.PutIdentity(At(2), Identity(2), new IdentityLimits(1, 5_000)).Should().Be(IdentityAddition.Replaced);
        migrated.PutIdentity(At(3), Identity(3), new IdentityLimits(2, 9_999)).Should().Be(IdentityAddition.Full, "its bytes are counted");
        _database.Read(lease => Dapper.SqlMapper.ExecuteScalar<long>(lease.Connection, "SELECT count(*) FROM sqlite_master WHERE name = 'kept_profile'")).Should().Be(0);
    }

    [Fact]
    public void A_full_disk_adds_nothing_and_counts_nothing()
    {
        _database.Write((connection, _) => Dapper.SqlMapper.Execute(connection, "PRAGMA max_page_count = 1"));

        var add = () => Add(Account(1), new IdentityRecord(new byte[32], new byte[61], new byte[100_000]));

        add.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Full);
        Store.Count.Should().Be(0);
        Store.Contains(At(1)).Should().BeFalse();
    }

    private static IdentityRecord Random(Random random) => new(Bytes(random, 32), Bytes(random, 61), Bytes(random, random.Next(4) switch { 0 => 100, 1 => 150, 2 => 300, _ => 900 }));

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private Address[] Addresses() => _database.Read(lease =>
        Dapper.SqlMapper.Query<byte[]>(lease.Connection, "SELECT address FROM identity").Select(bytes => new Address(bytes)).ToArray());

    // Whether a piece of it lies in any file.
    private bool Remains(IdentityRecord record) => Directory.GetFiles(_folder.Path).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new[] { record.Fingerprint!, record.SealedRecordKey, record.SealedIdentity }.Any(bytes => content.AsSpan().IndexOf(bytes.AsSpan(0, 16)) >= 0 || content.AsSpan().IndexOf(bytes.AsSpan(bytes.Length - 16)) >= 0);
    });
}
