using System.Net;
using System.Text;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>What an operator meets when something is in the way: one sentence that says what to do, an exit code, and nothing changed.</summary>
[Trait("Length", "longer")]
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("secuticket-start-").FullName;

    private string Data => Path.Combine(_directory, "data");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_process_on_the_same_data_directory_is_refused()
    {
        await using var first = await NodeUnderTest.StartAsync(Data);
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Data);

        exitCode.Should().Be(3);
        output.Should().Contain(Data).And.Contain("--Node:DataDirectory").And.NotContain("   at ");
        (await first.Client.GetAsync("/health/ready")).IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task A_node_that_runs_asks_itself_for_the_first_pages()
    {
        await using var node = await NodeUnderTest.StartAsync(Data, "--Node:WarmPages=true");

        await node.SaysAsync("GET /sale 200");
    }

    [Theory]
    [InlineData("/mine")]
    [InlineData("/blocks")]
    public async Task Who_waits_for_a_block_when_the_node_stops_is_told_so(string path)
    {
        using var spec = new SpecFolder(SpecFolder.Effortless.Replace("\"difficulty\":0", "\"difficulty\":48", StringComparison.Ordinal));
        await using var node = await NodeUnderTest.StartAsync(Data, $"--Node:ChainSpec={spec.File}");
        var answering = node.Client.PostAsync(path, null);
        while ((await node.Client.GetStringAsync("/metrics")).Contains("\nsecuticket_hashes_tried_total 0\n", StringComparison.Ordinal)) await Task.Yield();

        var stopping = node.TerminateAsync();

        using var answer = await answering;
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"not_ready\"");
        (await stopping).Should().Be(0);
    }

    [Fact]
    public async Task A_port_in_use_is_named_in_one_sentence()
    {
        await using var first = await NodeUnderTest.StartAsync(Data);
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Path.Combine(_directory, "other"), "--urls", first.Url);

        exitCode.Should().Be(3);
        output.Should().Contain(first.Url).And.Contain("--urls").And.NotContain("   at ");
    }

    [SkippableFact]
    public async Task A_key_file_that_others_can_read_is_refused()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using (await NodeUnderTest.StartAsync(Data))
        {
        }

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(Data, "node.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Data);

        exitCode.Should().Be(3);
        output.Should().Contain("node.key").And.Contain("600").And.NotContain("   at ");
    }

    [Fact]
    public async Task Whoever_waits_for_a_decision_is_answered_when_the_node_stops()
    {
        await using var node = await NodeUnderTest.StartAsync(Data, "--Mining:Enabled=false");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD/top-up");
        request.Content = new StringContent("""{"amount":1,"reference":"till 1"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Prefer", "wait=30");
        var waiting = node.Client.SendAsync(request);
        while (!(await node.Client.GetStringAsync("/transactions/pending")).Contains("till 1", StringComparison.Ordinal)) await Task.Yield();

        (await node.TerminateAsync()).Should().Be(0);

        using var answer = await waiting;
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"status\":\"pending\"");
    }

    [Fact]
    public async Task A_truncated_database_is_refused_and_left_as_it_is()
    {
        await using (var node = await NodeUnderTest.StartAsync(Data)) (await node.TerminateAsync()).Should().Be(0);

        var ledger = Path.Combine(Data, "ledger.db");
        var half = new FileInfo(ledger).Length / 2;
        await using (var file = File.OpenWrite(ledger)) file.SetLength(half);
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Data);

        exitCode.Should().Be(3);
        output.Should().Contain("ledger.db").And.NotContain("   at ");
        new FileInfo(ledger).Length.Should().Be(half);
    }

    [Fact]
    public async Task The_development_chain_is_not_served_beyond_this_machine_outside_Development()
    {
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Data, "--environment", "Production", "--urls", "http://0.0.0.0:0");

        exitCode.Should().Be(2);
        output.Should().Contain("secuticket-dev").And.Contain("--Node:ChainSpec");
    }

    [Fact]
    public async Task A_chain_specification_with_a_mistake_is_named()
    {
        var spec = Path.Combine(_directory, "chain.json");
        await File.WriteAllTextAsync(spec, """{"chain_id":"x","engine":"proof-of-luck"}""");
        var (exitCode, output) = await NodeUnderTest.RefusedAsync(Data, $"--Node:ChainSpec={spec}");

        exitCode.Should().Be(2);
        output.Should().Contain("chain.json").And.NotContain("   at ");
    }
}
