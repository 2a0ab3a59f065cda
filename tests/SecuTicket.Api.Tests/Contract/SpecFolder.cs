namespace SecuTicket.Api.Tests.Contract;

/// <summary>A folder with a chain's specification in it.</summary>
internal sealed class SpecFolder : IDisposable
{
    /// <summary>A chain whose blocks cost no work and give no reward.</summary>
    public const string Effortless =
        """{"chain_id":"effortless","currency":"EUR","engine":"proof-of-work","genesis_time":1767225600000,"proof_of_work":{"difficulty":0},"reward":0}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secuticket-spec-");

    public SpecFolder(string spec)
    {
        File = Path.Combine(_folder.FullName, "chain.json");
        System.IO.File.WriteAllText(File, spec);
    }

    public string File { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
