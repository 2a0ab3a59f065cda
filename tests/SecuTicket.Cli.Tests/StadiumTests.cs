using System.Text.Json;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Cli.Tests;

/// <summary>From an event's creation to the report of a ticket that went in twice: organiser, event key, seller, two fans and two gates, each a computer of its own.</summary>
public sealed class StadiumTests : IAsyncLifetime
{
    private const string Chain = "secuticket-dev";

    private readonly string _data = Directory.CreateTempSubdirectory("secuticket-stadium-").FullName;
    private readonly OwnComputer _organiser = new();
    private readonly OwnComputer _vault = new();
    private readonly OwnComputer _seller = new();
    private readonly OwnComputer _alice = new();
    private readonly OwnComputer _bob = new();
    private readonly OwnComputer _north = new();
    private readonly OwnComputer _south = new();
    private NodeUnderTest? _node;

    public Task InitializeAsync() => StartNodeAsync();

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        foreach (var computer in (OwnComputer[])[_organiser, _vault, _seller, _alice, _bob, _north, _south]) computer.Delete();
    }

    [Fact]
    public async Task A_ticket_that_goes_in_at_two_gates_without_a_network_is_reported_with_both_and_their_times()
    {
        var addresses = await Task.WhenAll(((OwnComputer[])[_organiser, _vault, _seller, _alice, _bob]).Select(async one => (await one.DoAsync("wallet", "new"))["address"]));
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
        _vault.Node = null;
        File.Copy(Path.Combine(_seller.Folder, "sale.json"), Path.Combine(_vault.Folder, "sale.json"));
        await _vault.DoAsync("ticket", "countersign", "sale.json");
        File.Copy(Path.Combine(_vault.Folder, "sale.json"), Path.Combine(_seller.Folder, "sale.json"), overwrite: true);
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

    private async Task<string> PairAsync(OwnComputer device, string id, string name)
    {
        using var invite = _organiser.Start("gate", "invite", id, "--yes", "--wait", "30");
        var code = (await invite.StandardOutput.ReadLineAsync())!.Split('\t')[1];
        var paired = await device.DoAsync("gate", "pair", code, "--name", name);
        var rest = await invite.StandardOutput.ReadToEndAsync();
        await invite.WaitForExitAsync();
        invite.ExitCode.Should().Be(0, await invite.StandardError.ReadToEndAsync());
        rest.Should().Contain(paired["gate"]);
        return paired["gate"];
    }

    private async Task ScanWithoutNetworkAsync(string id, string[] tickets)
    {
        var codes = await Task.WhenAll(
            _bob.DoAsync("ticket", "code", tickets[0], "--chain-id", Chain),
            _bob.DoAsync("ticket", "code", tickets[1], "--chain-id", Chain),
            _alice.DoAsync("ticket", "code", tickets[0], "--chain-id", Chain));
        var (bobs, bobsOther, alices) = (codes[0].Text.TrimEnd('\n'), codes[1].Text.TrimEnd('\n'), codes[2].Text.TrimEnd('\n'));

        await ScanAndKillAsync(_north, id, bobs);
        var again = await _north.RunAsync("gate", "scan", id, bobs);
        again.ExitCode.Should().Be(ExitCode.NotVerified);
        again.Text.Should().StartWith("YELLOW\talready_redeemed\tseat A-1\t").And.Contain("first let in").And.EndWith(" at this gate\n");
        (await _north.RunAsync("gate", "scan", id, alices)).Text.Should().StartWith("RED\tnot_owner\tseat A-1");

        var south = await _south.DoAsync("gate", "scan", id, bobs, bobsOther);
        south.Text.Split('\n').Select(static line => line.Split('\t')[0]).Should().Equal("GREEN", "GREEN", string.Empty);
        south.Error.Should().Contain("2 scanned: 2 let in.");
    }

    private static async Task ScanAndKillAsync(OwnComputer gate, string id, string code)
    {
        using var scan = gate.Start("gate", "scan", id);
        await scan.StandardInput.WriteLineAsync(code);
        await scan.StandardInput.FlushAsync();
        (await scan.StandardOutput.ReadLineAsync()).Should().StartWith("GREEN\tvalid\tseat A-1");
        scan.Kill();
        await scan.WaitForExitAsync();
    }

    private async Task CheckReportAsync(string id, string ticket, string north, string south)
    {
        var report = JsonElement.Parse((await _organiser.DoAsync("event", "report", id, "--json")).Output);
        report.GetProperty("admitted").GetInt64().Should().Be(3);
        report.GetProperty("refused").GetInt64().Should().Be(2);
        var conflict = report.GetProperty("conflicts").EnumerateArray().Should().ContainSingle().Subject;
        conflict.GetProperty("ticket_id").GetString().Should().Be(ticket);
        var admissions = conflict.GetProperty("admissions").EnumerateArray().ToArray();
        admissions.Select(static one => one.GetProperty("gate").GetString()).Should().Equal(north, south);
        admissions.Select(static one => one.GetProperty("at").GetDateTimeOffset()).Should().BeInAscendingOrder()
            .And.AllSatisfy(at => at.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(2)));
        admissions.Should().AllSatisfy(one => one.GetProperty("receipt").GetString().Should().HaveLength(64));
        report.GetProperty("gates").EnumerateArray().Select(static gate => gate.GetProperty("gate").GetString()).Should().BeEquivalentTo(north, south);
    }

    private async Task StartNodeAsync()
    {
        _node = await NodeUnderTest.StartAsync(_data, "--Mining:MinPending=1");
        foreach (var computer in (OwnComputer[])[_organiser, _vault, _seller, _alice, _bob, _north, _south]) computer.Node = _node.Url;
    }

    private async Task StopNodeAsync()
    {
        (await _node!.TerminateAsync()).Should().Be(0);
        await _node.DisposeAsync();
    }
}
