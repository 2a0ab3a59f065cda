using System.Text.Json;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Cli.Tests.Gates;

namespace SecuTicket.Cli.Tests;

/// <summary>From an event's creation to the report of a ticket that went in twice: organiser, event key, seller, two fans and two gates, each a computer of its own.</summary>
/// <remarks>The tool is a process where that shows something: where it is waited for, and where it is killed.</remarks>
[Trait("Length", "longer")]
public sealed class StadiumTests : IAsyncLifetime, IDisposable
{
    private const string Chain = "secuticket-dev";

    // Nothing listens on the port "discard".
    private const string NoNode = "http://127.0.0.1:9";

    // To the second, as receipts are.
    private readonly DateTimeOffset _began = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    private readonly string _data = Directory.CreateTempSubdirectory("secuticket-stadium-").FullName;
    private readonly Machine _organiser = new();
    private readonly Machine _vault = new();
    private readonly Machine _seller = new();
    private readonly Machine _alice = new();
    private readonly Machine _bob = new();
    private readonly Machine _north = new();
    private readonly Machine _south = new();
    private NodeUnderTest? _node;

    public Task InitializeAsync() => StartNodeAsync();

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public void Dispose()
    {
        foreach (var computer in (Machine[])[_organiser, _vault, _seller, _alice, _bob, _north, _south]) computer.Dispose();
    }

    [Fact]
    public async Task A_ticket_that_goes_in_at_two_gates_without_a_network_is_reported_with_both_and_their_times()
    {
        var addresses = await Task.WhenAll(((Machine[])[_organiser, _vault, _seller, _alice, _bob]).Select(async one => (await one.DoAsync("wallet", "new"))["address"]));
        var (eventKey, seller, alice, bob) = (addresses[1], addresses[2], addresses[3], addresses[4]);
        var id = await CreateAsync(eventKey, seller);
        var tickets = await IssueAndPayAsync(id, alice, bob);

        await SellOfficiallyAsync(tickets[2], alice);
        await Task.WhenAll(_alice.DoAsync("ticket", "buy", tickets[0]), _alice.DoAsync("ticket", "buy", tickets[1]));
        await ResellAsync(tickets[0]);
        await _alice.DoAsync("ticket", "give", tickets[1], "--to", bob);

        var north = await PairAsync(_north, id, "Gate North");
        var south = await PairAsync(_south, id, "Gate South");
        await Task.WhenAll(_north.DoAsync("gate", "sync", id), _south.DoAsync("gate", "sync", id));
        await StopNodeAsync();

        await ScanWithoutNetworkAsync(id, tickets);

        await StartNodeAsync();
        var first = await _north.DoAsync("gate", "report", id);
        first["conflicts"].Should().Be("0");
        first["redeemed"].Should().Be("1");
        var second = await _south.DoAsync("gate", "report", id);
        second["conflicts"].Should().Be("1");
        second.Text.Should().Contain($"CONFLICT\t{tickets[0]}\tgate {north} at 20").And.Contain($"this gate {south} at 20");
        (await _south.DoAsync("gate", "report", id))["uploaded"].Should().Be("0");
        await CheckReportAsync(id, tickets[0], north, south);
    }

    private async Task<string> CreateAsync(string eventKey, string seller) => (await _organiser.DoAsync(
        "event", "create", "--name", "Final", "--venue", "Stadium", "--session", "2027-06-15 19:00", "--seller", seller, "--event-key", eventKey,
        "--resale", "capped", "--max-price-percent", "110", "--commission-percent", "5"))["event_id"];

    private async Task<string[]> IssueAndPayAsync(string id, string alice, string bob)
    {
        var issue = _organiser.DoAsync("ticket", "issue", "--event", id, "--seats", "A-1..A-3", "--price", "5000", "--json");
        await Task.WhenAll(issue, _organiser.DoAsync("top-up", "20000", "--account", alice), _organiser.DoAsync("top-up", "20000", "--account", bob));
        return [.. JsonElement.Parse((await issue).Output).GetProperty("ticket_ids").EnumerateArray().Select(static ticket => ticket.GetString()!)];
    }

    // The event's key is on a machine without a network: the sale is carried there and back.
    private async Task SellOfficiallyAsync(string ticket, string alice)
    {
        await _seller.DoAsync("ticket", "sell", ticket, "--to", alice, "--price", "5000", "--out", "sale.json");
        (await _seller.RunAsync("ticket", "sell", "--post", "sale.json")).Error.Should().Contain("event_signature_missing");
        _vault.Variables["SECUTICKET_NODE"] = NoNode;
        File.Copy(_seller.PathOf("sale.json"), _vault.PathOf("sale.json"));
        await _vault.DoAsync("ticket", "countersign", "sale.json");
        File.Copy(_vault.PathOf("sale.json"), _seller.PathOf("sale.json"), overwrite: true);
        await _seller.DoAsync("ticket", "sell", "--post", "sale.json");
    }

