using Dapper;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

public sealed class SqliteBlockStoreTests : BlockStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;
    private SqliteBlockStore _store;

    public SqliteBlockStoreTests()
    {
        _database = SqliteDatabase.Open(LedgerFile, SqliteDatabaseTests.Patient);
        _store = new SqliteBlockStore(_database);
    }

    protected override IBlockStore Store => _store;

    private string LedgerFile => _folder["ledger.db"];

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    protected override IBlockStore Reopen()
    {
        Close();
        _database = SqliteDatabase.Open(LedgerFile, SqliteDatabaseTests.Patient);
        return _store = new SqliteBlockStore(_database);
    }

    // Tickets in rows, in undo records only, and in both.
    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(30)]
    public void A_store_of_version_1_learns_of_its_resales_when_it_is_opened(int blocksAfter)
    {
        var (chain, ids) = Story(_store);
        for (var i = 0; i < blocksAfter; i++) chain.Seal(chain.TopUp(Alice, 1));
        var before = StoreContent.Of(_store, chain.Spec, ids);
        before.Should().Contain("resale ");
        _database.Write((connection, transaction) =>
        {
            connection.Execute("DROP TABLE resale", transaction: transaction);
            connection.Execute("ALTER TABLE head DROP COLUMN has_resales", transaction: transaction);
            connection.Execute("ALTER TABLE head DROP COLUMN commits", transaction: transaction);
            connection.Execute("ALTER TABLE rejected DROP COLUMN in_commit", transaction: transaction);
            MakeFormer(connection, transaction, version: 1);
        });
        using (var journal = SqliteDatabase.Open(LedgerFile + SqlitePendingJournal.Suffix))
            journal.Write((connection, transaction) => connection.Execute("UPDATE pending SET after_commit = 0", transaction: transaction));

        StoreContent.Of(Reopen(), chain.Spec, ids).Should().Be(before);
        StoreContent.Of(Reopen(), chain.Spec, ids).Should().Be(before, "once");
    }

    [Fact]
    public void The_single_writer_finds_a_block_while_others_read_with_all_connections()
    {
        var chain = new TestChain(Store);
        chain.Seal();
        Close();
        _database = SqliteDatabase.Open(LedgerFile, SqliteDatabaseTests.Patient with { Readers = 1, BusyTimeout = TimeSpan.Zero });
        _store = new SqliteBlockStore(_database);
        using var reader = _database.Read();

        _store.Find(chain.Blocks[^1].Hash).Block.Header.Index.Should().Be(1);
        FluentActions.Invoking(() => _store.FindBlock(1)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Busy);
    }

    [Fact]
    public void A_store_of_version_3_hands_over_its_tickets_when_it_is_opened()
    {
        var (chain, ids) = Story(_store);
        for (var i = 0; i < 16; i++) chain.Seal(chain.TopUp(Alice, 1));
        var before = StoreContent.Of(_store, chain.Spec, ids);
        var tickets = Tickets();
        tickets.Should().BePositive();
        _database.Write((connection, transaction) => MakeFormer(connection, transaction, version: 3));

        StoreContent.Of(Reopen(), chain.Spec, ids).Should().Be(before);
        (Tickets(), Count("ticket")).Should().Be((tickets, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_it_says_the_same_as_the_store_in_memory(int seed)
    {
        var random = new Random(seed);
        var memory = new InMemoryBlockStore();
        var spec = SpecOf(reorganisationLimit: 6);
        List<TestChain> branches = [new(new InMemoryBlockStore(), spec, "branch-0") { ValidUntil = (GenesisTime / 1_000) + 8 }];
        var inMemory = new TestChain(memory, spec, "node");
        _store.Load(spec);
        var ids = new HashSet<Hash256>();
        var reorganisations = 0;

        for (var step = 0; step < 45; step++)
        {
            var branch = branches[random.Next(branches.Count)];
            if (random.Next(6) == 0 && branch.Chain.Tip.Header.Index > 0)
                branches.Add(branch = branch.Fork(Math.Max(0, branch.Chain.Tip.Header.Index - random.Next(4)), $"branch-{step}"));
            if (branches.Count > 3) branches.Remove(branches.MinBy(one => one.Chain.Tip.Header.Index)!);
            branch.ValidUntil++;
            var block = branch.Seal(RandomWishes.Of(branch, random));
            ids.UnionWith(block.Transactions.Select(transaction => transaction.Id));

            // A branch that fell too far behind is refused: another starts where the node is.
            if (!inMemory.Chain.Add(block, block.Header.Timestamp, memory).Verdict.IsAccepted)
            {
                branches.Remove(branch);
                branches.Add(inMemory.Fork(inMemory.Chain.Tip.Header.Index, $"branch-{step}"));
                continue;
            }

            var (update, changes) = inMemory.Judge(block);
            memory.Commit(changes);
            if (random.Next(2) == 0 && update.Connected.Count > 0) _store.Stage(update.Connected[0]);
            _store.Commit(changes);
            inMemory.Settle(update);
            reorganisations += update.Disconnected.Count > 0 ? 1 : 0;
            if (step % 10 == 0) Reopen();
            StoreContent.Of(_store, spec, ids).Should().Be(StoreContent.Of(memory, spec, ids), "in step {0}", step);
        }

        inMemory.Chain.Tip.Header.Index.Should().BeGreaterThan(10);
        reorganisations.Should().BePositive();
        foreach (var block in memory.ReadChain(Math.Max(1, inMemory.Chain.Tip.Header.Index - 5))) _store.Find(block.Hash).Delta.Should().Be(memory.Find(block.Hash).Delta);
    }

    [Fact] // S3.4
    public void What_was_committed_is_there_when_the_process_is_killed_and_what_was_not_is_not()
    {
        var (chain, ids) = Story(_store);
        var before = StoreContent.Of(_store, chain.Spec, ids);
        foreach (var suffix in new[] { "", "-wal", SqlitePendingJournal.Suffix, SqlitePendingJournal.Suffix + "-wal" }) File.Copy(LedgerFile + suffix, _folder["killed.db" + suffix]);
        chain.Seal();

        using var database = SqliteDatabase.Open(_folder["killed.db"]);
        using var killed = new SqliteBlockStore(database);

        StoreContent.Of(killed, chain.Spec, ids).Should().Be(before);
    }

    // Of each commit the journal is on the disk before the ledger's file is written.
    [Fact]
    public void A_log_cut_off_anywhere_leaves_a_whole_number_of_commits()
    {
        var chain = new TestChain(_store);
        Tickets(chain, 100, "A-1", "A-2");
        _database.Checkpoint();
        var contents = new List<string> { StoreContent.Of(_store, chain.Spec) };
        var commits = new List<(long JournalBefore, long LedgerBefore, long JournalAfter, long LedgerAfter)>();
        var before = (Journal: JournalLog.Length, Ledger: LedgerLog.Length);
        for (var i = 1; i <= 3; i++)
        {
            chain.Admit(chain.TopUp(Alice, 1_000));
            Note();
            var block = chain.Forge();
            var late = chain.Admission(chain.TopUp(Bob, i));
            var (update, changes) = chain.Judge(block);
            _store.Commit([late, .. changes]);
            chain.Settle(update);
            Note();
        }

        byte[] journal = JournalLog, ledger = LedgerLog;
        var found = new HashSet<int>();
        foreach (var (journalBefore, ledgerBefore, journalAfter, ledgerAfter) in commits)
        {
            for (var length = journalBefore; length < journalAfter; length += 1_499) Cut(length, ledgerBefore);
            for (var length = ledgerBefore; length < ledgerAfter; length += 4_999) Cut(journalAfter, length);
            Cut(journalAfter, ledgerAfter);
        }

        found.Should().NotContain(-1, "nothing is half done").And.HaveCount(contents.Count);

        // Looking takes out of the journal what is decided, so the next commit begins later.
        void Note()
        {
            commits.Add((before.Journal, before.Ledger, JournalLog.Length, LedgerLog.Length));
            contents.Add(StoreContent.Of(_store, chain.Spec));
            before = (JournalLog.Length, LedgerLog.Length);
        }

        void Cut(long journalLength, long ledgerLength)
        {
            foreach (var suffix in new[] { "", SqlitePendingJournal.Suffix }) File.Copy(LedgerFile + suffix, _folder["killed.db" + suffix], overwrite: true);
            File.WriteAllBytes(_folder["killed.db-wal"], ledger[..(int)ledgerLength]);
            File.WriteAllBytes(_folder["killed.db" + SqlitePendingJournal.Suffix + "-wal"], journal[..(int)journalLength]);
            using var database = SqliteDatabase.Open(_folder["killed.db"]);
            using var killed = new SqliteBlockStore(database);
            found.Add(contents.IndexOf(StoreContent.Of(killed, chain.Spec)));
        }
    }

    [Fact]
    public void A_full_disk_is_said_plainly_nothing_is_half_done_and_later_commits_work()
    {
        var (chain, ids) = Story(_store);
        var before = StoreContent.Of(_store, chain.Spec, ids);
        var block = chain.Forge([.. Enumerable.Range(0, 200).Select(i => chain.Sign(Alice, "record", ("data", new string('x', 500))))]);
        var (update, changes) = chain.Judge(block);
        var pages = _database.Read(lease => lease.Connection.ExecuteScalar<long>("PRAGMA page_count"));
        for (var room = 0; room < 25; room += 6)
        {
            _database.Write((connection, _) => connection.Execute($"PRAGMA max_page_count = {pages + room}"));
            _store.Invoking(store => store.Commit(changes)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Full);
            StoreContent.Of(_store, chain.Spec, ids).Should().Be(before, "with room for {0} pages", room);
        }

        _database.Write((connection, _) => connection.Execute("PRAGMA max_page_count = 1000000"));
        _store.Commit(changes);

        Reopen().Load(chain.Spec).Tip.Should().Be(update.Chain.Tip.Hash);
        _database.Read(lease => lease.Connection.ExecuteScalar<string>("PRAGMA integrity_check")).Should().Be("ok");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8_192)]
    [InlineData(40_000)]
    public void A_truncated_file_is_refused(int length)
    {
        Story(_store);
        Close();
        using (var file = File.OpenWrite(LedgerFile)) file.SetLength(length);

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact] // S3.3
    public void Stored_bytes_that_were_tampered_with_are_handed_out_as_they_are()
    {
        var (chain, _) = Story(_store);
        var honest = _store.FindBlock(2)!.Bytes.ToArray();
        foreach (var at in new[] { 0, 50, 179, 180, 181, 190, honest.Length - 1 })
        {
            Tamper(2, bytes => bytes[at] ^= 1);

            var expected = honest.ToArray();
            expected[at] ^= 1;
            _store.ReadChain(0).Single(block => block.Index == 2).Bytes.ToArray().Should().Equal(expected);
            _store.FindBlock(chain.Blocks[1].Hash)!.Bytes.ToArray().Should().Equal(expected);
            Tamper(2, bytes => bytes[at] ^= 1);
        }
    }

    [Fact]
    public void A_recent_header_that_was_tampered_with_stops_the_start_and_is_named()
    {
        var (chain, _) = Story(_store);
        foreach (var at in new[] { 0, 100, 179 })
        {
            Tamper(3, bytes => bytes[at] ^= 1);
            var failure = _store.Invoking(store => store.Load(chain.Spec)).Should().Throw<StorageException>().Which;
            failure.Fault.Should().Be(StorageFault.Damaged);
            failure.Message.Should().Contain($"block 3 {chain.Blocks[2].Hash}").And.Contain("backup");
            Tamper(3, bytes => bytes[at] ^= 1);
        }

        _store.Load(chain.Spec).Tip.Should().Be(chain.Chain.Tip.Hash);
    }

    [Fact]
    public void A_transaction_whose_stored_bytes_were_tampered_with_is_a_damaged_file_not_another_transaction()
    {
        var (chain, _) = Story(_store);
        var transaction = chain.Blocks[2].Transactions[2];
        var offset = chain.Blocks[2].Block.Encode().AsSpan().IndexOf(transaction.Transaction.Encode());
        foreach (var at in new[] { 0, 1, 3, 4, 60, transaction.Transaction.Size - TransactionSignature.ListSize(1) })
        {
            Tamper(3, bytes => bytes[offset + at] ^= 0x41);
            _store.Invoking(store => store.FindTransaction(transaction.Id)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
            Tamper(3, bytes => bytes[offset + at] ^= 0x41);
        }

        _store.FindTransaction(transaction.Id)!.BlockIndex.Should().Be(3);
    }

    [Theory]
    [InlineData("UPDATE event SET terms = x'00'")]
    [InlineData("UPDATE tally SET counts = x'00'")]
    [InlineData("UPDATE ticket_page SET tickets = x'00ff' WHERE number = 0")]
    [InlineData("UPDATE ticket_page SET tickets = CAST(substr(tickets, 1, length(tickets) - 1) AS BLOB)")]
    [InlineData("UPDATE ticket_page SET number = number + (1 << 40)")]
    [InlineData("DELETE FROM event")]
    [InlineData("UPDATE seen SET entries = x'00'")]
    [InlineData("UPDATE block SET hash = x'00' WHERE block_index = 2")]
    [InlineData("UPDATE block SET weight = x'00' WHERE block_index = 2")]
    [InlineData("DELETE FROM block WHERE block_index = 0")]
    [InlineData("DELETE FROM block WHERE block_index = (SELECT max(block_index) FROM block)")]
    [InlineData("UPDATE undo SET delta = zeroblob(20)")]
    [InlineData("DELETE FROM undo")]
    [InlineData("UPDATE rejected SET bytes = x'00'")]
    public void Rows_that_nobody_wrote_stop_the_start_with_advice(string sql)
    {
        // Five blocks are in the tables, the sixth in its undo record only.
        var (chain, _) = Story(_store, SpecOf(reorganisationLimit: 1));
        chain.Seal(chain.TopUp(Bob, 1));
        Tickets().Should().Be(3);
        _database.Write((connection, transaction) => connection.Execute(sql, transaction: transaction));

        var load = () => _store.Load(chain.Spec);

        load.Should().Throw<StorageException>().WithMessage("*ledger.db*backup*").Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact]
    public void An_undo_record_that_was_tampered_with_is_a_damaged_file()
    {
        var (chain, _) = Story(_store);
        _database.Write((connection, transaction) => connection.Execute("UPDATE undo SET delta = zeroblob(20)", transaction: transaction));

        var find = () => _store.Find(chain.Chain.Tip.Hash);

        find.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact]
    public void A_commit_that_needs_an_undo_record_that_is_gone_is_told_and_changes_nothing()
    {
        var spec = SpecOf(reorganisationLimit: 1);
        var chain = new TestChain(_store, spec);
        chain.Seal(chain.TopUp(Alice, 1));
        Reopen().Load(spec);
        _database.Write((connection, transaction) => connection.Execute("DELETE FROM undo", transaction: transaction));
        var again = new TestChain(new InMemoryBlockStore(), spec, "again");
        again.Take(chain.Blocks[0]);
        var (_, changes) = again.Judge(again.Forge(again.TopUp(Bob, 1)));

        var commit = () => _store.Commit(changes);

        commit.Should().Throw<StorageException>().WithMessage("*block 1 has no undo record*").Which.Fault.Should().Be(StorageFault.Damaged);
        _store.FindBlock(2).Should().BeNull();
    }

    [Fact]
    public void Two_transactions_whose_ids_begin_alike_are_told_apart()
    {
        var chain = new TestChain(_store);
        VerifiedTransaction first = chain.TopUp(Alice, 1), second = chain.TopUp(Alice, 2), third = chain.TopUp(Alice, 3);
        chain.Seal(first, second);
        chain.Admit(third);

        // Nobody can make two such ids in a test's time: another one's rejection is put under one prefix by hand.
        _store.Commit([Rejection(third, "expired", "late")]);
        var prefix = SqliteTransactionTables.PrefixOf(first.Id);
        _database.Write((connection, transaction) =>
        {
            connection.Execute("INSERT INTO rejected SELECT 77, id, code, detail, bytes, in_commit FROM rejected", transaction: transaction);
            connection.Execute("INSERT INTO undecided VALUES (@prefix, 1, 77)", new { prefix }, transaction);
        });
        _store.FindTransaction(first.Id)!.Status.Should().Be(TransactionStatus.Confirmed);

        _store.Commit([Rejection(first, "expired", "late")]);

        Count("rejected WHERE number = 77").Should().Be(1, "it is another transaction's row");
        Count($"undecided WHERE prefix = {prefix} AND at = 77").Should().Be(1);
    }

    [Fact]
    public void Undo_records_and_transactions_seen_do_not_pile_up()
    {
        var chain = new TestChain(_store, SpecOf(reorganisationLimit: 3)) { ValidUntil = (GenesisTime / 1_000) + 3 };
        for (var i = 0; i < 40; i++)
        {
            chain.ValidUntil++;
            chain.Seal(chain.Sign(Alice, "record", ("data", i)));
        }

        Count("undo").Should().Be(6, "twice the limit of a reorganisation");
        Count("seen").Should().BeLessThan(20, "each was valid for a few seconds");
        _store.Find(chain.Blocks[^6].Hash).Delta.Should().NotBeNull();
        _store.Find(chain.Blocks[^7].Hash).Delta.Should().BeNull();
        StoreContent.Of(Reopen().Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(chain.Chain.Ledger));
    }

    [Fact]
    public void The_largest_transaction_is_read_back_from_a_block_as_it_was()
    {
        var chain = new TestChain(_store);
        var large = chain.Sign(Alice, "record", ("data", new string('é', 2_000)));
        chain.Seal(chain.TopUp(Alice, 1), large, chain.TopUp(Alice, 2));

        _store.FindTransaction(large.Id)!.Transaction.Encode().Should().Equal(large.Transaction.Encode());
        _store.AccountTransactions(Alice.Address, null, 10)[1].Transaction.Leaf.Should().Be(large.Transaction.Leaf);
    }

    [Fact]
    public void It_shares_its_file_with_the_kept_accounts()
    {
        var custody = new SqliteCustodyStore(_database);
        custody.Add(new KeptAccountRecord(Alice.Address, "alice", [1], [2]), null, default);
        var (chain, ids) = Story(_store);
        var before = StoreContent.Of(_store, chain.Spec, ids);

        StoreContent.Of(Reopen(), chain.Spec, ids).Should().Be(before);

        new SqliteCustodyStore(_database).Find(Alice.Address)!.Label.Should().Be("alice");
    }

    [Fact]
    public void It_may_be_disposed_of_after_its_database()
    {
        Story(_store);
        _database.Dispose();

        _store.Invoking(store => store.Dispose()).Should().NotThrow();
        _store.Invoking(store => store.Dispose()).Should().NotThrow();
    }

    [Fact]
    public void Balances_and_tickets_are_written_every_16_blocks_or_when_many_changed()
    {
        var chain = new TestChain(_store);
        Tickets(chain, 0, "A-1");
        while (chain.Chain.Tip.Header.Index < 15) chain.Seal(chain.TopUp(Alice, chain.Blocks.Count));
        Tickets().Should().Be(0);
        chain.Seal(chain.TopUp(Alice, 1));
        Tickets().Should().Be(1);

        var id = chain.Chain.Ledger.Events.Single().Key;
        for (var i = 0; i < 7; i++) chain.Seal([.. Enumerable.Range(0, 5).Select(row => chain.Issue(id, 0, [.. Enumerable.Range(0, 1_000).Select(seat => $"{i}-{row}-{seat}")]))]);
        Tickets().Should().Be(35_001, "more than 32,768 rows changed in fewer than 16 blocks");
        LedgerState.SameContent(Reopen().Load(chain.Spec).Ledger, chain.Chain.Ledger).Should().BeTrue();
    }

    private byte[] LedgerLog => ReadShared(LedgerFile + "-wal");

    private byte[] JournalLog => ReadShared(LedgerFile + SqlitePendingJournal.Suffix + "-wal");

    private long Count(string table) => _database.Read(lease => lease.Connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}"));

    private int Tickets() => _database.Write((connection, _) => SqliteLedgerLoader.ReadTickets(connection).Count);

    // Each ticket in a row of its own.
    private static void MakeFormer(SqliteConnection connection, SqliteTransaction transaction, int version)
    {
        var ordinals = connection.Query<(byte[] Id, long Ordinal)>("SELECT id, ordinal FROM event", transaction: transaction).ToDictionary(static one => new EventId(one.Id), static one => one.Ordinal);
        foreach (var (id, ticket) in SqliteLedgerLoader.ReadTickets(connection))
        {
            connection.Execute(
                "INSERT INTO ticket VALUES (@place, @id, @session, @seat, @status, @owner, @price, @paid, @resales, @issued, @changed, @identity, @listed, @buyer, @gate, @at, @by)",
                new
                {
                    place = (ordinals[ticket.Event] << 32) | (uint)ticket.Ordinal,
                    id = id.Span.ToArray(),
                    session = ticket.Session,
                    seat = ticket.Seat.ToString(),
                    status = (long)ticket.Status,
                    owner = ticket.Owner.Span.ToArray(),
                    price = ticket.FacePrice,
                    paid = ticket.PaidOnChain,
                    resales = ticket.Resales,
                    issued = ticket.IssuedIn,
                    changed = ticket.ChangedIn,
                    identity = ticket.IdentityCommitment?.Span.ToArray(),
                    listed = ticket.Listing?.Price,
                    buyer = ticket.Listing?.Buyer?.Span.ToArray(),
                    gate = ticket.Redemption?.Gate.Span.ToArray(),
                    at = ticket.Redemption?.At,
                    by = ticket.Redemption?.Transaction.Span.ToArray(),
                },
                transaction);
        }

        connection.Execute("DROP TABLE ticket_page", transaction: transaction);
        connection.Execute("UPDATE schema_part SET version = @version WHERE name = 'blocks'", new { version }, transaction);
    }

    private void Tamper(long index, Action<byte[]> change)
    {
        var bytes = _store.FindBlock(index)!.Bytes.ToArray();
        change(bytes);
        _database.Write((connection, transaction) => connection.Execute(
            "UPDATE block SET header = @header, body = @body WHERE block_index = @index",
            new { header = bytes[..BlockHeader.Size], body = bytes[BlockHeader.Size..], index }, transaction));
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private void Close()
    {
        _store.Dispose();
        _database.Dispose();
    }
}
