using System.Text;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Gates;

/// <summary>What one gate keeps for one event: whom it trusts, the roster as it came, its receipts, and how far they are reported.</summary>
/// <param name="path">The folder.</param>
internal sealed class GateFolder(string path)
{
    /// <summary>Held while codes are scanned: receipts are written by one process alone.</summary>
    public const string ScanLock = "scan.lock";

    /// <summary>Held while the roster is fetched or receipts are reported. Scanning goes on meanwhile.</summary>
    public const string NetworkLock = "network.lock";

    /// <summary>Its path.</summary>
    public string Path { get; } = path;

    /// <summary>The roster.</summary>
    public RosterFiles Roster { get; } = new(path);

    /// <summary>The file of receipts.</summary>
    public string ReceiptsFile => System.IO.Path.Combine(Path, "receipts.ndjson");

    /// <summary>The file that says how far receipts are reported.</summary>
    public string ReportedFile => System.IO.Path.Combine(Path, "reported.json");

    /// <summary>The file that says whom the gate trusts.</summary>
    public string PinFile => System.IO.Path.Combine(Path, "gate.json");

    /// <summary>Takes a lock, making the folder (mode 0700 on Unix) when it is not there. A process that was killed leaves nothing to clean up.</summary>
    /// <param name="name">Which one.</param>
    /// <returns>The lock, released when disposed of; or <c>file</c> when another process holds it.</returns>
    /// <exception cref="IOException">The folder can not be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public Verdict<FileStream> Lock(string name)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, DurableFiles.OwnerOnly | UnixFileMode.UserExecute);

        var file = System.IO.Path.Combine(Path, name);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (DurableFiles.IsHeldElsewhere(failure))
        {
            return new Refusal(FailureCodes.File, $"Another process uses the gate's folder '{Path}' ('{name}' is held): wait for it or stop it, or give each its own with --gate-directory and a wallet of its own.");
        }
    }

    /// <summary>Writes a small file whole or not at all, in place of an older one.</summary>
    public static void Replace(string file, string text) =>
        DurableFiles.Create(file, unfinished => File.WriteAllBytes(unfinished, Encoding.UTF8.GetBytes(text)), replace: true);
}
