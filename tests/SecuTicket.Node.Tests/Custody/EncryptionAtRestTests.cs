using System.Text;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Custody;

public sealed class EncryptionAtRestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact] // S0.7, S1.8
    public void No_secret_private_key_or_profile_value_lies_in_any_file_in_clear()
    {
        const string Name = "Ada Lovelace of Marylebone";
        const string Born = "1815-12-10";
        byte[] scalar = [.. Enumerable.Range(1, P256PrivateKey.ScalarSize).Select(i => (byte)i)];
        using var authority = P256PrivateKey.FromScalar(scalar);
        var drawn = new List<byte[]>();
        var random = new Random(1);
        void Recorded(Span<byte> span)
        {
            random.NextBytes(span);
            if (span.Length == 32) drawn.Add(span.ToArray());
        }

        using var directory = DataDirectory.Open(_folder["data"]);
        using (var database = SqliteDatabase.Open(directory.LedgerFile))
        {
            var store = new SqliteCustodyStore(database);
            using var key = KeyFile.OpenOrCreate(directory.KeyFile, store.Count, random.NextBytes);
            using var accounts = new KeptAccounts(store, key, fillRandom: Recorded);
            accounts.NodeAccount();
            var exchange = accounts.Import("exchange", authority).Value;
            var created = accounts.Create(CanonicalJson.Parse(Encoding.UTF8.GetBytes($$"""{"born":"{{Born}}","name":"{{Name}}"}""")).Value).Value;
            accounts.VerifyHmac(created.Address, "payload"u8, new byte[32]);
            accounts.Sign(created.Address, Hash256.Zero);

            _folder.FilesHolding(created.Address.Span.ToArray()).Should().NotBeEmpty("otherwise this test looks in the wrong place");
            _folder.FilesHolding(exchange.Span.ToArray()).Should().NotBeEmpty();
            drawn.Should().Contain(bytes => Convert.ToHexStringLower(bytes) == created.Secret).And.HaveCount(
                6, "two keys were drawn, three secrets and the key of one profile");
            NothingInClear();
        }

        NothingInClear();

        void NothingInClear()
        {
            foreach (var bytes in drawn.Append(scalar).Append(authority.ExportPkcs8()))
            {
                _folder.FilesHolding(bytes).Should().BeEmpty();
                _folder.FilesHolding(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))).Should().BeEmpty();
                _folder.FilesHolding(Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes))).Should().BeEmpty();
            }

            foreach (var value in new[] { Name, Born, "Lovelace" }) _folder.FilesHolding(Encoding.UTF8.GetBytes(value)).Should().BeEmpty();
        }
    }

    [Fact] // S1.8
    public void An_erasure_held_up_by_a_reader_is_finished_by_asking_again()
    {
        using var database = SqliteDatabase.Open(_folder["ledger.db"], new SqliteOptions { BusyTimeout = TimeSpan.Zero });
        var store = new SqliteCustodyStore(database);
        using var key = new MasterKey(new byte[MasterKey.Size]);
        using var accounts = new KeptAccounts(store, key);
        var opening = accounts.Identities.Put(default, CanonicalJson.Parse("""{"name":"Ada"}"""u8).Value).Value;
        var record = store.FindIdentity(default)!;
        using (var lease = database.Read())
        using (var snapshot = lease.Connection.BeginTransaction(deferred: true))
        {
            Dapper.SqlMapper.ExecuteScalar<long>(lease.Connection, "SELECT count(*) FROM identity", transaction: snapshot);
            accounts.Invoking(held => held.Identities.Erase(default)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Busy);
            _folder.FilesHolding(record.SealedRecordKey).Should().NotBeEmpty("the log still has it");
        }

        accounts.Identities.Find(default).Refusal!.Code.Should().Be("not_found");
        accounts.Identities.Erase(default).Value.Should().Be(opening.Commitment);

        _folder.FilesHolding(record.SealedRecordKey).Should().BeEmpty();
        accounts.Identities.Erase(default).Refusal!.Code.Should().Be("not_found");
    }

    [Fact] // S1.8
    public void An_erasure_held_up_by_a_reader_is_finished_by_the_next_write_and_its_receipt_is_still_there()
    {
        using var database = SqliteDatabase.Open(_folder["ledger.db"], new SqliteOptions { BusyTimeout = TimeSpan.Zero });
        var store = new SqliteCustodyStore(database);
        using var key = new MasterKey(new byte[MasterKey.Size]);
        using var accounts = new KeptAccounts(store, key);
        var other = new Address([.. Enumerable.Repeat((byte)9, Address.Size)]);
        var opening = accounts.Identities.Put(default, CanonicalJson.Parse("""{"name":"Ada"}"""u8).Value).Value;
        var record = store.FindIdentity(default)!;
        using (var lease = database.Read())
        using (var snapshot = lease.Connection.BeginTransaction(deferred: true))
        {
            Dapper.SqlMapper.ExecuteScalar<long>(lease.Connection, "SELECT count(*) FROM identity", transaction: snapshot);
            accounts.Invoking(held => held.Identities.Erase(default)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Busy);
            accounts.Identities.Put(other, CanonicalJson.Parse("{}"u8).Value).IsAccepted.Should().BeTrue("that another's erasure is held up is no fault of theirs");
        }

        _folder.FilesHolding(record.SealedRecordKey).Should().NotBeEmpty("otherwise the next line proves nothing");
        accounts.Identities.Put(new Address([.. Enumerable.Repeat((byte)8, Address.Size)]), CanonicalJson.Parse("{}"u8).Value).IsAccepted.Should().BeTrue();

        _folder.FilesHolding(record.SealedRecordKey).Should().BeEmpty();
        accounts.Identities.Erase(default).Value.Should().Be(opening.Commitment);
    }

    [Fact]
    public void Accounts_are_there_after_a_restart_and_lost_without_the_key_file()
    {
        KeptAccountCreated created;
        using (var directory = DataDirectory.Open(_folder["data"]))
        using (var database = SqliteDatabase.Open(directory.LedgerFile))
        {
            var store = new SqliteCustodyStore(database);
            using var key = KeyFile.OpenOrCreate(directory.KeyFile, store.Count);
            using var accounts = new KeptAccounts(store, key);
            created = accounts.Create(null).Value;
        }

        using (var directory = DataDirectory.Open(_folder["data"]))
        using (var database = SqliteDatabase.Open(directory.LedgerFile))
        {
            var store = new SqliteCustodyStore(database);
            using var key = KeyFile.OpenOrCreate(directory.KeyFile, store.Count);
            using var accounts = new KeptAccounts(store, key);
            accounts.Sign(created.Address, Hash256.Zero).IsAccepted.Should().BeTrue();

            File.Delete(directory.KeyFile);
            var replaced = () => KeyFile.OpenOrCreate(directory.KeyFile, store.Count);
            replaced.Should().Throw<KeyFileException>().WithMessage("*1 kept accounts*");
        }
    }
}
