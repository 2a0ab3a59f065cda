using System.Text.Json;
namespace SecuTicket.Cli.Tests.Commands;

[Collection(WithNode.Name)]
public sealed class NodeCommandsTests(RunningNode node)
{
    [Fact]
    public async Task An_operator_sees_and_moves_a_node()
    {
        var before = await node.Fan.DoAsync("node", "info");
        before["chain"].Should().Be("secuticket-dev");

        var made = await node.Fan.DoAsync("mine", "--miner", node.FansAddress);
        long.Parse(made["block_index"]).Should().BeGreaterThan(long.Parse(before["height"]));
        made["reward"].Should().Be("100");

        (await node.Fan.DoAsync("node", "peers")).Text.Should().StartWith("node\theight\t");
        var resolved = await node.Fan.DoAsync("node", "resolve");
        (resolved["replaced"], resolved["fetched"]).Should().Be(("no", "0 headers, 0 blocks, 0 bytes"));
        var refused = await node.Fan.RunAsync("node", "add", "http://127.0.0.1:1");
        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Error.Should().StartWith("unreachable: ");
        (await node.Fan.RunAsync("node", "remove", "http://127.0.0.1:1")).Error.Should().StartWith("not_found: ");
    }

    [Fact]
    public async Task A_node_is_removed_by_its_address()
    {
        using var network = new ScriptedNode(_ => (204, "text/plain", string.Empty));
        using var machine = new Machine { Network = network };

        (await machine.DoAsync("node", "remove", "http://[::1]:5001")).Text.Should().Contain("http://[::1]:5001 is not known any more.");

        network.Requests.Should().ContainSingle(request => request.Method == "DELETE" && request.Path == "/nodes?node=http%3A%2F%2F%5B%3A%3A1%5D%3A5001");
    }

    [Theory]
    [InlineData("confirmed", ExitCode.Done)]
    [InlineData("rejected", ExitCode.Refused)]
    [InlineData("pending", ExitCode.Pending)]
    public async Task Money_that_waits_for_its_block_is_asked_for_as_long_as_was_said(string end, int exitCode)
    {
        static string Status(string status) => $$"""{"transaction_id":"85cc","status":"{{status}}","code":"reference_used","block_index":4}""";
        var looks = 0;
        using var network = new ScriptedNode(request => (200, "application/json", Status(request.Method == "GET" && ++looks == 3 ? end : "pending")));
        using var machine = new Machine { Network = network, Clock = new SteppingClock() };
        await machine.OpenWalletAsync();

        var done = await machine.RunAsync("top-up", "250", "--wait", "60");

        done.ExitCode.Should().Be(exitCode, done.Error);
        network.Requests.Count(request => request.Method == "POST").Should().Be(1, "the same reference again would be refused");
        if (end == "pending") looks.Should().BeGreaterThan(20, "a minute is long");
        else looks.Should().Be(3);
    }

    [Theory]
    [InlineData("GET", ExitCode.Pending, "secuticket transaction 85cc")]
    [InlineData("POST", ExitCode.Unreachable, "--reference ")]
    public async Task What_is_known_of_money_whose_node_went_away_is_told(string silent, int exitCode, string told)
    {
        using var network = new ScriptedNode(request => request.Method == silent
            ? throw new HttpRequestException("refused")
            : (201, "application/json", """{"transaction_id":"85cc","status":"pending"}"""));
        using var machine = new Machine { Network = network, Clock = new SteppingClock() };
        await machine.OpenWalletAsync();

        var done = await machine.RunAsync("top-up", "250", "--wait", "60");

        done.ExitCode.Should().Be(exitCode);
        done.Error.Should().Contain(told);
        var reference = JsonElement.Parse(network.Requests.Single(request => request.Method == "POST").Body).GetProperty("reference").GetString()!;
        done.Error.Contains(reference, StringComparison.Ordinal).Should().Be(silent == "POST", "the same once more is the same payment");
    }

    [Fact]
    public async Task Money_comes_once_for_each_reference()
    {
        using var machine = new Machine(node.Url);
        var address = await machine.OpenWalletAsync();
        var reference = Guid.NewGuid().ToString();

        (await machine.DoAsync("top-up", "250", "--reference", reference)).Text.Should().StartWith($"250 came to {address}, in block ");
        var again = await machine.RunAsync("top-up", "250", "--reference", reference);

        again.ExitCode.Should().Be(ExitCode.Refused);
        again.Error.Should().StartWith("reference_used: ");
        var shown = await machine.DoAsync("account");
        (shown["address"], shown["balance"], shown["tickets"], shown["key"]).Should().Be((address, "250", "0", "kept by its holder"));
    }
}
