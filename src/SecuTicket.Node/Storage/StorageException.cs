using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>What kind of trouble the storage is in, so that callers can answer without reading sentences.</summary>
public enum StorageFault
{
    /// <summary>SQLite failed for a reason not named here; its code says which.</summary>
    Other,

    /// <summary>No room left on the volume, or the size limit of the database is reached.</summary>
    Full,

    /// <summary>The file is truncated, overwritten or otherwise not what was written.</summary>
    Damaged,

    /// <summary>The file belongs to another program.</summary>
    NotOurs,

    /// <summary>The file was written by a later version of this program.</summary>
    NewerVersion,

    /// <summary>Another program holds a lock, or every read connection is in use.</summary>
    Busy,

    /// <summary>Permissions, a read-only volume, or a missing folder.</summary>
    Denied,

    /// <summary>The device failed to read, write or flush.</summary>
    Device,
}

/// <summary>The disk or what is on it is broken, full or not ours. Nothing of the failed write was kept.</summary>
public sealed class StorageException : Exception
{
    /// <summary>A storage failure with the sentence an operator reads.</summary>
    /// <param name="fault">What kind of trouble.</param>
    /// <param name="message">Which file, what is wrong and what to do.</param>
    /// <param name="sqliteCode">SQLite's extended result code (sqlite.org/rescode.html), 0 when SQLite was not asked.</param>
    /// <param name="innerException">What the library said.</param>
    public StorageException(StorageFault fault, string message, int sqliteCode = 0, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
        SqliteCode = sqliteCode;
    }

    /// <summary>What kind of trouble.</summary>
    public StorageFault Fault { get; }

    /// <summary>SQLite's extended result code (sqlite.org/rescode.html); 0 when SQLite was not asked.</summary>
    public int SqliteCode { get; }

    /// <summary>The chain in the store goes past the operator's checkpoint with another block: to go on with it would be to follow what the operator knows to be wrong.</summary>
    internal static StorageException OtherPast(KnownBlock known) => new(
        StorageFault.NotOurs,
        $"The chain that is stored here has another block {known.Index} than {known.Hash}, which the specification names as its checkpoint. Correct the checkpoint, "
        + "or empty the chain (docs/network.md says how; kept accounts stay), and the node fetches the right one; nothing was changed.");
}
