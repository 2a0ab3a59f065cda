using Dapper;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What waits is in one file and what was decided in another: what holds whichever of them was written last, and what is prepared beside them.</summary>
public sealed class SqlitePendingJournalTests : IDisposable
{
    private static readonly string[] Suffixes = ["", "-wal", SqlitePendingJournal.Suffix, SqlitePendingJournal.Suffix + "-wal"];

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;
    private SqliteBlockStore _store;

    public SqlitePendingJournalTests()
    {
        _database = SqliteDatabase.Open(LedgerFile);
        _store = new SqliteBlockStore(_database);
    }

    private string LedgerFile => _folder["ledger.db"];

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Admissions_are_durable_while_a_block_is_prepared_and_its_commit_goes_on_with_it()
    {
        var chain = new TestChain(_store);
        var first = chain.Admit(chain.TopUp(Alice, 1));
        var (update, changes) = chain.Judge(chain.Forge());

        _store.Stage(update.Connected[0]);
        var late = chain.Admit(chain.TopUp(Bob, 2));
        Killed().Pending.Select(one => one.Transaction.Id).Should().Equal(first.Id, late.Id);
        _store.FindBlock(1).Should().BeNull("what is prepared is not there yet");

        _store.Commit(changes);
        var node = Killed();
        node.Tip.Should().Be(update.Chain.Tip.Hash);
        node.Pending.Select(one => one.Transaction.Id).Should().Equal(late.Id);
        StoreContent.Of(node.Ledger).Should().Be(StoreContent.Of(update.Chain.Ledger));
    }

    [Fact]
    public void What_was_prepared_is_taken_back_by_whatever_else_is_written()
    {
        var chain = new TestChain(_store);
        var (update, changes) = chain.Judge(chain.Forge(chain.TopUp(Alice, 1)));
        var (_, others) = chain.Judge(chain.Forge(chain.TopUp(Bob, 2)));

        _store.Stage(update.Connected[0]);
        new SqliteCustodyStore(_database).Add(new KeptAccountRecord(Alice.Address, "alice", [1], [2]), null, default);
        _store.FindBlock(1).Should().BeNull();
        _store.Stage(update.Connected[0]);
        _store.Commit(others);
        _store.Stage(update.Connected[0]);
        _store.Invoking(store => store.Commit(changes)).Should().Throw<InvalidOperationException>().WithMessage("*does not follow*");

        Killed().Tip.Should().Be(((StoreChange.Connected)others[0]).Block.Block.Hash);
        new SqliteCustodyStore(_database).Contains(Alice.Address).Should().BeTrue();
    }

    [Fact]
    public void What_an_earlier_version_kept_in_the_ledger_s_file_waits_on()
    {
        var chain = new TestChain(_store);
        chain.Seal(chain.TopUp(Alice, 1));
        var waiting = new[] { chain.Admit(chain.TopUp(Alice, 2)), chain.Admit(chain.TopUp(Alice, 3)) };
        var before = StoreContent.Of(_store, chain.Spec, waiting.Select(one => one.Id));
        _database.Write((connection, transaction) =>
        {
            foreach (var (pending, i) in chain.Pending.InOrder.Select((entry, i) => (entry.Value, i)))
            {
                connection.Execute(
                    "INSERT INTO pending VALUES (@Sequence, @Id, @AdmittedAt, @Bytes)",
                    new { pending.Sequence, Id = pending.Id.Span.ToArray(), pending.AdmittedAt, Bytes = pending.Transaction.Transaction.Encode() }, transaction);
                connection.Execute("INSERT INTO undecided VALUES (@Prefix, 0, @Sequence)", new { Prefix = SqliteTransactionTables.PrefixOf(pending.Id), pending.Sequence }, transaction);
            }

            connection.Execute("ALTER TABLE head DROP COLUMN commits", transaction: transaction);
            connection.Execute("ALTER TABLE rejected DROP COLUMN in_commit", transaction: transaction);
            connection.Execute("DROP TABLE ticket_page", transaction: transaction);
            connection.Execute("UPDATE schema_part SET version = 2 WHERE name = 'blocks'", transaction: transaction);
        });
        _store.Dispose();
        foreach (var suffix in Suffixes[2..]) File.Delete(LedgerFile + suffix);
        _store = new SqliteBlockStore(_database);

        StoreContent.Of(_store, chain.Spec, waiting.Select(one => one.Id)).Should().Be(before);
        StoreContent.Of(_store, chain.Spec, waiting.Select(one => one.Id)).Should().Be(before, "once");
        _database.Read(lease => lease.Connection.ExecuteScalar<long>("SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM undecided)")).Should().Be(0);
    }

    [Fact]
    public void An_admission_that_belongs_to_a_commit_is_there_when_the_commit_is_and_never_afterwards()
    {
        var chain = new TestChain(_store);
        var kept = chain.Admit(chain.TopUp(Alice, 1));
        var block = chain.Forge(chain.TopUp(Bob, 2));
        var lost = chain.Admission(chain.TopUp(Bob, 3));
        var (_, changes) = chain.Judge(block);
        var pages = _database.Read(lease => lease.Connection.ExecuteScalar<long>("PRAGMA page_count"));
        _database.Write((connection, _) => connection.Execute($"PRAGMA max_page_count = {pages}"));
        var large = chain.Forge([.. Enumerable.Range(0, 300).Select(i => chain.Sign(Alice, "record", ("data", new string('x', 500))))]);
        _store.Invoking(store => store.Commit([lost, .. chain.Judge(large).Changes])).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Full);
        Killed().Pending.Select(one => one.Transaction.Id).Should().Equal(kept.Id);
        _store.FindTransaction(((StoreChange.Admitted)lost).Pending.Id).Should().BeNull();

