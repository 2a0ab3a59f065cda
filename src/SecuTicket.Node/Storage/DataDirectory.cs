namespace SecuTicket.Node.Storage;

/// <summary>A data directory can not be used; the message says what to do.</summary>
public sealed class DataDirectoryException : Exception
{
    /// <summary>A data directory can not be used.</summary>
    public DataDirectoryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The folder one node owns while it runs: its ledger, its key file, and the lock that keeps a second process out.</summary>
/// <remarks>The lock belongs to the open file, not to its existence, so a killed process leaves nothing to clean up.</remarks>
public sealed class DataDirectory : IDisposable
{
    /// <summary>File name of the database.</summary>
    public const string LedgerName = "ledger.db";

    /// <summary>Default file name of the key file.</summary>
    public const string KeyName = "node.key";

    /// <summary>File name of the lock; it holds the owner's process id.</summary>
    public const string LockName = "node.lock";

    private readonly FileStream _lock;

    private DataDirectory(string path, string keyFile, FileStream heldLock)
    {
        Path = path;
        KeyFile = keyFile;
        _lock = heldLock;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Full path of the database.</summary>
    public string LedgerFile => System.IO.Path.Combine(Path, LedgerName);

    /// <summary>Full path of the key file; in this folder unless it was put elsewhere.</summary>
    public string KeyFile { get; }

    /// <summary>Opens the folder, making it (mode 0700 on Unix) when it is not there, and keeps other processes out until disposed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="keyFile">The key file, when it does not live in the folder.</param>
    /// <exception cref="DataDirectoryException">Another process uses it, or it can not be made, written or tidied.</exception>
    public static DataDirectory Open(string path, string? keyFile = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var folder = System.IO.Path.GetFullPath(path);
        var key = keyFile is null ? System.IO.Path.Combine(folder, KeyName) : System.IO.Path.GetFullPath(keyFile);
        MakeFolder(folder);
        var held = TakeLock(System.IO.Path.Combine(folder, LockName), folder);
        try
        {
            RemoveUnfinished(folder, key);
            return new DataDirectory(folder, key, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void MakeFolder(string folder)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(
                $"The data directory '{folder}' can not be made ({failure.Message}). Choose a folder this user may write with --Node:DataDirectory=…", failure);
        }
    }

    private static FileStream TakeLock(string file, string folder)
    {
        FileStream? taken = null;
        try
        {
            taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            taken.SetLength(0);
            taken.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            return taken;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DataDirectoryException(
                $"The data directory '{folder}' can not be written. Check its owner and permissions, or choose another (of a node: --Node:DataDirectory=…).", failure);
        }
        catch (IOException failure)
        {
            taken?.Dispose();
            throw DurableFiles.IsHeldElsewhere(failure)
                ? new DataDirectoryException(
                    $"The data directory '{folder}' is in use by another process (its id is in '{file}'). "
                    + "Stop that process, or choose another directory (of a node: --Node:DataDirectory=…).", failure)
                : new DataDirectoryException($"The data directory '{folder}' can not be written ({failure.Message}). Free space on its disk, or mount it so that it can be written, and start again.", failure);
        }
    }

    // What a killed process left of the key holds all of it.
    private static void RemoveUnfinished(string folder, string keyFile)
    {
        try
        {
            DurableFiles.RemoveUnfinished(folder, "*");
            if (System.IO.Path.GetDirectoryName(keyFile) is { } keys && keys != folder && Directory.Exists(keys)) DurableFiles.RemoveUnfinished(keys, System.IO.Path.GetFileName(keyFile));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"What a process before left unfinished can not be removed ({failure.Message}): remove the files that end in «.new» by hand, and start again.", failure);
        }
    }
}
