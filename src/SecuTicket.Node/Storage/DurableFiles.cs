using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SecuTicket.Node.Storage;

/// <summary>Files that exist whole or not at all, also after a power cut.</summary>
public static class DurableFiles
{
    /// <summary>Owner may read and write, nobody else anything: mode 0600.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int OpenReadOnly = 0;

    // As much as a block with its ledger may take, so that what is left of a page or two is not taken for room.
    private const int Trial = 1024 * 1024;

    /// <summary>What others may do with a file that holds a key; null when nothing, and on Windows, which has no such modes.</summary>
    public static UnixFileMode? OpenToOthers(string path) => OperatingSystem.IsWindows() ? null : BeyondOwner(File.GetUnixFileMode(path));

    /// <summary>As <see cref="OpenToOthers(string)"/>, of the very file that is read.</summary>
    public static UnixFileMode? OpenToOthers(SafeFileHandle file) => OperatingSystem.IsWindows() ? null : BeyondOwner(File.GetUnixFileMode(file));

    /// <summary>Makes a file that must not exist yet, with mode 0600 on Unix, and hands it to <paramref name="write"/> before anyone can see it.</summary>
    /// <param name="path">Where it will lie.</param>
    /// <param name="write">Fills the file whose path it is given.</param>
    /// <param name="replace">Whether an older file there may be replaced, in one step.</param>
    /// <exception cref="IOException">It exists and may not be replaced, or can not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can not be written.</exception>
    public static void Create(string path, Action<string> write, bool replace = false)
    {
        var unfinished = UnfinishedName(path);
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        new FileStream(unfinished, options).Dispose();
        try
        {
            write(unfinished);
            using (var written = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(written);
            File.Move(unfinished, path, overwrite: replace);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Finds out whether a folder's disk takes anything: a file of 1 MiB is written there, and taken away again.</summary>
    /// <exception cref="IOException">It does not.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can not be written.</exception>
    public static void Try(string folder)
    {
        var path = Path.Combine(folder, "trial");
        Create(path, static unfinished => File.WriteAllBytes(unfinished, new byte[Trial]), replace: true);
        File.Delete(path);
    }

    /// <summary>What a file is called before it is whole. Two processes that make the same file do not meet in it.</summary>
    public static string UnfinishedName(string path) => $"{path}.{Environment.ProcessId}.new";

    /// <summary>Removes what processes that are gone did not finish: it may hold a key. For whoever keeps others from making these files.</summary>
    /// <param name="folder">Where they would lie.</param>
    /// <param name="name">What they would be called; <c>*</c> for all.</param>
    /// <exception cref="IOException">One can not be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void RemoveUnfinished(string folder, string name)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"{name}.*.new"))
            if (int.TryParse(Path.GetFileName(file).Split('.')[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && IsGone(process)) File.Delete(file);
    }

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeldElsewhere(IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);

        // EWOULDBLOCK of flock(2) on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
        return failure.HResult is 11 or 35 or unchecked((int)0x80070020);
    }

    /// <summary>Makes the names in a folder durable. On Windows the file system does so by itself.</summary>
    /// <remarks>.NET opens no folders, and without this a power cut may forget a file whose bytes are safely on disk.</remarks>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;

        var descriptor = OpenNative(folder, OpenReadOnly);
        if (descriptor < 0) throw new IOException($"'{folder}' can not be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}.");

        var flushed = FlushNative(descriptor);
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = CloseNative(descriptor);
        if (flushed != 0) throw new IOException($"'{folder}' can not be flushed: {reason}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenNative([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushNative(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseNative(int descriptor);

    // What is called after this one was left by one before: in a container each process has the same number.
    private static bool IsGone(int process)
    {
        if (process == Environment.ProcessId) return true;
        try
        {
            using var running = Process.GetProcessById(process);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static UnixFileMode? BeyondOwner(UnixFileMode mode) => (mode & ~(OwnerOnly | UnixFileMode.UserExecute)) is var extra and not UnixFileMode.None ? extra : null;
}