        _database.Write((connection, _) => connection.Execute("PRAGMA max_page_count = 1000000"));
        _store.Commit(changes);
        Killed().Pending.Select(one => one.Transaction.Id).Should().Equal(kept.Id);
    }

    [Fact]
    public void A_crash_between_the_two_files_leaves_the_commit_undone_for_ever()
    {
        var chain = new TestChain(_store);
        var kept = chain.Admit(chain.TopUp(Alice, 1));
        var block = chain.Forge(chain.TopUp(Bob, 2));
        var lost = chain.Admission(chain.TopUp(Bob, 3));
        Copy("ledger", Suffixes[..2]);
        _store.Commit([lost, .. chain.Judge(block).Changes]);
        Copy("journal", Suffixes[2..]);
        foreach (var suffix in Suffixes[..2]) File.Copy(_folder["ledger" + suffix], _folder["journal" + suffix]);

        using var database = SqliteDatabase.Open(_folder["journal"]);
        using var store = new SqliteBlockStore(database);
        var after = new TestChain(store, name: "after");
        after.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(kept.Id);
        after.Seal(after.TopUp(Gate, 5));
        after.Seal(after.TopUp(Gate, 6));
        store.Load(chain.Spec).Pending.Select(one => one.Transaction.Id).Should().Equal(kept.Id);
    }

    [Fact]
    public void What_was_decided_waits_no_longer_though_its_row_is_still_there()
    {
        var chain = new TestChain(_store) { ValidUntil = (GenesisTime / 1_000) + 30 };
        var (confirmed, rejected) = (chain.Admit(chain.TopUp(Alice, 1)), chain.Admit(chain.TopUp(Alice, 2)));
        Copy("later", Suffixes[2..]);
        chain.Seal(confirmed);
        _store.Commit([Rejection(rejected)]);
        Copy("later", Suffixes[..2]);
        Load("later").Pending.Should().BeEmpty();

        // So long after that the ledger has forgotten what it confirmed.
        chain.ValidUntil += 86_400;
        for (var i = 0; i < 60; i++) chain.Seal(chain.TopUp(Alice, i + 1));
        chain.Chain.Ledger.Seen.Contains(new NumberedHash(confirmed.Payload.ValidUntil, confirmed.Id)).Should().BeFalse();
        Copy("later", Suffixes[..2]);
        Load("later").Pending.Should().BeEmpty();
    }

    [Fact]
    public void One_that_was_rejected_and_is_admitted_again_waits_until_it_is_rejected_again()
    {
        var chain = new TestChain(_store);
        var pending = chain.Admission(chain.TopUp(Alice, 1));
        var transaction = ((StoreChange.Admitted)pending).Pending.Transaction;
        _store.Commit([Rejection(transaction)]);
        _store.FindTransaction(transaction.Id)!.Status.Should().Be(TransactionStatus.Rejected);

        _store.Commit([pending]);
        _store.FindTransaction(transaction.Id)!.Status.Should().Be(TransactionStatus.Pending);
        Killed().Pending.Should().ContainSingle();

        _store.Commit([Rejection(transaction)]);
        _store.FindTransaction(transaction.Id)!.Status.Should().Be(TransactionStatus.Rejected);
        Killed().Pending.Should().BeEmpty();
    }

    [Fact]
    public void Sequences_are_not_given_twice_when_nothing_waits_any_more()
    {
        var chain = new TestChain(_store);
        for (var i = 0; i < 5; i++) chain.Admit(chain.TopUp(Alice, 1 + i));
        chain.Seal();
        Killed().NextSequence.Should().Be(5);
    }

    [Fact]
    public void Rows_of_the_journal_go_when_they_were_decided()
    {
        var chain = new TestChain(_store);
        for (var i = 0; i < 5; i++) chain.Admit(chain.TopUp(Alice, 1 + i));
        chain.Seal();
        chain.Admit(chain.TopUp(Bob, 1));
        using var journal = Journal();
        journal.Query<long>("SELECT sequence FROM pending").Should().Equal(5);
    }

    [Fact]
    public void A_row_that_nobody_wrote_stops_the_start_with_advice()
    {
        var chain = new TestChain(_store);
        chain.Admit(chain.TopUp(Alice, 1));
        using (var journal = Journal()) journal.Execute("UPDATE pending SET bytes = x'00'");

        _store.Invoking(store => store.Load(chain.Spec)).Should().Throw<StorageException>().WithMessage("*ledger.db-pending*move the file*lost with it*").Which.Fault.Should().Be(StorageFault.Damaged);
    }

    private static StoreChange.Rejected Rejection(VerifiedTransaction transaction) =>
        new(new Core.Mempool.RejectedTransaction(transaction, new Refusal("expired", "late")));

    private SqliteConnection Journal()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = LedgerFile + SqlitePendingJournal.Suffix, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    // What a process finds that starts after this one was killed.
    private StoredNode Killed()
    {
        Copy("killed.db", Suffixes);
        return Load("killed.db");
    }

    private void Copy(string name, string[] suffixes)
    {
        foreach (var suffix in suffixes) File.Copy(LedgerFile + suffix, _folder[name + suffix], overwrite: true);
    }

    private StoredNode Load(string name)
    {
        using var database = SqliteDatabase.Open(_folder[name]);
        using var store = new SqliteBlockStore(database);
        return store.Load(SpecOf());
    }
}
