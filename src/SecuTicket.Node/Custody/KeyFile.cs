using System.Security.Cryptography;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>A key file can not be used; the message says what to do.</summary>
public sealed class KeyFileException : Exception
{
    /// <summary>A key file can not be used.</summary>
    public KeyFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The file that holds a node's master key: 32 random bytes, mode 0600.</summary>
/// <remarks>It may live on another volume than the database, so that a stolen backup of one is worth nothing without the other.</remarks>
public static class KeyFile
{
    /// <summary>Reads the key, or makes a new one when there is none and nothing depends on an old one.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="keptAccounts">Accounts sealed under the key so far: with any, a missing file is a lost key and is not replaced.</param>
    /// <param name="fillRandom">Where a new key comes from; the platform's generator when null.</param>
    /// <exception cref="KeyFileException">Missing though accounts depend on it, open to others, of another size, unreadable, or it can not be made.</exception>
    public static MasterKey OpenOrCreate(string path, long keptAccounts, FillRandom? fillRandom = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        Span<byte> key = stackalloc byte[MasterKey.Size];
        try
        {
            if (!File.Exists(path) && !Directory.Exists(path)) Create(path, keptAccounts, fillRandom ?? RandomNumberGenerator.Fill);
            Read(path, key);
            return new MasterKey(key);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException(
                $"The key file '{path}' can not be read or made ({failure.Message}). Check its folder, owner and permissions, or name another with --Node:KeyFile=…", failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Create(string path, long keptAccounts, FillRandom fillRandom)
    {
        if (keptAccounts > 0)
        {
            throw new KeyFileException(
                $"The key file '{path}' is missing, and {keptAccounts} kept accounts can only be opened with it. Put it back from a backup, or name where it is with "
                + "--Node:KeyFile=… Without it they are lost; to go on without them, start with another --Node:DataDirectory=…");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var key = new byte[MasterKey.Size];
        fillRandom(key);
        try
        {
            DurableFiles.Create(path, unfinished =>
            {
                using var file = new FileStream(unfinished, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
                file.Write(key);
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Read(string path, Span<byte> key)
    {
        using var file = File.OpenHandle(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~DurableFiles.OwnerOnly) is var extra and not UnixFileMode.None)
        {
            throw new KeyFileException(
                $"The key file '{path}' is open to others ({extra}). Run: chmod 600 '{path}' (and ask who may have read it).");
        }

        var length = RandomAccess.GetLength(file);
        if (length != MasterKey.Size || RandomAccess.Read(file, key, 0) != MasterKey.Size)
        {
            throw new KeyFileException(
                $"The key file '{path}' holds {length} bytes, where a key takes {MasterKey.Size}: it is damaged or another file. Put it back from a backup.");
        }
    }
}
