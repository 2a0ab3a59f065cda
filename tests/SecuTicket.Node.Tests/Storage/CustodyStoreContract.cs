using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What every custody store promises; one class for each store runs it.</summary>
public abstract class CustodyStoreContract
{
    protected abstract ICustodyStore Store { get; }

    [Fact]
    public void A_new_store_is_empty()
    {
        Store.Count.Should().Be(0);
        Store.KeyCheck.Should().BeNull();
        Store.Find(At(1)).Should().BeNull();
        Store.Contains(At(1)).Should().BeFalse();
        Store.FindByLabel("node").Should().BeNull();
        Store.FindProfile(At(1)).Should().BeNull();
        Store.ProfileFingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.EraseProfile(At(1)).Should().BeFalse();
    }

    [Fact]
    public void An_account_added_is_found_as_it_was()
    {
        Store.Add(Account(1), null).Should().Be(CustodyAddition.Added);

        Store.Find(At(1)).Should().BeEquivalentTo(Account(1));
        Store.Contains(At(1)).Should().BeTrue();
        Store.Contains(At(2)).Should().BeFalse();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void A_label_leads_to_its_account()
    {
        Store.Add(Account(1, "node"), null);

        Store.FindByLabel("node").Should().Be(At(1));
        Store.FindByLabel("Node").Should().BeNull();
        Store.Find(At(1))!.Label.Should().Be("node");
    }

    [Fact]
    public void A_second_account_at_an_address_is_refused_and_changes_nothing()
    {
        Store.Add(Account(1), null);

        Store.Add(Account(1, "node"), Profile(1)).Should().Be(CustodyAddition.AddressTaken);

        Store.Find(At(1))!.Label.Should().BeNull();
        Store.FindByLabel("node").Should().BeNull();
        Store.FindProfile(At(1)).Should().BeNull();
        Store.ProfileFingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void A_second_account_with_a_label_is_refused_and_changes_nothing()
    {
        Store.Add(Account(1, "node"), null);

        Store.Add(Account(2, "node"), Profile(2)).Should().Be(CustodyAddition.LabelTaken);

        Store.Contains(At(2)).Should().BeFalse();
        Store.ProfileFingerprintExists(Profile(2).Fingerprint).Should().BeFalse();
        Store.FindByLabel("node").Should().Be(At(1));
    }

    [Fact] // S0.9
    public void A_second_account_with_a_fingerprint_is_refused_and_changes_nothing()
    {
        Store.Add(Account(1), Profile(1));

        Store.Add(Account(2, "second"), Profile(1)).Should().Be(CustodyAddition.FingerprintTaken);

        Store.Contains(At(2)).Should().BeFalse();
        Store.FindByLabel("second").Should().BeNull();
        Store.Count.Should().Be(1);
    }

    [Fact]
    public void Accounts_without_label_or_profile_do_not_collide()
    {
        Store.Add(Account(1), null).Should().Be(CustodyAddition.Added);
        Store.Add(Account(2), null).Should().Be(CustodyAddition.Added);

        Store.Count.Should().Be(2);
    }

    [Fact]
    public void A_profile_is_found_as_it_was()
    {
        Store.Add(Account(1), Profile(1));

        Store.FindProfile(At(1)).Should().BeEquivalentTo(Profile(1));
        Store.ProfileFingerprintExists(Profile(1).Fingerprint).Should().BeTrue();
        Store.ProfileFingerprintExists(Profile(2).Fingerprint).Should().BeFalse();
    }

    [Fact] // S1.8
    public void An_erased_profile_is_gone_with_its_fingerprint_and_the_account_stays()
    {
        Store.Add(Account(1), Profile(1));
        Store.Add(Account(2), Profile(2));

        Store.EraseProfile(At(1)).Should().BeTrue();

        Store.FindProfile(At(1)).Should().BeNull();
        Store.ProfileFingerprintExists(Profile(1).Fingerprint).Should().BeFalse();
        Store.Contains(At(1)).Should().BeTrue();
        Store.FindProfile(At(2)).Should().NotBeNull();
        Store.EraseProfile(At(1)).Should().BeFalse();
        Store.Add(Account(3), Profile(1)).Should().Be(CustodyAddition.Added);
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

        Parallel.For(0, outcomes.Length, i => outcomes[i] = Store.Add(Account((byte)(i + 1)), Profile(1)));

        outcomes.Count(outcome => outcome == CustodyAddition.Added).Should().Be(1);
        outcomes.Count(outcome => outcome == CustodyAddition.FingerprintTaken).Should().Be(63);
        Store.Count.Should().Be(1);
    }

    protected static Address At(byte number) => new([.. Enumerable.Repeat(number, Address.Size)]);

    protected static KeptAccountRecord Account(byte number, string? label = null) =>
        new(At(number), label, [.. Enumerable.Repeat(number, 61)], [.. Enumerable.Repeat(number, 170)]);

    protected static KeptProfileRecord Profile(byte number) =>
        new([.. Enumerable.Repeat(number, 32)], [.. Enumerable.Repeat(number, 61)], [.. Enumerable.Repeat(number, 5000)]);
}

public sealed class InMemoryCustodyStoreTests : CustodyStoreContract
{
    protected override ICustodyStore Store { get; } = new InMemoryCustodyStore();
}

public sealed class SqliteCustodyStoreTests : CustodyStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;

    public SqliteCustodyStoreTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
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
        Store.Add(Account(1, "node"), null);
        Store.Add(Account(2), Profile(2));
        Store.SetKeyCheck([1]);

        _database.Dispose();
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
        var again = new SqliteCustodyStore(_database);

        again.Count.Should().Be(2);
        again.FindByLabel("node").Should().Be(At(1));
        again.Find(At(2)).Should().BeEquivalentTo(Account(2));
        again.FindProfile(At(2)).Should().BeEquivalentTo(Profile(2));
        again.KeyCheck.Should().Equal(1);
    }

    [Fact] // S1.8
    public void An_erased_profile_is_in_no_file()
    {
        var profile = new KeptProfileRecord("a fingerprint of 32 bytes, more."u8.ToArray(), "a sealed record key"u8.ToArray(), [.. Enumerable.Repeat("a sealed profile "u8.ToArray(), 600).SelectMany(part => part)]);
        Store.Add(Account(1), profile);
        _folder.FilesHolding(profile.SealedRecordKey).Should().NotBeEmpty("otherwise this test looks in the wrong place");

        Store.EraseProfile(At(1));

        _folder.FilesHolding(profile.Fingerprint).Should().BeEmpty();
        _folder.FilesHolding(profile.SealedRecordKey).Should().BeEmpty();
        _folder.FilesHolding("a sealed profile"u8.ToArray()).Should().BeEmpty();
    }

    [Fact]
    public void A_full_disk_adds_nothing_and_counts_nothing()
    {
        _database.Write((connection, _) => Dapper.SqlMapper.Execute(connection, "PRAGMA max_page_count = 1"));

        var add = () => Store.Add(Account(1), new KeptProfileRecord(new byte[32], new byte[61], new byte[100_000]));

        add.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Full);
        Store.Count.Should().Be(0);
        Store.Contains(At(1)).Should().BeFalse();
    }
}
