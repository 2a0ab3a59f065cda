using Dapper;
using Microsoft.Data.Sqlite;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    /// <summary>For tests with several threads: on a machine that has better to do one may hold what another waits for much longer than five seconds.</summary>
    internal static readonly SqliteOptions Patient = new() { BusyTimeout = TimeSpan.FromMinutes(5) };

    private static readonly SchemaPart Things = new("things", [["CREATE TABLE things (id INTEGER PRIMARY KEY, content BLOB NOT NULL)"]]);

    private readonly TemporaryFolder _folder = new();

    private string LedgerFile => _folder["ledger.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_there_after_reopening()
    {
        using (var database = OpenThings()) Insert(database, 1, [1, 2, 3]);

        using var again = OpenThings();

        Contents(again).Should().ContainSingle().Which.Should().Equal(1, 2, 3);
    }

    [Fact]
    public void What_was_written_is_there_when_the_process_never_closed_the_file()
    {
        using var database = OpenThings();
        Insert(database, 1, [1, 2, 3]);
        foreach (var name in new[] { "", "-wal" }) File.Copy(LedgerFile + name, _folder["killed.db" + name]);

        using var after = SqliteDatabase.Open(_folder["killed.db"]);

        Contents(after).Should().ContainSingle().Which.Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_log_cut_off_anywhere_leaves_whole_commits_from_the_first_on()
    {
        const int Commits = 6;
        using var database = OpenThings();
        database.Checkpoint();
        for (var id = 1; id <= Commits; id++) Insert(database, id, [(byte)id]);
        var log = ReadShared(LedgerFile + "-wal");
        var found = new HashSet<int>();

        for (var length = 0; length <= log.Length; length += 257)
        {
            File.Copy(LedgerFile, _folder["killed.db"], overwrite: true);
            File.WriteAllBytes(_folder["killed.db-wal"], log[..length]);
            using var after = SqliteDatabase.Open(_folder["killed.db"]);
            var ids = Contents(after).ConvertAll(content => (int)content[0]);
            ids.Should().Equal(Enumerable.Range(1, ids.Count));
            found.Add(ids.Count);
        }

        found.Should().BeEquivalentTo(Enumerable.Range(0, Commits), "each commit but the last was cut off somewhere, and the log's end is not among the lengths");
    }

    [Fact]
    public void It_writes_ahead_flushes_every_commit_checks_references_and_wipes_what_is_erased()
    {
        using var database = OpenThings();

        database.Write((connection, _) =>
        {
            connection.ExecuteScalar<string>("PRAGMA journal_mode").Should().Be("wal");
            connection.ExecuteScalar<int>("PRAGMA synchronous").Should().Be(2, "2 is FULL");
            connection.ExecuteScalar<int>("PRAGMA foreign_keys").Should().Be(1);
            connection.ExecuteScalar<int>("PRAGMA secure_delete").Should().Be(1);
            connection.ExecuteScalar<int>("PRAGMA application_id").Should().Be(SqliteFile.ApplicationId);
        });
    }

    [Fact]
    public void The_file_is_for_its_owner_only()
    {
        using var database = OpenThings();

        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.GetFiles(_folder.Path)) File.GetUnixFileMode(file).Should().Be(DurableFiles.OwnerOnly, file);
    }

    [Fact]
    public void A_write_that_throws_leaves_nothing_behind()
    {
        using var database = OpenThings();

        var write = () => database.Write((connection, transaction) =>
        {
            connection.Execute("INSERT INTO things VALUES (1, x'00')", transaction: transaction);
            throw new InvalidOperationException("half way");
        });

        write.Should().Throw<InvalidOperationException>().WithMessage("half way");
        Contents(database).Should().BeEmpty();
        Insert(database, 1, [7]);
        Contents(database).Should().ContainSingle();
    }

    [Fact]
    public void A_write_that_sqlite_refuses_leaves_nothing_behind()
    {
        using var database = OpenThings();
        Insert(database, 2, [2]);

        var write = () => database.Write((connection, transaction) =>
        {
            connection.Execute("INSERT INTO things VALUES (1, x'00')", transaction: transaction);
            connection.Execute("INSERT INTO things VALUES (2, x'00')", transaction: transaction);
        });

        write.Should().Throw<StorageException>().Which.SqliteCode.Should().Be(SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY);
        Contents(database).Should().ContainSingle();
    }

    [Fact]
    public void A_full_disk_is_said_plainly_and_leaves_nothing_half_done()
    {
        using var database = OpenThings();
        Insert(database, 1, [1]);
        database.Write((connection, _) => connection.Execute("PRAGMA max_page_count = 16"));

        var write = () => database.Write((connection, transaction) =>
        {
            connection.Execute("INSERT INTO things VALUES (2, x'02')", transaction: transaction);
            connection.Execute("INSERT INTO things VALUES (3, zeroblob(100000))", transaction: transaction);
        });

        var failure = write.Should().Throw<StorageException>().Which;
        failure.Fault.Should().Be(StorageFault.Full);
        failure.SqliteCode.Should().Be(SQLitePCL.raw.SQLITE_FULL);
        failure.Message.Should().Contain("disk is full").And.Contain(LedgerFile).And.Contain("Nothing was changed");
        Contents(database).Should().ContainSingle();

        database.Write((connection, _) => connection.Execute("PRAGMA max_page_count = 1000000"));
        Insert(database, 2, [2]);
        Contents(database).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_commit_that_SQLite_takes_back_by_itself_as_on_a_full_disk_is_said_and_the_next_one_works(bool isStaged)
    {
        using var database = OpenThings();
        Insert(database, 1, [1]);
        if (isStaged) database.Stage(connection => connection.Execute("INSERT INTO things VALUES (2, x'02')"));

        var write = () => database.Write(() => true, (connection, transaction, goesOn) =>
        {
            goesOn.Should().Be(isStaged);
            connection.Execute("INSERT INTO things VALUES (3, x'03')", transaction: transaction);
            SQLitePCL.raw.sqlite3_commit_hook(connection.Handle, static _ => 1, null);
        });
        write.Should().Throw<StorageException>().Which.SqliteCode.Should().Be(SQLitePCL.raw.SQLITE_CONSTRAINT_COMMITHOOK);
        Contents(database).Should().ContainSingle();

        database.Write((connection, _) => SQLitePCL.raw.sqlite3_commit_hook(connection.Handle, null, null));
        Insert(database, 2, [2]);
        Contents(database).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(40_000)]
    [InlineData(-1)]
    public void A_truncated_file_is_refused_and_not_touched(int length)
    {
        using (var database = OpenThings()) Insert(database, 1, new byte[100_000]);
        using (var file = File.OpenWrite(LedgerFile)) file.SetLength(length < 0 ? file.Length + length : length);
        var before = File.ReadAllBytes(LedgerFile);

        var open = () => SqliteDatabase.Open(LedgerFile);

        var message = length is >= 0 and < 100 ? "*ledger.db*is truncated*backup*" : "*ledger.db*backup*";
        open.Should().Throw<StorageException>().WithMessage(message).Which.Fault.Should().Be(StorageFault.Damaged);
        File.ReadAllBytes(LedgerFile).Should().Equal(before);
    }

    [Fact]
    public void Garbage_is_refused_and_not_touched()
    {
        var garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(LedgerFile, garbage);

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().WithMessage("*ledger.db*not a database*backup*").Which.Fault.Should().Be(StorageFault.Damaged);
        File.ReadAllBytes(LedgerFile).Should().Equal(garbage);
    }

    [Fact]
    public void A_page_of_garbage_inside_is_noticed_when_the_file_is_opened()
    {
        using (var database = OpenThings())
        {
            for (var id = 1; id <= 100; id++) Insert(database, id, new byte[1000]);
        }

        using (var file = File.OpenWrite(LedgerFile))
        {
            file.Position = 10 * SqliteFile.PageSize;
            file.Write(Enumerable.Repeat((byte)0xA5, SqliteFile.PageSize).ToArray());
        }

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact]
    public void A_page_of_garbage_in_a_file_too_large_to_look_through_is_noticed_when_it_is_read()
    {
        using (var database = OpenThings())
        {
            for (var id = 1; id <= 100; id++) Insert(database, id, new byte[1000]);
        }

        using (var file = File.OpenWrite(LedgerFile))
        {
            file.Position = 10 * SqliteFile.PageSize;
            file.Write(Enumerable.Repeat((byte)0xA5, SqliteFile.PageSize).ToArray());
        }

        using var unchecked_ = SqliteDatabase.Open(LedgerFile, new SqliteOptions { QuickCheckBytes = 0 });
        var read = () => Contents(unchecked_);

        read.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact]
    public void A_log_without_its_database_is_refused()
    {
        File.WriteAllBytes(LedgerFile + "-wal", new byte[32]);

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().WithMessage("*is missing but its write-ahead log*Put the database back*");
        File.Exists(LedgerFile).Should().BeFalse();
    }

    [Fact]
    public void What_a_killed_first_start_left_is_no_obstacle()
    {
        File.WriteAllText(DurableFiles.UnfinishedName(LedgerFile), "half a header");

        using var database = OpenThings();

        Contents(database).Should().BeEmpty();
        File.Exists(DurableFiles.UnfinishedName(LedgerFile)).Should().BeFalse();
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        Patch("PRAGMA application_id = 42");

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().WithMessage("*another program*").Which.Fault.Should().Be(StorageFault.NotOurs);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused()
    {
        Patch($"PRAGMA user_version = {SqliteFile.FileVersion + 1}");

        var open = () => SqliteDatabase.Open(LedgerFile);

        open.Should().Throw<StorageException>().WithMessage("*newer version*").Which.Fault.Should().Be(StorageFault.NewerVersion);
    }

    [Fact]
    public void Tables_of_a_newer_version_are_refused()
    {
        using var database = OpenThings();
        database.Ensure(new SchemaPart("things", [.. Things.Versions, ["ALTER TABLE things ADD COLUMN more TEXT"]]));

        var older = () => database.Ensure(Things);

        older.Should().Throw<StorageException>().WithMessage("*newer version*things version 2*knows 1*").Which.Fault.Should().Be(StorageFault.NewerVersion);
    }

    [Fact]
    public void Tables_are_made_once_and_brought_up_to_date_keeping_what_they_hold()
    {
        using var database = OpenThings();
        Insert(database, 1, [1]);

        database.Ensure(Things);
        database.Ensure(new SchemaPart("things", [.. Things.Versions, ["ALTER TABLE things ADD COLUMN more TEXT DEFAULT 'new'"]]));

        database.Read(lease => lease.Connection.QuerySingle<string>("SELECT more FROM things")).Should().Be("new");
    }

    [Fact]
    public void An_update_of_tables_that_fails_half_way_changes_nothing()
    {
        using var database = OpenThings();

        var update = () => database.Ensure(new SchemaPart("things", [.. Things.Versions, ["ALTER TABLE things ADD COLUMN more TEXT", "NOT SQL"]]));

        update.Should().Throw<StorageException>();
        Columns(database).Should().Equal("id", "content");
        database.Ensure(Things);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a name of thirty-three characters")]
    public void A_parts_name_takes_1_to_32_characters(string name)
    {
        using var database = OpenThings();

        var ensure = () => database.Ensure(new SchemaPart(name, []));

        ensure.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_reader_can_not_write()
    {
        using var database = OpenThings();

        var write = () => database.Read(lease => lease.Connection.Execute("INSERT INTO things VALUES (1, x'00')"));

        write.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Denied);
    }

    [Fact]
    public void A_reader_sees_the_last_commit_while_a_write_is_under_way()
    {
        using var database = OpenThings();
        Insert(database, 1, [1]);

        database.Write((connection, transaction) =>
        {
            connection.Execute("INSERT INTO things VALUES (2, x'02')", transaction: transaction);
            Contents(database).Should().ContainSingle();
        });

        Contents(database).Should().HaveCount(2);
    }

    [Fact]
    public void Statements_in_one_deferred_transaction_see_one_commit()
    {
        using var database = OpenThings();
        using var lease = database.Read();
        using var snapshot = lease.Connection.BeginTransaction(deferred: true);
        lease.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot).Should().Be(0);

        Insert(database, 1, [1]);

        lease.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot).Should().Be(0);
    }

    [Fact]
    public void A_lease_given_back_in_a_transaction_does_not_show_the_next_borrower_the_past()
    {
        using var database = OpenThings(new SqliteOptions { Readers = 1 });
        using (var careless = database.Read())
        {
            var snapshot = careless.Connection.BeginTransaction(deferred: true);
            careless.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot).Should().Be(0);
        }

        Insert(database, 1, [1]);

        Contents(database).Should().ContainSingle();
    }

    [Fact]
    public void Read_connections_are_bounded_and_reused()
    {
        using var database = OpenThings(new SqliteOptions { Readers = 1, BusyTimeout = TimeSpan.Zero });
        SqliteConnection first;
        using (var lease = database.Read())
        {
            first = lease.Connection;
            var second = () => database.Read();
            second.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Busy);
        }

        using var next = database.Read();

        next.Connection.Should().BeSameAs(first);
    }

    [Fact]
    public void A_lease_given_back_twice_is_given_back_once()
    {
        using var database = OpenThings(new SqliteOptions { Readers = 1, BusyTimeout = TimeSpan.Zero });
        var lease = database.Read();
        lease.Dispose();
        lease.Dispose();
        using var next = database.Read();

        var tooMany = () => database.Read();
        var use = () => lease.Connection;

        tooMany.Should().Throw<StorageException>();
        use.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Statements_are_compiled_once_and_run_in_many_transactions()
    {
        using var database = OpenThings();
        var insert = database.Prepare("INSERT INTO things VALUES ($1, $2)");

        for (var id = 0; id < 10; id++)
        {
            database.Write((_, transaction) => insert.Execute(transaction, id, new[] { (byte)id }).Should().Be(1));
        }

        using var lease = database.Read();
        lease.Prepare("SELECT count(*) FROM things").Should().BeSameAs(lease.Prepare("SELECT count(*) FROM things"));
        lease.Prepare("SELECT content FROM things WHERE id = $1").Scalar(null, 7).Should().BeEquivalentTo(new byte[] { 7 });
        lease.Prepare("SELECT content FROM things WHERE id = $1").Scalar(null, 10).Should().BeNull();
        lease.Prepare("SELECT NULL").Scalar(null).Should().BeNull();
    }

    [Fact]
    public void A_statement_run_with_too_few_values_is_a_bug_that_is_told()
    {
        using var database = OpenThings();
        using var lease = database.Read();
        var select = lease.Prepare("SELECT $1, $2");
        using (select.Query(null, 1, 2))
        {
        }

        var run = () => select.Query(null, 1);

        run.Should().Throw<ArgumentException>().WithMessage("2 values are needed, 1 were given*");
    }

    [Fact]
    public void A_checkpoint_leaves_nothing_erased_in_any_file()
    {
        var secret = "an erased value that must be gone"u8.ToArray();
        using var database = OpenThings();
        Insert(database, 1, secret);
        _folder.FilesHolding(secret).Should().NotBeEmpty("otherwise this test looks in the wrong place");

        database.Write((connection, transaction) => connection.Execute("DELETE FROM things", transaction: transaction));
        database.Checkpoint();

        _folder.FilesHolding(secret).Should().BeEmpty();
    }

    [Fact]
    public async Task Those_who_ask_for_a_checkpoint_while_one_is_under_way_share_the_next() // decision 044
    {
        using var database = OpenThings(new SqliteOptions { BusyTimeout = TimeSpan.FromSeconds(30) });
        Task<long>[] asked;
        using (var lease = database.Read())
        using (var snapshot = lease.Connection.BeginTransaction(deferred: true))
        {
            lease.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot);
            Insert(database, 1, [1]);
            asked = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => { database.Checkpoint(); return database.Checkpoints; }, TaskCreationOptions.LongRunning))];
            SpinWait.SpinUntil(() => database.CheckpointsAsked == asked.Length, TimeSpan.FromSeconds(30)).Should().BeTrue();
        }

        (await Task.WhenAll(asked)).Should().OnlyContain(made => made <= 2, "the one that the reader held up, and one for all others");
        database.Checkpoint();
        database.Checkpoints.Should().BeInRange(2, 3, "who comes later has one of its own");
    }

    [Fact]
    public void A_checkpoint_held_up_by_a_reader_says_so()
    {
        using var database = OpenThings(new SqliteOptions { BusyTimeout = TimeSpan.Zero });
        using var lease = database.Read();
        using var snapshot = lease.Connection.BeginTransaction(deferred: true);
        lease.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot);
        Insert(database, 1, [1]);

        var checkpoint = database.Checkpoint;

        checkpoint.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Busy);
    }

    [Fact]
    public async Task While_a_checkpoint_waits_for_a_reader_others_write()
    {
        using var database = OpenThings();
        using var lease = database.Read();
        var snapshot = lease.Connection.BeginTransaction(deferred: true);
        lease.Connection.ExecuteScalar<int>("SELECT count(*) FROM things", transaction: snapshot);
        Insert(database, 1, [1]);

        var checkpoint = Task.Run(database.Checkpoint);
        await Task.Run(() => Insert(database, 2, [2]));
        checkpoint.IsCompleted.Should().BeFalse();
        snapshot.Dispose();
        await checkpoint;

        new FileInfo(database.File + "-wal").Length.Should().Be(0);
    }

    [Fact]
    public void A_closed_database_is_one_file_and_answers_nothing()
    {
        var database = OpenThings();
        Contents(database).Should().BeEmpty();

        database.Dispose();
        database.Dispose();

        Directory.GetFiles(_folder.Path).Should().Equal(LedgerFile);
        database.Invoking(closed => closed.Read()).Should().Throw<ObjectDisposedException>();
        database.Invoking(closed => closed.Write((_, _) => { })).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_lease_may_be_given_back_after_the_database_is_closed()
    {
        var database = OpenThings();
        var late = database.Read();
        var connection = late.Connection;
        database.Dispose();

        late.Dispose();

        connection.State.Should().Be(System.Data.ConnectionState.Closed);
        using var again = OpenThings();
        Contents(again).Should().BeEmpty();
    }

    [Fact]
    public void What_is_staged_is_kept_by_the_write_that_goes_on_with_it_only()
    {
        using var database = OpenThings();
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (1, x'01')"));
        Contents(database).Should().BeEmpty();
        database.Write(() => true, (_, _, isStaged) => isStaged.Should().BeTrue());
        Contents(database).Should().HaveCount(1);

        database.Write(() => true, (_, _, isStaged) => isStaged.Should().BeFalse("nothing is staged any more"));
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (2, x'02')"));
        database.Write(() => false, (_, _, isStaged) => isStaged.Should().BeFalse());
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (3, x'03')"));
        Insert(database, 4, [4]);
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (5, x'05')"));
        database.Checkpoint();
        Contents(database).Should().HaveCount(2, "1 and 4");
    }

    [Fact]
    public void A_write_that_fails_on_what_is_staged_leaves_none_of_it_nor_does_a_stage_that_fails()
    {
        using var database = OpenThings();
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (1, x'01')"));
        database.Invoking(one => one.Write(() => true, (connection, transaction, _) => connection.Execute("INSERT INTO things VALUES (1, x'01')", transaction: transaction)))
            .Should().Throw<StorageException>();
        database.Invoking(one => one.Stage(connection => connection.Execute("INSERT INTO nothing VALUES (1)"))).Should().Throw<StorageException>();

        Insert(database, 2, [2]);
        Contents(database).Should().HaveCount(1);
    }

    [Fact]
    public void What_is_staged_is_in_the_log_already_so_that_its_commit_writes_little()
    {
        using var database = OpenThings();
        database.Stage(connection => connection.Execute("INSERT INTO things VALUES (1, randomblob(1000000))"));
        var staged = new FileInfo(LedgerFile + "-wal").Length;
        staged.Should().BeGreaterThan(1_000_000);
        Contents(database).Should().BeEmpty();

        database.Write(() => true, (_, _, isStaged) => isStaged.Should().BeTrue());
        Contents(database).Should().HaveCount(1);
        (new FileInfo(LedgerFile + "-wal").Length - staged).Should().BeLessThan(8 * SqliteFile.PageSize);
    }

    [Fact]
    public void Staging_copies_a_long_log_so_that_no_commit_has_to()
    {
        using var database = OpenThings(new SqliteOptions { CheckpointBytes = 1024 * 1024 });
        database.Stage(_ => { });
        var before = new FileInfo(LedgerFile).Length;
        Insert(database, 1, new byte[700 * 1024]);
        new FileInfo(LedgerFile).Length.Should().Be(before, "the log is not long enough for a commit to copy it");

        database.Stage(_ => { });
        new FileInfo(LedgerFile).Length.Should().BeGreaterThan(before + (600 * 1024));
    }

    [Fact]
    public void Many_threads_write_and_read_and_nothing_is_lost()
    {
        using var database = OpenThings();

        Parallel.For(0, 200, id =>
        {
            Insert(database, id, [1]);
            database.Read(lease => lease.Prepare("SELECT count(*) FROM things WHERE id = $1").Scalar(null, id)).Should().Be(1L);
        });

        Contents(database).Should().HaveCount(200);
    }

    private SqliteDatabase OpenThings(SqliteOptions? options = null)
    {
        var database = SqliteDatabase.Open(LedgerFile, options ?? Patient);
        database.Ensure(Things);
        return database;
    }

    private static void Insert(SqliteDatabase database, int id, byte[] content) => database.Write((connection, transaction) =>
        connection.Execute("INSERT INTO things VALUES (@id, @content)", new { id, content }, transaction));

    private static List<byte[]> Contents(SqliteDatabase database) =>
        database.Read(lease => lease.Connection.Query<byte[]>("SELECT content FROM things ORDER BY id").AsList());

    private static List<string> Columns(SqliteDatabase database) =>
        database.Read(lease => lease.Connection.Query<string>("SELECT name FROM pragma_table_info('things')").AsList());

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private void Patch(string pragma)
    {
        using var database = OpenThings();
        database.Write((connection, _) => connection.Execute(pragma));
    }
}
