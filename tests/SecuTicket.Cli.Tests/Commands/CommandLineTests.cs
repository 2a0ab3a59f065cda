using System.CommandLine;

namespace SecuTicket.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("'frob'", "frob")]
    [InlineData("Required command", "wallet")]
    [InlineData("'--frob'", "wallet", "show", "--frob")]
    [InlineData("32 lower-case hex digits", "ticket", "show", "../chain")]
    [InlineData("is no address", "ticket", "give", "a9a86a47dd2d74bd202a9328745889a3", "--to", "0x7cf8b6A45A365A326c1e25254498891593dA8143")]
    [InlineData("no whole number", "ticket", "list", "a9a86a47dd2d74bd202a9328745889a3", "--price", "55.00")]
    [InlineData("--price", "ticket", "list", "a9a86a47dd2d74bd202a9328745889a3")]
    [InlineData("is no moment", "event", "create", "--name", "A", "--venue", "B", "--session", "2027-06-15 19:00", "--sale-opens-at", "soon")]
    [InlineData("no date and time", "event", "create", "--name", "A", "--venue", "B", "--session", "tomorrow")]
    [InlineData("capped", "event", "create", "--name", "A", "--venue", "B", "--session", "2027-06-15 19:00", "--resale", "wild")]
    [InlineData("expected 1 to", "ticket", "redeem", "a9a86a47dd2d74bd202a9328745889a3", "--wait", "0")]
    [InlineData("64 lower-case hex digits", "transaction", "a9a8")]
    [InlineData("no whole number from 1", "top-up", "0")]
    [InlineData("'tcsh'", "completion", "tcsh")]
    public async Task Wrong_usage_is_named_on_standard_error_alone(string fault, params string[] arguments)
    {
        var refused = await _machine.RunAsync(arguments);

        refused.ExitCode.Should().Be(ExitCode.Usage);
        refused.Text.Should().BeEmpty();
        refused.Error.Should().Contain(fault).And.EndWith(" --help\n", "what to do about it is said last");
    }

    [Fact]
    public async Task Help_says_what_the_exit_codes_mean_and_everything_is_described()
    {
        var help = await _machine.DoAsync("--help");

        foreach (var line in ExitCode.Legend.Split('\n')) help.Text.Should().Contain(line.Trim());
        foreach (var symbol in All(CommandTree.Build(Surroundings.OfProcess())))
            symbol.Description.Should().NotBeNullOrWhiteSpace("of {0}", symbol.Name);
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("http://user:password@localhost")]
    [InlineData("http://localhost/?a=b")]
    [InlineData("http://")]
    public async Task What_is_no_address_of_a_node_is_wrong_usage(string node)
    {
        var refused = await _machine.RunAsync("node", "info", "--node", node);

        refused.ExitCode.Should().Be(ExitCode.Usage);
        refused.Error.Should().Contain("--node").And.Contain("SECUTICKET_NODE");
    }

    [Fact]
    public async Task The_node_is_the_option_else_the_variable_else_the_one_that_dotnet_run_starts()
    {
        var asked = new List<Uri?>();
        using var network = new Recorder(request => asked.Add(request.RequestUri));
        _machine.Network = network;

        await _machine.RunAsync("node", "info");
        _machine.Variables["SECUTICKET_NODE"] = "10.1.2.3:81";
        await _machine.RunAsync("node", "info");
        await _machine.RunAsync("--node", "https://tickets.example/api/", "node", "info");

        asked.Select(url => url!.ToString()).Should().Equal("http://localhost:5000/info", "http://10.1.2.3:81/info", "https://tickets.example/api/info");
    }

    [Fact]
    public async Task A_node_that_does_not_answer_has_an_exit_code_of_its_own()
    {
        using var network = new Recorder(_ => throw new HttpRequestException("Connection refused"));
        _machine.Network = network;

        var refused = await _machine.RunAsync("node", "info", "--json");

        refused.ExitCode.Should().Be(ExitCode.Unreachable);
        refused.Text.Should().BeEmpty();
        refused.Error.Should().Contain("unreachable: http://localhost:5000/ does not answer").And.Contain("SECUTICKET_NODE");
    }

    [Theory]
    [InlineData(200, "text/html", "<html></html>", "The answer's resale is missing")]
    [InlineData(200, "application/json", "{", "called JSON and is none")]
    [InlineData(200, "application/json", "[]", "The answer's resale is missing")]
    [InlineData(200, "application/json", """{"resale":5,"id":5}""", "The answer's id is missing or no text")]
    [InlineData(502, "text/html", "<html></html>", "status 502")]
    [InlineData(302, "text/html", "", "status 302")]
    public async Task What_answers_and_is_no_node_is_called_none(int status, string mediaType, string body, string fault)
    {
        using var network = new ScriptedNode(_ => (status, mediaType, body));
        _machine.Network = network;

        var refused = await _machine.RunAsync("event", "show", "a9a86a47dd2d74bd202a9328745889a3");

        refused.ExitCode.Should().Be(ExitCode.Unreachable);
        refused.Error.Should().Contain(fault);
    }

    [Fact]
    public async Task Text_of_strangers_can_not_write_to_the_terminal()
    {
        using var network = new ScriptedNode("""{"items":[{"node":"http://\u001b[2J\nevil\u202e\u200f","height":1,"weight":"2","tip":"00","last_seen":"x"}],"next":"\u001b]0;title\u0007"}""");
        _machine.Network = network;

        foreach (var isSeen in new[] { false, true })
        {
            _machine.IsSeen = isSeen;
            _machine.Variables["NO_COLOR"] = "1";
            var shown = await _machine.DoAsync("node", "peers");
            (shown.Text + shown.Error).Should().Contain("evil").And.NotContainAny("\u001b", "\u0007", "\u202e", "\u200f", "\nevil");
        }
    }

    [Fact]
    public async Task People_see_tables_and_scripts_lines_with_tabs()
    {
        using var network = new ScriptedNode("""{"items":[{"node":"http://127.0.0.1:5001","height":1,"weight":"2","tip":"00","last_seen":"x","connected":false}],"next":null}""");
        _machine.Network = network;

        (await _machine.DoAsync("node", "peers")).Text.Should().Be("node\theight\tweight\ttip\tlast_seen\tconnected\nhttp://127.0.0.1:5001\t1\t2\t00\tx\tno\n");
        _machine.IsSeen = true;
        _machine.Variables["NO_COLOR"] = "1";
        (await _machine.DoAsync("node", "peers")).Text.Should().Contain("│ node ").And.Contain("│ http://127.0.0.1:5001 │");
    }

    [Fact]
    public async Task An_id_is_never_broken_into_lines_where_people_look()
    {
        const string Transaction = "121989095f87447fcadc912a8d30e09f3cba0ec3f13c1ff0782f7e9c5d0d5734";
        using var network = new ScriptedNode($$"""{"items":[{"at":"2026-11-26T12:10:16.963Z","block_index":5,"type":"purchase_ticket","status":"sold","to":"0x7CF8b6A45A365A326c1e25254498891593dA8143","price":5000,"transaction_id":"{{Transaction}}"}],"next":null}""");
        _machine.Network = network;
        _machine.IsSeen = true;
        _machine.Variables["NO_COLOR"] = "1";

        var shown = (await _machine.DoAsync("ticket", "history", "a9a86a47dd2d74bd202a9328745889a3")).Text;

        shown.Should().Be(
            "at                        block  type             status  to                                          price  transaction_id\n"
            + $"2026-11-26T12:10:16.963Z  5      purchase_ticket  sold    0x7CF8b6A45A365A326c1e25254498891593dA8143  5000   {Transaction}\n");
    }

    [Fact]
    public async Task The_admin_key_goes_in_the_clear_to_this_machine_only()
    {
        using var network = new ScriptedNode("""{"message":"New block forged","index":3,"hash":"00","transactions":[],"reward":100}""");
        _machine.Network = network;
        _machine.Variables["SECUTICKET_ADMIN_KEY"] = "of-the-variable";

        var refused = await _machine.RunAsync("mine", "--node", "http://10.1.2.3:5000");
        refused.ExitCode.Should().Be(ExitCode.Usage);
        refused.Error.Should().Contain("not sent to http://10.1.2.3:5000/ in the clear").And.NotContain("of-the-variable");
        network.Requests.Should().BeEmpty();

        await _machine.DoAsync("mine");
        await _machine.DoAsync("mine", "--node", "https://10.1.2.3", "--admin-key", "of-the-option", "--miner", "0x7CF8b6A45A365A326c1e25254498891593dA8143");
        network.Requests.Select(request => (request.Method, request.Path, request.Authorization)).Should().Equal(
            ("POST", "/mine", "Bearer of-the-variable"),
            ("POST", "/mine?miner=0x7CF8b6A45A365A326c1e25254498891593dA8143", "Bearer of-the-option"));
    }

    [Fact]
    public void The_tool_brings_no_web_server()
    {
        typeof(CommandTree).Assembly.GetReferencedAssemblies().Should().NotContain(name => name.Name!.StartsWith("Microsoft.AspNetCore"));
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "secuticket.runtimeconfig.json")).Should().Contain("Microsoft.NETCore.App").And.NotContain("AspNetCore");
    }

    private static IEnumerable<Symbol> All(Command command) => [command, .. command.Options, .. command.Arguments, .. command.Subcommands.SelectMany(All)];

    private sealed class Recorder(Action<HttpRequestMessage> seen) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen(request);
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent(ScriptedNode.Info, null, "application/json") });
        }
    }
}
