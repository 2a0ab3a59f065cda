using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Entrance;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What a gate's device keeps of its page: one version for all of it.</summary>
public sealed partial class EntranceShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-shell-").FullName;

    public EntranceShellTests()
    {
        foreach (var file in (string[])["entrance/worker.js", "entrance/icon.svg", "web/js/entrance/page.js", .. EntranceShell.Shared]) Write(file, file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("entrance/worker.js")]
    [InlineData("entrance/icon.svg")]
    [InlineData("web/js/entrance/page.js")]
    [InlineData("web/js/entrance/added.js")]
    [InlineData("web/css/base.css")]
    [InlineData("web/js/keccak.js")]
    [InlineData("web/js/ledger.js")]
    public void Whatever_changes_makes_another_version_and_another_worker(string file)
    {
        var (version, script) = Now();
        Write(file, "changed");
        var (changedVersion, changedScript) = Now();

        changedVersion.Should().NotBe(version);
        changedScript.Should().NotBe(script).And.Contain(changedVersion);
    }

    [Fact]
    public void The_same_files_make_the_same_version_and_what_is_compressed_beside_them_is_none_of_them()
    {
        var before = Now();
        Write("web/js/entrance/page.js.gz", "compressed");

        Now().Should().Be(before);
    }

    [Fact]
    public void A_process_keeps_to_the_files_that_it_came_with_but_where_somebody_works_on_them()
    {
        var (published, worked) = (Shell(Environments.Production), Shell(Environments.Development));
        published.Version.Should().Be(worked.Version);
        var before = published.Version;
        Write("web/js/entrance/page.js", "changed");

        published.Version.Should().Be(before);
        worked.Version.Should().NotBe(before);
    }

    // A module that is missing is missed only where there is no network.
    [Fact]
    public async Task Whatever_the_page_or_its_workers_name_is_kept_with_them_and_so_is_what_that_names()
    {
        using var node = new NodeFactory();
        using var client = node.CreateClient();
        var worker = await client.GetStringAsync(EntranceShell.Route);
        var kept = JsonDocument.Parse(worker[worker.IndexOf('{', StringComparison.Ordinal)..worker.IndexOf(";\n", StringComparison.Ordinal)]).RootElement.GetProperty("files").EnumerateObject().Select(static file => file.Name).ToHashSet();
        var (due, named) = (new Queue<string>([EntranceShell.Page]), new HashSet<string> { EntranceShell.Page });
        while (due.TryDequeue(out var path))
        {
            var origin = new Uri(client.BaseAddress!, path);
            foreach (Match match in Names().Matches(await client.GetStringAsync(path)))
                if (Fingerprint().Replace(new Uri(origin, match.Groups[1].Value).AbsolutePath, "") is var name && named.Add(name)) due.Enqueue(name);
        }

        named.Remove(EntranceShell.Page);
        named.Should().Contain(["/web/js/entrance/page.js", "/entrance/roster.js", "/web/js/entrance/roster.js", "/web/js/assertion.js", "/web/css/base.css", "/entrance/icon.svg"], "else nothing was followed");
        named.Should().BeSubsetOf(kept);
        kept.Should().BeSubsetOf([.. named, "/entrance/manifest.fr.webmanifest"], "what nobody names is not worth keeping");
    }

    // Of a module what it imports and what it runs as a worker, of a page and a manifest what they show.
    [GeneratedRegex(@"(?:^import\s(?:[^""]*\sfrom\s)?|await import\(|new Worker\(|\ssrc=|""src"":\s*|<link [^>]*href=)""([^""]+)""", RegexOptions.Multiline)]
    private static partial Regex Names();

    // What the build puts before a file's extension in addresses that pages name it by.
    [GeneratedRegex(@"\.[a-z0-9]{10}(?=\.[a-z]+$)")]
    private static partial Regex Fingerprint();

    private (string Version, string Script) Now()
    {
        var shell = Shell(Environments.Production);
        return (shell.Version, shell.Script);
    }

    private EntranceShell Shell(string environment) => new(new Host(_folder, environment));

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class Host(string folder, string environment) : IWebHostEnvironment
    {
        public string WebRootPath { get; set; } = folder;

        public IFileProvider WebRootFileProvider { get; set; } = new PhysicalFileProvider(folder);

        public string ApplicationName { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string ContentRootPath { get; set; } = folder;

        public string EnvironmentName { get; set; } = environment;
    }
}
