using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>One SQLite file, open: one connection that writes, a bounded number that read meanwhile.</summary>
/// <remarks>
/// Write-ahead log with <c>synchronous=FULL</c>: what <see cref="Write(Action{SqliteConnection, SqliteTransaction})"/> returned from survives
/// a power cut, and readers never wait for the writer. Thread-safe. The owner of the data directory is the only process that may open it.
/// </remarks>
public sealed class SqliteDatabase : IDisposable
{
    /// <summary>Longest name of a schema part, in characters.</summary>
    public const int MaxPartName = 32;

    private static readonly TimeSpan CheckpointPause = TimeSpan.FromMilliseconds(10);

    private const string PartsTable = "CREATE TABLE IF NOT EXISTS schema_part (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID";

    private readonly SqliteOptions _options;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();
    private readonly List<PreparedStatement> _prepared = [];
    private readonly ConcurrentBag<ReadConnection> _idle = [];
    private readonly SemaphoreSlim _free;

    // One more than all others have: the single writer must not wait for those who read.
    private readonly SemaphoreSlim _ofWriter = new(1, 1);

    // How many checkpoints were asked for, how many of these the last one was for, and whether it emptied the log.
    private readonly Lock _checkpointing = new();
    private long _checkpointsAsked;
    private long _checkpointed;
    private bool _emptied;
    private SqliteTransaction? _staged;
    private int _copiedAt;
    private volatile bool _disposed;

    private SqliteDatabase(string file, SqliteOptions options, SqliteConnection writer)
    {
        File = file;
        _options = options;
        _writer = writer;
        _free = new SemaphoreSlim(options.Readers, options.Readers);
    }

    /// <summary>Full path of the file.</summary>
    public string File { get; }

    /// <summary>How often a checkpoint was asked for.</summary>
    internal long CheckpointsAsked => Interlocked.Read(ref _checkpointsAsked);

    /// <summary>How many were made for those who asked.</summary>
    internal long Checkpoints { get; private set; }

