using System.Text;
using System.Text.RegularExpressions;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Cli.Tests;

/// <summary>What the README prints is what happens: its commands are run as they stand against a real node, and what it says they answer must be the answer.</summary>
public sealed partial class ReadmeTests
{
    private const string PrintedUrl = "http://localhost:5000";
    private const string PrintedOther = "http://localhost:5001";
    private const string PrintedTool = "dotnet run --project src/SecuTicket.Cli --";
    private const string PrintedNode = "dotnet run --project src/SecuTicket.Api --";
    private const string PrintedMember = "dotnet run --no-build --project src/SecuTicket.Api --";
    private const string PrintedMemberUrl = "http://localhost:501";

    // Longer than a block takes on a busy machine.
    private const string PrintedWait = "wait=10";
    private const string Wait = "wait=30";

    // Whatever the walk started ends before it, also when a command in the middle fails: it writes to the folder until then.
    private const string Preamble = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n";

    [SkippableFact]
    [Trait("Length", "longer")]
    public async Task The_walk_of_the_README_works_as_printed()
    {
        foreach (var tool in (string[])["bash", "curl", "jq", "openssl"]) Skip.IfNot(Shell.IsInstalled(tool), $"{tool} is not installed.");

        var (script, expected) = Walk(await File.ReadAllTextAsync(Path.Combine(Shell.RepositoryRoot, "README.md")));
        expected.Should().HaveCountGreaterThan(10);
        script.Should().Contain(PrintedUrl).And.Contain(PrintedTool).And.Contain(PrintedNode).And.Contain(PrintedOther).And.Contain(PrintedMember).And.Contain(PrintedMemberUrl).And.Contain(PrintedWait);

        // What `dotnet run` would start, without asking each time whether it must be built.
        var secuticket = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "secuticket.dll")}'";
        // A node that is registered is not looked at before the command that asks for its chain, however long that takes to come.
        var api = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.dll")}' --environment Development --Network:LookAfterRegistration=00:10:00";
        var folder = Directory.CreateTempSubdirectory("secuticket-readme-").FullName;
        try
        {
            // Every command waits for its block, which a reader's node makes within two seconds and this one at once.
            await using var node = await NodeUnderTest.StartAsync(Path.Combine(folder, "data"), "--Mining:MaxWait=00:00:00.050");
            var (exitCode, output, error) = await Shell.RunAsync(
                $"{MemberPorts()}\n{MemberUrls().Replace(script, static url => $"http://127.0.0.1:${{members[{url.Groups[1].Value}]}}")}".Replace(PrintedUrl, node.Url, StringComparison.Ordinal)
                    .Replace(PrintedWait, Wait, StringComparison.Ordinal)
                    .Replace(PrintedOther, $"http://127.0.0.1:{NodeUnderTest.FreePort()}", StringComparison.Ordinal)
                    .Replace(PrintedTool, secuticket, StringComparison.Ordinal)
                    .Replace(PrintedNode, api, StringComparison.Ordinal)
                    .Replace(PrintedMember, api, StringComparison.Ordinal),
                folder);

            error.Should().MatchRegex(@"^\d+ blocks with \d+ transactions in \S+ s: \d+ blocks and \d+ transactions a second\.\n$", "that is what verify says of its pace, and nothing else has anything to say");
            exitCode.Should().Be(0);
            output.Should().Equal(expected);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_README_names_the_two_commands()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Shell.RepositoryRoot, "README.md"));
        readme.Should().Contain("\ndotnet run --project src/SecuTicket.Api\n").And.Contain("\ndotnet test\n");
        foreach (Match link in RelativeLinks().Matches(readme))
            File.Exists(Path.Combine(Shell.RepositoryRoot, link.Groups[1].Value)).Should().BeTrue($"the README leads to {link.Groups[1].Value}");
    }

    // All bash blocks in order, as one session; what follows «# →» is what the command before it prints.
    private static (string Script, List<string> Expected) Walk(string readme)
    {
        var script = new StringBuilder(Preamble);
        var expected = new List<string>();
        foreach (Match block in BashBlocks().Matches(readme))
        {
            script.Append(block.Groups[1].Value);
            expected.AddRange(Outputs().Matches(block.Groups[1].Value).Select(output => output.Groups[1].Value.Trim()));
        }

        return (script.ToString(), expected);
    }

    // The nodes of the consortium listen where nobody else does.
    private static string MemberPorts() => $"members=(0 {NodeUnderTest.FreePort()} {NodeUnderTest.FreePort()} {NodeUnderTest.FreePort()})";

    [GeneratedRegex(@"http://localhost:501(\$member|\d)")]
    private static partial Regex MemberUrls();

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BashBlocks();

    [GeneratedRegex("# → (.*)$", RegexOptions.Multiline)]
    private static partial Regex Outputs();

    [GeneratedRegex(@"\]\((?!http)([^)#]+)\)")]
    private static partial Regex RelativeLinks();
}
