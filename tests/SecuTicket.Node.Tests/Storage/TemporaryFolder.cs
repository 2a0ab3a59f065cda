using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>A folder of the test's own, gone with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("secuticket-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The files that contain these bytes somewhere. A lock file in use can not be read, and holds a process id only.</summary>
    public IEnumerable<string> FilesHolding(byte[] needle) => Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Where(file =>
    {
        if (System.IO.Path.GetFileName(file) == DataDirectory.LockName) return false;

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content.AsSpan().IndexOf(needle) >= 0;
    });

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
