namespace SecuTicket.Node.Storage;

/// <summary>Limits and sizes of one open database file.</summary>
public sealed record SqliteOptions
{
    /// <summary>Most read-only connections open at once, beside one that the single writer has for itself. Default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>How long to wait for a free read connection, or for another program's lock. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Page cache of the writer. Default 64 MiB.</summary>
    public int WriterCacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Page cache of each reader. Default 2 MiB.</summary>
    public int ReaderCacheBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Bytes of write-ahead log after which it is copied into the database: larger means fewer interruptions of the writer, and a longer recovery. Default 64 MiB.</summary>
    public int CheckpointBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest file whose every page is looked at when it is opened. Default 64 MiB: about 40 ms when the system has it in memory.</summary>
    /// <remarks>Looking at every page takes time in proportion to the file, and a restart must not. Larger files are checked for their length only.</remarks>
    public long QuickCheckBytes { get; init; } = 64 * 1024 * 1024;
}
