namespace SecuTicket.Core.Tests.Architecture;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecuTicket.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests read the sources: run them from within the repository.");
    }
}
