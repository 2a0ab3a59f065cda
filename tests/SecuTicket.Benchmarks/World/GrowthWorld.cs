using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>A world of a certain size in a folder that stays, with everything that is asked of it: a second run need not make it again.</summary>
/// <param name="Size">How much there is of what grows.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Operations">What is asked of it.</param>
internal sealed record GrowthWorld(int Size, string Folder, IReadOnlyList<GrowthOperation> Operations)
{
    private const string Data = "data";
    private const string Spec = "chain.json";
    private const string Asked = "requests";

    // What fans sign is valid for a week; a world that is older has purchases that no node takes.
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(6);

    /// <summary>Its specification, as a node reads it.</summary>
    public string SpecFile => Path.Combine(Folder, Spec);

    /// <summary>Worlds of this code: what was made by another version of the store, the rules or the requests is not found here.</summary>
    public static string Cache => Path.Combine(
        Path.GetTempPath(), "secuticket-growth", string.Join('-', ((Type[])[typeof(ChainSpec), typeof(SqliteBlockStore), typeof(GrowthWorld)]).Select(static type => type.Module.ModuleVersionId.ToString("N")[..8])));

    /// <summary>Takes a world that was made before, or makes it.</summary>
    /// <param name="dimension">What grows.</param>
    /// <param name="size">To what size.</param>
    /// <param name="say">Hears what is made.</param>
    public static GrowthWorld Of(GrowthDimension dimension, int size, Action<string> say)
    {
        var folder = Path.Combine(Cache, $"{dimension.Of.Replace(' ', '-')}-{size}");
        var requests = Path.Combine(folder, Asked);
        if (!File.Exists(requests) || DateTime.UtcNow - File.GetLastWriteTimeUtc(requests) > Fresh)
        {
            say($"preparing a world of {size:N0} {dimension.Of}");
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Make(dimension, size, folder);
        }

        using var reader = new BinaryReader(File.OpenRead(requests));
        return new GrowthWorld(size, folder, [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => GrowthOperation.Read(reader))]);
    }

    /// <summary>A copy of its data directory, for a node to go on from.</summary>
    public string Copy(string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, Data))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    // The requests come last: a world without them is none.
    private static void Make(GrowthDimension dimension, int size, string folder)
    {
        var subject = dimension.Make(folder, size);
        using var world = subject.World;
        if (Path.GetFileName(world.DataDirectory) != Data || Path.GetFileName(world.SpecFile) != Spec) throw new BenchmarkFailedException($"A world is not where it is looked for: {world.DataDirectory}, {world.SpecFile}.");

        IReadOnlyList<GrowthOperation> operations;
        using (var directory = DataDirectory.Open(world.DataDirectory))
        using (var database = SqliteDatabase.Open(directory.LedgerFile))
        using (var store = new SqliteBlockStore(database)) operations = GrowthOperations.Of(subject, store);

        var made = Path.Combine(folder, $"{Asked}.made");
        using (var writer = new BinaryWriter(File.Create(made)))
        {
            writer.Write(operations.Count);
            foreach (var operation in operations) operation.Write(writer);
        }

        File.Move(made, Path.Combine(folder, Asked));
    }
}
