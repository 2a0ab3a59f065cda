using System.Text.RegularExpressions;

namespace SecuTicket.Cli.Tests;

/// <summary>Issue 4, 7: the walk of docs/network.md with three nodes, done by its script, prints what the page says it prints.</summary>
[Trait("Length", "longer")]
public sealed partial class ThreeNodesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-three-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact] // S2.8, S2.9
    public async Task The_script_with_three_nodes_prints_what_the_page_prints()
    {
        SkipWithoutTools();
        var printed = Printed().Match(await File.ReadAllTextAsync(Path.Combine(Shell.RepositoryRoot, "docs", "network.md"))).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        printed.Should().HaveCountGreaterThan(20);

        var (exitCode, output, error) = await RunAsync(AppContext.BaseDirectory);

        error.Should().BeEmpty();
        exitCode.Should().Be(0, string.Join('\n', output));
        output.Should().HaveCount(printed.Length, string.Join('\n', output));
        foreach (var (line, pattern) in output.Zip(printed)) line.Should().MatchRegex($"^{Regex.Escape(pattern).Replace("…", ".+", StringComparison.Ordinal)}$");
        output[^1].Should().Be("All was as expected.");
        Directory.EnumerateDirectories(_folder).Should().BeEmpty("it cleans up");
    }

    [SkippableFact]
    public async Task The_script_says_what_was_not_as_expected_and_fails()
    {
        SkipWithoutTools();

        var (exitCode, _, error) = await RunAsync(Path.Combine(_folder, "nothing"));

        exitCode.Should().Be(1);
        error.Should().StartWith("NOT AS EXPECTED: node 1 did not start");
        Directory.EnumerateDirectories(_folder).Should().BeEmpty("it cleans up");
    }

    private static void SkipWithoutTools()
    {
        foreach (var tool in (string[])["bash", "curl", "jq"]) Skip.IfNot(Shell.IsInstalled(tool), $"{tool} is not installed.");
    }

    private Task<(int ExitCode, string[] Output, string Error)> RunAsync(string build) =>
        Shell.RunAsync($"SECUTICKET_BUILD='{build}' TMPDIR='{_folder}' exec bash '{Path.Combine(Shell.RepositoryRoot, "docs", "three-nodes.sh")}'", _folder);

    [GeneratedRegex(@"^```\n\$ docs/three-nodes\.sh\nBuilding\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Printed();
}
