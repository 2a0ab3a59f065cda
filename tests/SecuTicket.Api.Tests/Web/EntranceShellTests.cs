using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using SecuTicket.Api.Web.Entrance;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What a gate's device keeps of its page: one version for all of it.</summary>
public sealed class EntranceShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-shell-").FullName;

    public EntranceShellTests()
    {
        foreach (var file in (string[])["entrance/worker.js", "entrance/icon.svg", "web/js/entrance/page.js", "web/css/tokens.css", "web/css/base.css", "web/css/entrance.css", "web/icon.svg", "web/js/keccak.js", "web/js/ledger.js", "web/js/signature.js", "web/js/words.js"])
            Write(file, file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("entrance/worker.js")]
    [InlineData("entrance/icon.svg")]
    [InlineData("web/js/entrance/page.js")]
    [InlineData("web/js/entrance/added.js")]
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
