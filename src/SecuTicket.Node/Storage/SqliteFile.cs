using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>Making a database file, telling ours from others, and opening connections to it.</summary>
/// <remarks>
/// A new file appears under its name only when its header is complete, so an empty or short file is always one that lost something,
/// and is never mistaken for a new one.
/// </remarks>
internal static class SqliteFile
{
    /// <summary>"SecT" in the header's application id (sqlite.org/fileformat.html, offset 68).</summary>
    public const int ApplicationId = 0x53656354;

    /// <summary>Layout of the file as a whole (offset 60); the tables have their own versions.</summary>
    public const int FileVersion = 1;

    /// <summary>Bytes of a page.</summary>
    public const int PageSize = 4096;

    // SQLITE_DBSTATUS_CACHE_WRITE (sqlite.org/c3ref/c_dbstatus_options.html).
    private const int StatusOfCacheWrites = 9;

    // Of the write-ahead log (sqlite.org/wal.html).
    private const string LogSuffix = "-wal";

    private const int HeaderSize = 100;
    private const int FileVersionOffset = 60;
    private const int ApplicationIdOffset = 68;

    /// <summary>Makes the file when there is none, and otherwise refuses one that is not ours, newer, empty or not SQLite.</summary>
    /// <exception cref="StorageException">It is not a file this version may open.</exception>
    public static void CreateOrCheck(string file)
    {
        try
        {
            if (File.Exists(file)) CheckHeader(file);
            else Create(file);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Translate(failure, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                StorageFault.Denied, $"'{file}' can not be opened ({failure.Message}). Check its folder, owner, permissions and free space.", 0, failure);
        }
    }

    /// <summary>Opens a connection; the caller owns it.</summary>
    /// <exception cref="SqliteException">It can not be opened.</exception>
    public static SqliteConnection Connect(string file, SqliteOpenMode mode, SqliteOptions options, int cacheBytes)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(options.BusyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();

            // No memory map: a failing disk under one kills the process with a signal instead of answering an error.
            // Secure delete: what is erased must not linger in free pages.
            Run(connection, FormattableString.Invariant($"""
                PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds};
                PRAGMA cache_size = {-cacheBytes / 1024};
                PRAGMA mmap_size = 0;
                PRAGMA temp_store = MEMORY;
                PRAGMA trusted_schema = OFF;
                PRAGMA cell_size_check = ON;
                PRAGMA secure_delete = ON;
                """));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that answer nothing of interest.</summary>
    public static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The one value a statement answers, as text.</summary>
    public static string Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    private static void Create(string file)
    {
        // SQLite would replay a log left behind by another file into the new one.
        if (File.Exists(file + LogSuffix))
            throw Damaged($"'{file}' is missing but its write-ahead log '{file}{LogSuffix}' is there. Put the database back beside it. {SqliteFailure.WayOut(file)}");

        DurableFiles.Create(file, static unfinished =>
        {
            using var connection = Connect(unfinished, SqliteOpenMode.ReadWrite, new SqliteOptions(), cacheBytes: 0);
            Run(connection, FormattableString.Invariant($"""
                PRAGMA journal_mode = DELETE;
                PRAGMA synchronous = FULL;
                PRAGMA page_size = {PageSize};
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {FileVersion};
                """));
        });
    }

    private static void CheckHeader(string file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        int read;
        using (var handle = File.OpenHandle(file, share: FileShare.ReadWrite)) read = RandomAccess.Read(handle, header, 0);
        if (read < HeaderSize)
            throw Damaged($"'{file}' is truncated: {read} bytes, where the header alone takes {HeaderSize}. {SqliteFailure.WayOut(file)}");
        if (!header.StartsWith("SQLite format 3\0"u8))
            throw Damaged($"'{file}' is not a database: its first bytes were overwritten, or it is some other file. {SqliteFailure.WayOut(file)}");

        var application = BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]);
        if (application != ApplicationId)
        {
            throw new StorageException(
                StorageFault.NotOurs,
                $"'{file}' is a database of another program (application id {application:x8}, expected {ApplicationId:x8}). Choose another --Node:DataDirectory=…");
        }

        var version = BinaryPrimitives.ReadInt32BigEndian(header[FileVersionOffset..]);
        if (version > FileVersion) throw Newer(file, $"file version {version}, this program knows {FileVersion}");
    }

    /// <summary>Refuses a file that is shorter than it says or, when it is small enough to look at all of it, damaged.</summary>
    /// <exception cref="StorageException">It is.</exception>
    public static void CheckContent(SqliteConnection writer, string file, SqliteOptions options)
    {
        // The log first: after a kill the file alone may rightly be shorter than its header says.
        Ask(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
        var expected = long.Parse(Ask(writer, "PRAGMA page_count")) * long.Parse(Ask(writer, "PRAGMA page_size"));
        var length = new FileInfo(file).Length;
        if (length < expected)
            throw Damaged($"'{file}' is truncated: {length} bytes, where its header promises {expected}. {SqliteFailure.WayOut(file)}");
        if (length > options.QuickCheckBytes) return;

        var found = Ask(writer, "PRAGMA quick_check(1)");
        if (found != "ok") throw Damaged($"'{file}' is damaged ({found}). {SqliteFailure.WayOut(file)}");
    }

    /// <summary>Pages that a connection wrote since it was opened, to the log or to the file.</summary>
    public static int PagesWritten(SqliteConnection connection)
    {
        SQLitePCL.raw.sqlite3_db_status(connection.Handle, StatusOfCacheWrites, out var pages, out _, 0);
        return pages;
    }

    /// <summary>Brings what the open transaction changed so far to the log on the disk, without the mark that makes it count: the commit has little left to write and to wait for.</summary>
    /// <remarks>The commit waits for the disk as ever, so a fault that is passed over here is met there: the system tells it to each of the two who opened the log.</remarks>
    public static void Flush(SqliteConnection writer, string file)
    {
        // Refused for pages in use only, which the commit writes.
        _ = sqlite3_db_cacheflush(writer.Handle!.DangerousGetHandle());
        try
        {
            using var log = File.OpenHandle(file + LogSuffix, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(log);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>A file that lost something.</summary>
    public static StorageException Damaged(string message) => new(StorageFault.Damaged, message);

    /// <summary>A file from the future.</summary>
    public static StorageException Newer(string file, string found) =>
        new(StorageFault.NewerVersion, $"'{file}' was written by a newer version of SecuTicket ({found}). Start it with that version; nothing was changed.");

    // sqlite.org/c3ref/db_cacheflush.html; the library that SQLitePCLRaw brings.
    [DllImport("e_sqlite3")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_db_cacheflush(nint database);
}
