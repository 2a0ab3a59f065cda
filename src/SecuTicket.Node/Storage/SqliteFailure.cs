using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in sentences for the operator.</summary>
internal static class SqliteFailure
{
    /// <summary>The same failure as a <see cref="StorageException"/> that names the file and the way out.</summary>
    public static StorageException Translate(SqliteException failure, string file)
    {
        var (fault, sentence) = Describe(failure.SqliteErrorCode, file);
        var code = failure.SqliteExtendedErrorCode;
        return new StorageException(fault, $"{sentence} (SQLite code {code}: {failure.Message})", code, failure);
    }

    /// <summary>What to do about a damaged database file: the same advice wherever the damage is noticed.</summary>
    public static string WayOut(string file) => file.EndsWith(SqlitePendingJournal.Suffix, StringComparison.Ordinal)
        ? $"Stop the node, move the file (and its -wal and -shm) away and start again. Transactions that were acknowledged here and are in no block yet are lost with it, unless peers have them; accounts and the chain are elsewhere."
        : $"Stop the node and put a backup of '{file}' in its place. Without a backup, move the file (and its -wal and -shm) away and start again: "
            + "the chain is fetched from the peers, but accounts kept by this node are lost with the file, so keep it.";

    private static (StorageFault Fault, string Sentence) Describe(int code, string file) => code switch
    {
        SQLitePCL.raw.SQLITE_FULL => (StorageFault.Full,
            $"No room to write to '{file}': the disk is full or the size limit of the database is reached. Nothing was changed; free space and try again."),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => (StorageFault.Damaged,
            $"'{file}' is damaged. {WayOut(file)}"),
        SQLitePCL.raw.SQLITE_IOERR => (StorageFault.Device,
            $"The disk failed while reading or writing '{file}'. Nothing was changed; check the disk and the system log before starting again."),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_AUTH => (StorageFault.Denied,
            $"'{file}' can not be opened for writing: check that its folder exists, who owns it, its permissions, and that the volume is not read-only."),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => (StorageFault.Busy,
            $"Another program is writing to '{file}'. Nothing was changed; close that program and try again."),
        _ => (StorageFault.Other, $"SQLite refused a command on '{file}'. Nothing was changed."),
    };
}