    private async Task ResellAsync(string ticket)
    {
        var refused = await _alice.RunAsync("ticket", "list", ticket, "--price", "5501");
        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Error.Should().Contain("price_above_cap");
        await _alice.DoAsync("ticket", "list", ticket, "--price", "5500");
        await _bob.DoAsync("ticket", "buy", ticket, "--max-price", "5500");

        var balances = await Task.WhenAll(_alice.DoAsync("account"), _organiser.DoAsync("account"));
        balances[0]["balance"].Should().Be("15225", "two tickets were bought for 5000 each and one sold for 5500, less 5 %");
        balances[1]["balance"].Should().Be("10275", "5 % of 5500 is the organiser's");
    }

    private async Task<string> PairAsync(Machine device, string id, string name)
    {
        using var invite = _organiser.Start("gate", "invite", id, "--yes", "--wait", "600");
        var code = (await invite.StandardOutput.ReadLineAsync())!.Split('\t')[1];
        var paired = await device.DoAsync("gate", "pair", code, "--name", name);
        var rest = await invite.StandardOutput.ReadToEndAsync();
        await invite.WaitForExitAsync();
        invite.ExitCode.Should().Be(0, await invite.StandardError.ReadToEndAsync());
        rest.Should().Contain(paired["gate"]);
        return paired["gate"];
    }

    // One clock for all, which stands still: a code is good for half a minute, however long the machine takes.
    private async Task ScanWithoutNetworkAsync(string id, string[] tickets)
    {
        foreach (var computer in (Machine[])[_alice, _bob, _north, _south]) computer.Variables["SECUTICKET_NODE"] = NoNode;
        await ScanAndKillAsync(id, tickets[0]);

        var clock = new ManualClock(DateTimeOffset.UtcNow.AddSeconds(5));
        foreach (var computer in (Machine[])[_alice, _bob, _north, _south]) computer.Clock = clock;
        var (bobs, bobsOther, alices) = (await CodeAsync(_bob, tickets[0]), await CodeAsync(_bob, tickets[1]), await CodeAsync(_alice, tickets[0]));
        var again = await _north.RunAsync("gate", "scan", id, bobs);
        again.ExitCode.Should().Be(ExitCode.NotVerified);
        again.Text.Should().StartWith("YELLOW\talready_redeemed\tseat A-1\t").And.Contain("first let in").And.EndWith(" at this gate\n");
        (await _north.RunAsync("gate", "scan", id, alices)).Text.Should().StartWith("RED\tnot_owner\tseat A-1");

        var south = await _south.DoAsync("gate", "scan", id, bobs, bobsOther);
        south.Text.Split('\n').Select(static line => line.Split('\t')[0]).Should().Equal("GREEN", "GREEN", string.Empty);
        south.Error.Should().Contain("2 scanned: 2 let in.");
        foreach (var computer in (Machine[])[_alice, _bob, _north, _south]) computer.Clock = TimeProvider.System;
    }

    private static async Task<string> CodeAsync(Machine holder, string ticket) => (await holder.DoAsync("ticket", "code", ticket, "--chain-id", Chain)).Text.TrimEnd('\n');

    // The code is made when the gate is ready for it, which its answer to the first thing that it is shown says.
    private async Task ScanAndKillAsync(string id, string ticket)
    {
        using var scan = _north.Start("gate", "scan", id);
        (await AnswerAsync("no code")).Should().StartWith("RED\tinvalid");
        (await AnswerAsync(await CodeAsync(_bob, ticket))).Should().StartWith("GREEN\tvalid\tseat A-1");
        scan.Kill();
        await scan.WaitForExitAsync();

        async Task<string?> AnswerAsync(string shown)
        {
            await scan.StandardInput.WriteLineAsync(shown);
            await scan.StandardInput.FlushAsync();
            return await scan.StandardOutput.ReadLineAsync();
        }
    }

    private async Task CheckReportAsync(string id, string ticket, string north, string south)
    {
        var report = JsonElement.Parse((await _organiser.DoAsync("event", "report", id, "--json")).Output);
        report.GetProperty("admitted").GetInt64().Should().Be(3);
        report.GetProperty("refused").GetInt64().Should().Be(3);
        var conflict = report.GetProperty("conflicts").EnumerateArray().Should().ContainSingle().Subject;
        conflict.GetProperty("ticket_id").GetString().Should().Be(ticket);
        var admissions = conflict.GetProperty("admissions").EnumerateArray().ToArray();
        admissions.Select(static one => one.GetProperty("gate").GetString()).Should().Equal(north, south);
        admissions.Select(static one => one.GetProperty("at").GetDateTimeOffset()).Should().BeInAscendingOrder()
            .And.AllSatisfy(at => at.Should().BeOnOrAfter(_began).And.BeOnOrBefore(DateTimeOffset.UtcNow.AddSeconds(5)));
        admissions.Should().AllSatisfy(one => one.GetProperty("receipt").GetString().Should().HaveLength(64));
        report.GetProperty("gates").EnumerateArray().Select(static gate => gate.GetProperty("gate").GetString()).Should().BeEquivalentTo(north, south);
    }

    private async Task StartNodeAsync()
    {
        _node = await NodeUnderTest.StartAsync(_data, "--Mining:MinPending=1");
        foreach (var computer in (Machine[])[_organiser, _vault, _seller, _alice, _bob, _north, _south]) computer.Variables["SECUTICKET_NODE"] = _node.Url;
    }

    private async Task StopNodeAsync()
    {
        (await _node!.TerminateAsync()).Should().Be(0);
        await _node.DisposeAsync();
    }
}