    /// <summary>Opens the file, making it when there is none.</summary>
    /// <exception cref="StorageException">
    /// The file is truncated or overwritten (<see cref="StorageFault.Damaged"/>), another program's (<see cref="StorageFault.NotOurs"/>),
    /// a later version's (<see cref="StorageFault.NewerVersion"/>) or can not be opened. It is never made anew.
    /// </exception>
    public static SqliteDatabase Open(string file, SqliteOptions? options = null)
    {
        options ??= new SqliteOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Readers, 1, nameof(options));
        file = Path.GetFullPath(file);
        SqliteFile.CreateOrCheck(file);
        SqliteConnection? writer = null;
        try
        {
            writer = SqliteFile.Connect(file, SqliteOpenMode.ReadWrite, options, options.WriterCacheBytes);
            SqliteFile.CheckContent(writer, file, options);
            SqliteFile.Run(writer, FormattableString.Invariant($"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = {options.CheckpointBytes / SqliteFile.PageSize};
                PRAGMA journal_size_limit = {options.CheckpointBytes};
                """));
            return new SqliteDatabase(file, options, writer);
        }
        catch (SqliteException failure)
        {
            writer?.Dispose();
            throw SqliteFailure.Translate(failure, file);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Makes or brings up to date the tables of one store, in one transaction.</summary>
    /// <exception cref="StorageException">The file holds a later version of this part, or the write failed.</exception>
    public void Ensure(SchemaPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Name.Length is 0 or > MaxPartName) throw new ArgumentException($"A part's name takes 1..{MaxPartName} characters.", nameof(part));

        Write((connection, transaction) =>
        {
            SqliteFile.Run(connection, PartsTable, transaction);
            using var version = new PreparedStatement(connection, "SELECT version FROM schema_part WHERE name = $1");
            var found = (int)(version.Scalar(transaction, part.Name) as long? ?? 0);
            if (found > part.Version) throw SqliteFile.Newer(File, $"{part.Name} version {found}, this program knows {part.Version}");
            if (found == part.Version) return;

            for (var i = found; i < part.Version; i++)
            {
                foreach (var statement in part.Versions[i]) SqliteFile.Run(connection, statement, transaction);
            }

            using var record = new PreparedStatement(connection, "INSERT OR REPLACE INTO schema_part (name, version) VALUES ($1, $2)");
            record.Execute(transaction, part.Name, part.Version);
        });
    }

    /// <summary>Runs <paramref name="work"/> in one transaction. When this returns, what it did is durable; when it throws, none of it happened.</summary>
    /// <exception cref="StorageException">The disk is full, failed, or the file is damaged.</exception>
    public void Write(Action<SqliteConnection, SqliteTransaction> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Write(static () => false, (connection, transaction, _) => work(connection, transaction));
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that stays open: the next write goes on with it, or takes it back.</summary>
    /// <remarks>For much that is to be written soon, so that when its time comes little is left to do: the pages are in the log already, on the disk. Until then readers see nothing of it, and a crash leaves nothing.</remarks>
    /// <exception cref="StorageException">The disk is full, failed, or the file is damaged: nothing is staged.</exception>
    internal void Stage(Action<SqliteConnection> work)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            TakeBackStaged();
            try
            {
                CheckpointIfLong();
                _staged = _writer.BeginTransaction();
                work(_writer);
                SqliteFile.Flush(_writer, File);
            }
            catch (Exception failure)
            {
                TakeBackStaged();
                if (failure is SqliteException refused) throw SqliteFailure.Translate(refused, File);
                throw;
            }
        }
    }

    /// <summary>As <see cref="Write(Action{SqliteConnection, SqliteTransaction})"/>, in the staged transaction when there is one and it is wanted.</summary>
    /// <param name="goesOn">Whether to go on with what is staged.</param>
    /// <param name="work">Is told whether it goes on.</param>
    internal void Write(Func<bool> goesOn, Action<SqliteConnection, SqliteTransaction, bool> work)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                var isStaged = _staged is not null && goesOn();
                if (!isStaged) TakeBackStaged();
                var transaction = _staged ?? _writer.BeginTransaction();
                _staged = null;
                try
                {
                    work(_writer, transaction, isStaged);
                    transaction.Commit();
                }
                finally
                {
                    End(transaction);
                }
            }
            catch (SqliteException failure)
            {
                throw SqliteFailure.Translate(failure, File);
            }
        }
    }

    /// <summary>As <see cref="Write(Action{SqliteConnection, SqliteTransaction})"/>, with an answer.</summary>
    /// <inheritdoc cref="Write(Action{SqliteConnection, SqliteTransaction})"/>
    public T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var answer = default(T);
        Write((connection, transaction) => { answer = work(connection, transaction); });
        return answer!;
    }

    /// <summary>A statement on the writing connection, for use inside <see cref="Write(Action{SqliteConnection, SqliteTransaction})"/> only; the database owns it.</summary>
    public PreparedStatement Prepare(string sql)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var statement = new PreparedStatement(_writer, sql);
            _prepared.Add(statement);
            return statement;
        }
    }

    /// <summary>Borrows a read-only connection; dispose it to give it back. SQLite's own exceptions come through untranslated.</summary>
    /// <param name="ofWriter">Whether the node's single writer reads: it has one of its own.</param>
    /// <exception cref="StorageException">Every one stayed in use for <see cref="SqliteOptions.BusyTimeout"/>, or a new one can not be opened.</exception>
    public ReadLease Read(bool ofWriter = false)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var places = ofWriter ? _ofWriter : _free;
        if (!places.Wait(_options.BusyTimeout))
            throw new StorageException(StorageFault.Busy, $"All {_options.Readers} read connections of '{File}' are in use; try again.");

        try
        {
            var borrowed = _idle.TryTake(out var idle)
                ? idle
                : new ReadConnection(SqliteFile.Connect(File, SqliteOpenMode.ReadOnly, _options, _options.ReaderCacheBytes));
            return new ReadLease(this, borrowed, places);
        }
        catch (SqliteException failure)
        {
            places.Release();
            throw SqliteFailure.Translate(failure, File);
        }
    }

    /// <summary>Runs <paramref name="query"/> on a read-only connection and gives it back.</summary>
    /// <exception cref="StorageException">The disk failed or the file is damaged.</exception>
    public T Read<T>(Func<ReadLease, T> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var lease = Read();
        try
        {
            return query(lease);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Translate(failure, File);
        }
    }

    /// <summary>Runs <paramref name="query"/> on several read-only connections that all see the latest commit and nothing later.</summary>
    /// <param name="most">Connections that are wanted; there are fewer when <see cref="SqliteOptions.Readers"/> allows fewer.</param>
    /// <param name="query">May use each of them on a thread of its own.</param>
    /// <exception cref="StorageException">The disk failed or the file is damaged.</exception>
    internal T Read<T>(int most, Func<IReadOnlyList<SqliteConnection>, T> query)
    {
        var opened = new Stack<IDisposable>();
        try
        {
            var connections = new List<SqliteConnection>();
            lock (_writing)
            {
                for (var i = 0; i < Math.Min(most, _options.Readers); i++)
                {
                    var lease = Read();
                    opened.Push(lease);
                    var snapshot = lease.Connection.BeginTransaction(deferred: true);
                    opened.Push(snapshot);
                    // A snapshot begins with the first thing that is read, and nobody writes meanwhile.
                    SqliteFile.Run(lease.Connection, "SELECT count(*) FROM schema_part", snapshot);
                    connections.Add(lease.Connection);
                }
            }

            return query(connections);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Translate(failure, File);
        }
        finally
        {
            while (opened.TryPop(out var last)) last.Dispose();
        }
    }

    /// <summary>Copies the write-ahead log into the database and empties it, so that erased bytes are in neither.</summary>
    /// <remarks>
    /// Those who ask while one is under way share the next: each may be a stranger's, and costs the disk what a block does.
    /// Tried again and again, not waited for at once: while a reader looks at an old snapshot others can write in between.
    /// </remarks>
    /// <exception cref="StorageException">The disk failed, or a reader kept an old snapshot for <see cref="SqliteOptions.BusyTimeout"/>.</exception>
    public void Checkpoint()
    {
        var asked = Interlocked.Increment(ref _checkpointsAsked);
        lock (_checkpointing)
        {
            if (_checkpointed < asked)
            {
                var all = Interlocked.Read(ref _checkpointsAsked);
                _emptied = EmptyLog();
                _checkpointed = all;
                Checkpoints++;
            }

            if (!_emptied) throw new StorageException(StorageFault.Busy, $"The write-ahead log of '{File}' can not be emptied while a reader holds an old snapshot; try again.");
        }
    }

    private bool EmptyLog()
    {
        var began = Environment.TickCount64;
        while (!TryCheckpoint())
        {
            if (Environment.TickCount64 - began >= _options.BusyTimeout.TotalMilliseconds) return false;

            Thread.Sleep(CheckpointPause);
        }

        return true;
    }

    /// <summary>Closes every connection; the last one empties the write-ahead log into the database.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed) return;
            _disposed = true;
            TakeBackStaged();
            CloseIdle();
            foreach (var statement in _prepared) statement.Dispose();
            _writer.Dispose();
        }
    }

    // Here nobody waits; otherwise the commit does it that finds the log too long.
    private void CheckpointIfLong()
    {
        if ((SqliteFile.PagesWritten(_writer) - _copiedAt) * (long)SqliteFile.PageSize < _options.CheckpointBytes / 2) return;

        SqliteFile.Ask(_writer, "PRAGMA wal_checkpoint(PASSIVE)");
        _copiedAt = SqliteFile.PagesWritten(_writer);
    }

    private void TakeBackStaged()
    {
        if (_staged is { } staged) End(staged);
        _staged = null;
    }

    // SQLite itself takes back a transaction whose commit found the disk full or broken (sqlite.org/lang_transaction.html, «Response To Errors Within A Transaction»), unseen by the library,
    // which would roll back what is none any more, fail, and never begin another. So it is given one to roll back.
    private void End(SqliteTransaction transaction)
    {
        if (transaction.Connection is not null && !IsInTransaction()) _ = SQLitePCL.raw.sqlite3_exec(_writer.Handle, "BEGIN");
        transaction.Dispose();
        if (IsInTransaction()) _ = SQLitePCL.raw.sqlite3_exec(_writer.Handle, "ROLLBACK");
    }

    private bool IsInTransaction() => SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0;

    private bool TryCheckpoint()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            TakeBackStaged();
            try
            {
                SqliteFile.Run(_writer, "PRAGMA busy_timeout = 0");
                try
                {
                    return SqliteFile.Ask(_writer, "PRAGMA wal_checkpoint(TRUNCATE)") == "0";
                }
                finally
                {
                    SqliteFile.Run(_writer, FormattableString.Invariant($"PRAGMA busy_timeout = {(int)_options.BusyTimeout.TotalMilliseconds}"));
                }
            }
            catch (SqliteException failure)
            {
                throw SqliteFailure.Translate(failure, File);
            }
        }
    }

    // A connection given back inside a transaction would show its next borrower an old snapshot, so it is closed instead.
    internal void GiveBack(ReadConnection connection, SemaphoreSlim place)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Connection.Handle) == 0) connection.Dispose();
        else _idle.Add(connection);
        place.Release();
        if (_disposed) CloseIdle();
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var idle)) idle.Dispose();
    }
}
