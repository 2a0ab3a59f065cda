using SecuTicket.Cli.Gates;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Tests.Gates;

public sealed class GateSyncTests
{
    [Fact]
    public async Task First_the_whole_roster_is_fetched_then_what_changed_and_all_is_kept_as_it_came()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();

        var first = await stage.SyncAsync();
        stage.Change(stage.Other, entry => entry with { Owner = stage.Bob.Address });
        var second = await stage.SyncAsync();
        var third = await stage.SyncAsync();

        first["tickets"].Should().Be("2");
        first["height"].Should().Be("7");
        first.Error.Should().Contain($"Trusting the node {stage.Node.Address}").And.NotContain("clock");
        second["changed"].Should().Be("1");
        second["height"].Should().Be("8");
        third.ExitCode.Should().Be(0);
        stage.Asked.Where(path => path != "/info").Select(path => path.Split('&', 2).ElementAtOrDefault(1)?[..7]).Should().Equal(null, "since=7", "since=8");
        Files(stage).Should().Equal("roster-00000001-full.json", "roster-00000002-changes.json");
        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Other))).Text.Should().StartWith("RED\tnot_owner");
        (await stage.ScanAsync(stage.Code(stage.Bob, stage.Other))).Text.Should().StartWith("GREEN");
    }

    [Fact]
    public async Task With_json_the_answer_is_printed_unchanged_and_that_is_what_is_kept()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();

        var result = await stage.SyncAsync("--json");

        (await File.ReadAllBytesAsync(Path.Combine(stage.Folder, "roster-00000001-full.json"))).Should().Equal(result.Output);
    }

    [Fact]
    public async Task One_changed_byte_anywhere_is_refused_and_nothing_is_kept()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        var size = stage.Roster(null).Length;
        for (var at = 0; at < size; at += 43)
        {
            stage.Spoil = body =>
            {
                body[at] ^= 1;
                return body;
            };

            var result = await stage.SyncAsync();

            result.ExitCode.Should().BeOneOf(ExitCode.NotVerified, ExitCode.Unreachable);
            Files(stage).Should().BeEmpty();
        }

        stage.Spoil = body => body[..^1];
        (await stage.SyncAsync()).ExitCode.Should().Be(ExitCode.Unreachable);
    }

    [Fact]
    public async Task A_roster_of_another_event_is_refused()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        var asked = new EventId(Hash256.Sha256("asked"u8).Span[..EventId.Size]);

        var result = await stage.Gate.RunAsync("gate", "sync", asked.ToString());

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        result.Error.Should().Contain("wrong_event").And.Contain("Nothing of it is kept");
    }

    [Fact]
    public async Task Another_node_is_not_believed_until_its_key_is_stated()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        await stage.SyncAsync();
        stage.Node = new Wallet(P256PrivateKey.Generate());
        stage.Change(stage.Sold, entry => entry);

        var refused = await stage.SyncAsync();
        var stated = await stage.SyncAsync("--node-key", stage.Node.Address.ToString());
        var after = await stage.SyncAsync();

        refused.ExitCode.Should().Be(ExitCode.NotVerified);
        refused.Error.Should().Contain("wrong_node");
        stated.ExitCode.Should().Be(0, stated.Error);
        after.ExitCode.Should().Be(0, after.Error);
    }

    [Fact]
    public async Task A_stated_key_is_the_only_one_believed_from_the_first_time_on()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();

        var refused = await stage.SyncAsync("--node-key", stage.Alice.Address.ToString());
        var right = await stage.SyncAsync("--node-key", stage.Node.Address.ToString());

        refused.Error.Should().Contain("wrong_node");
        right.ExitCode.Should().Be(0, right.Error);
        right.Error.Should().NotContain("because it is the first one asked");
    }

    [Fact]
    public async Task Changes_that_start_elsewhere_are_not_kept_and_a_whole_roster_is_fetched()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        await stage.SyncAsync();
        stage.Change(stage.Sold, entry => entry with { Status = TicketStatus.Revoked });
        var told = 0;
        stage.Spoil = body => told++ == 0 ? stage.Roster(since: 6) : body;

        var result = await stage.SyncAsync();

        result.ExitCode.Should().Be(0, result.Error);
        result.Error.Should().Contain("The changes start from block 6");
        Files(stage).Should().Equal("roster-00000001-full.json", "roster-00000002-full.json");
    }

    [Fact]
    public async Task An_older_roster_shown_again_is_refused_unless_it_is_asked_for()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        var old = stage.Roster(null);
        stage.Change(stage.Sold, entry => entry with { Status = TicketStatus.Revoked });
        await stage.SyncAsync();
        stage.Spoil = _ => old;

        var refused = await stage.SyncAsync();
        var scan = await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));
        var asked = await stage.SyncAsync("--full");

        refused.ExitCode.Should().Be(ExitCode.NotVerified);
        refused.Error.Should().Contain("roster_older");
        scan.Text.Should().StartWith("RED\trevoked");
        asked["height"].Should().Be("7");
    }

    [Fact]
    public async Task After_too_many_changes_a_whole_roster_is_fetched_again_and_what_is_history_leaves()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        for (var i = 0; i < (2 * RosterFiles.MaxChanges) + 4; i++)
        {
            await stage.SyncAsync();
            stage.Change(stage.Sold, entry => entry);
        }

        var files = Files(stage);

        files.Should().HaveCount(RosterFiles.MaxChanges + 3);
        files.Where(file => file.EndsWith("full.json", StringComparison.Ordinal)).Should().Equal("roster-00000034-full.json", "roster-00000067-full.json");
        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold))).Text.Should().StartWith("GREEN");
    }

    [Fact]
    public async Task A_kept_roster_that_was_damaged_is_fetched_anew()
    {
        using var stage = await GateStage.ReadyAsync();
        await File.AppendAllTextAsync(Path.Combine(stage.Folder, "roster-00000001-full.json"), " ");

        var result = await stage.SyncAsync();

        result.ExitCode.Should().Be(0, result.Error);
        result.Error.Should().Contain("can not be used").And.Contain("no roster in its canonical form");
        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold))).Text.Should().StartWith("GREEN");
    }

    [Theory]
    [InlineData(7, "8 s behind")]
    [InlineData(-7, "7 s ahead of")]
    [InlineData(4, null)]
    [InlineData(-4, null)]
    public async Task A_clock_that_is_off_the_nodes_is_warned_about(int offset, string? warning)
    {
        using var stage = new GateStage { NodeClockOffset = TimeSpan.FromSeconds(offset) };
        await stage.OpenWalletAsync();

        var error = (await stage.SyncAsync()).Error;

        if (warning is null) error.Should().NotContain("clock");
        else error.Should().Contain($"this device's clock is {warning} the node's");
    }

    [Fact]
    public async Task The_folder_follows_the_specification_and_can_be_chosen()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        stage.Gate.Variables["XDG_DATA_HOME"] = stage.Gate.PathOf("data");

        (await stage.SyncAsync())["folder"].Should().Be(Path.Combine(stage.Gate.Folder, "data", "secuticket", "gates", stage.Event.ToString()));
        (await stage.SyncAsync("--gate-directory", "here"))["folder"].Should().Be(stage.Gate.PathOf("here"));
    }

    [Fact]
    public async Task A_folder_of_another_event_and_a_damaged_pin_are_said_to_be_so()
    {
        using var stage = await GateStage.ReadyAsync();
        var other = new string('0', 32);

        var foreign = await stage.Gate.RunAsync("gate", "scan", other, "x", "--gate-directory", stage.Folder);
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "gate.json"), "{");
        var damaged = await stage.ScanAsync("x");

        foreign.ExitCode.Should().Be(ExitCode.File);
        foreign.Error.Should().Contain($"is for event {stage.Event}, not {other}");
        damaged.ExitCode.Should().Be(ExitCode.File);
        damaged.Error.Should().Contain("is damaged");
    }

    private static string[] Files(GateStage stage) =>
        Directory.Exists(stage.Folder) ? [.. Directory.GetFiles(stage.Folder, "roster-*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
}
