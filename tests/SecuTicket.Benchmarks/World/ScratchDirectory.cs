namespace SecuTicket.Benchmarks.World;

/// <summary>A folder for one run's files, gone with its end.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory() => Path = Directory.CreateTempSubdirectory("secuticket-bench-").FullName;

    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
