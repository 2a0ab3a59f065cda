using System.Text.Json;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Cli.Tests.Gates;

public sealed class GateScanTests
{
    [Fact]
    public async Task A_holder_goes_in_once_also_after_the_process_ended_and_with_no_network()
    {
        using var stage = await GateStage.ReadyAsync();

        var first = await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));
        stage.Clock.Now += TimeSpan.FromMinutes(5);
        var second = await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));

        first.ExitCode.Should().Be(ExitCode.Done);
        first.Text.Should().Be("GREEN\tvalid\tseat A-1\t2027-06-15 19:00\tConcert\n");
        first.Error.Should().Contain("1 scanned: 1 let in.");
        second.ExitCode.Should().Be(ExitCode.NotVerified);
        second.Text.Should().Be("YELLOW\talready_redeemed\tseat A-1\t2027-06-15 19:00\tConcert\tfirst let in 2027-06-15 18:00:00 UTC at this gate\n");
        second.Error.Should().Contain("1 scans so far").And.Contain("1 scanned: 0 let in, 1 already_redeemed.");
    }

    [Fact]
    public async Task Each_kind_of_bad_code_has_its_reason_and_colour_and_a_receipt()
    {
        using var stage = new GateStage();
        var returned = stage.Add("A-3", stage.Bob, TicketStatus.Unsold);
        var revoked = stage.Add("A-4", stage.Alice, TicketStatus.Revoked);
        var redeemed = stage.Add("A-5", stage.Alice, TicketStatus.Redeemed);
        await stage.OpenWalletAsync();
        await stage.SyncAsync();
        var good = stage.Code(stage.Alice, stage.Sold);
        var elsewhere = new Core.Primitives.TicketId(Core.Primitives.Hash256.Sha256("another event's"u8).Span[..16]);
        (string Code, string Expected)[] scans =
        [
            (stage.Code(stage.Alice, stage.Sold, late: TimeSpan.FromDays(-1)), "YELLOW\texpired"),
            (stage.Code(stage.Alice, stage.Sold, late: TimeSpan.FromDays(1)), "YELLOW\texpired"),
            (stage.Code(stage.Alice, stage.Sold, late: TimeSpan.FromSeconds(31)), "YELLOW\texpired"),
            (stage.Code(stage.Alice, elsewhere), "RED\tunknown"),
            (good[..^1], "RED\tinvalid"),
            (good[..60] + (good[60] == 'A' ? 'B' : 'A') + good[61..], "RED\tinvalid"),
            (stage.Code(stage.Alice, stage.Sold, chainId: "another-chain"), "RED\tinvalid"),
            (stage.Code(stage.Bob, stage.Sold), "RED\tnot_owner"),
            (stage.Code(stage.Alice, returned), "RED\tnot_owner"),
            (stage.Code(stage.Bob, returned), "RED\tnot_owner"),
            (stage.Code(stage.Alice, revoked), "RED\trevoked"),
            (stage.Code(stage.Alice, redeemed), "YELLOW\talready_redeemed"),
            (stage.Code(stage.Alice, stage.Sold, late: TimeSpan.FromSeconds(30)), "GREEN\tvalid"),
        ];
        stage.Gate.Input = string.Join('\n', scans.Select(scan => scan.Code));

        var result = await stage.ScanAsync();

        result.ExitCode.Should().Be(ExitCode.Done);
        result.Text.TrimEnd('\n').Split('\n').Select(line => string.Join('\t', line.Split('\t')[..2])).Should().Equal(scans.Select(scan => scan.Expected));
        result.Error.Should().Contain("13 scanned: 1 let in, 3 invalid, 1 unknown, 1 revoked, 3 not_owner, 2 already_redeemed, 3 expired.".Replace("2 already", "1 already", StringComparison.Ordinal));
        (await File.ReadAllLinesAsync(stage.Receipts)).Should().HaveCount(13);
    }

    [Fact]
    public async Task Lines_that_are_empty_binary_or_endless_are_answered_and_crash_nothing()
    {
        using var stage = await GateStage.ReadyAsync();
        stage.Gate.Input = $"\r\n\n{new string('x', 3_000_000)}\r\n\0\u0001\uFFFD\uD800\n{stage.Code(stage.Alice, stage.Sold)}{new string(' ', 100)}\n{stage.Code(stage.Alice, stage.Sold)}\r\n";

        var result = await stage.ScanAsync();

        result.Text.Split('\n').Select(line => line.Split('\t')[0]).Should().Equal("RED", "RED", "RED", "GREEN", string.Empty);
        new FileInfo(stage.Receipts).Length.Should().BeLessThan(10_000);
        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold))).Text.Should().StartWith("YELLOW\talready_redeemed");
    }

    [Fact]
    public async Task With_json_each_scan_is_an_object_like_that_of_an_online_gate()
    {
        using var stage = await GateStage.ReadyAsync();
        stage.Gate.Input = $"{stage.Code(stage.Alice, stage.Sold)}\n{stage.Code(stage.Alice, stage.Sold)}\nnothing\n";

        var lines = (await stage.ScanAsync("--json")).Text.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToArray();

        lines.Select(line => line.GetProperty("result").GetString()).Should().Equal("valid", "already_redeemed", "invalid");
        lines[0].GetProperty("ticket").ToString().Should().Be(
            $$"""{"date":"2027-06-15","event_id":"{{stage.Event}}","event_name":"Concert","id":"{{stage.Sold}}","owner":"{{stage.Alice.Address}}","seat":"A-1","session":0,"status":"sold","time":"19:00","venue":"Hall"}""");
        lines[0].TryGetProperty("first", out _).Should().BeFalse();
        lines[1].GetProperty("ticket").GetProperty("status").GetString().Should().Be("redeemed");
        lines[1].GetProperty("first").GetProperty("gate").GetString().Should().Be(stage.Address.ToString());
        lines[1].GetProperty("first").GetProperty("at").GetString().Should().Be("2027-06-15T18:00:00.000Z");
        lines[2].EnumerateObject().Should().ContainSingle();
    }

    [Fact]
    public async Task Colours_are_for_eyes_and_words_for_all()
    {
        using var stage = await GateStage.ReadyAsync();
        stage.Gate.IsSeen = true;

        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold))).Text.Should().Contain("GREEN").And.NotContain("\t");
        (await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold))).Text.Should().Contain("YELLOW");
        (await stage.ScanAsync("x")).Text.Should().Contain("RED").And.EndWith("invalid\n");
    }

    [Fact]
    public async Task Without_a_roster_nothing_is_scanned_and_what_to_do_is_said()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();

        var result = await stage.ScanAsync("x");

        result.ExitCode.Should().Be(ExitCode.File);
        result.Error.Should().Contain($"There is no roster of event {stage.Event}").And.Contain($"secuticket gate sync {stage.Event}");
        result.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task A_wallet_that_is_no_gate_of_the_event_is_told_once_and_lets_nobody_in()
    {
        using var stage = new GateStage();
        await stage.OpenWalletAsync();
        stage.Gates.Clear();
        await stage.SyncAsync();
        stage.Gate.Input = $"{stage.Code(stage.Alice, stage.Sold)}\n{stage.Code(stage.Alice, stage.Other)}\n";

        var result = await stage.ScanAsync();

        result.Text.Split('\n')[..2].Should().AllSatisfy(line => line.Should().StartWith("RED\twrong_event"));
        result.Error.Split("is not among the event's gates").Should().HaveCount(2);
    }

    [Fact]
    public async Task A_cancelled_event_lets_nobody_in()
    {
        using var stage = new GateStage { IsCancelled = true };
        await stage.OpenWalletAsync();
        await stage.SyncAsync();

        var result = await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));

        result.Text.Should().StartWith("RED\tevent_cancelled");
        result.Error.Should().Contain("Warning: the event is cancelled.");
    }

    [Fact]
    public async Task An_old_roster_is_warned_about()
    {
        using var stage = await GateStage.ReadyAsync();
        stage.Clock.Now += TimeSpan.FromMinutes(61);

        (await stage.ScanAsync("x")).Error.Should().Contain("fetched 61 min ago").And.NotContain("Warning");
        (await stage.ScanAsync("x", "--max-age", "60")).Error.Should().Contain("Warning: the roster is older than 60 min");
        stage.Clock.Now += TimeSpan.FromDays(3);
        (await stage.ScanAsync("x")).Error.Should().Contain("fetched 3 days ago").And.Contain("Warning: the roster is older than 24 h");
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused()
    {
        using var stage = await GateStage.ReadyAsync();
        using var other = new Cli.Gates.GateFolder(stage.Folder).Lock(Cli.Gates.GateFolder.ScanLock).Value;

        var result = await stage.ScanAsync("x");

        result.ExitCode.Should().Be(ExitCode.File);
        result.Error.Should().Contain("Another process uses the gate's folder");
        File.Exists(stage.Receipts).Should().BeFalse();
    }

    [Fact]
    public async Task The_receipts_of_another_gate_are_not_gone_on_with()
    {
        using var stage = await GateStage.ReadyAsync();
        await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));
        await stage.Gate.DoAsync("wallet", "new", "--wallet", "other.pem");

        var result = await stage.ScanAsync("x", "--wallet", "other.pem");

        result.ExitCode.Should().Be(ExitCode.File);
        result.Error.Should().Contain($"are of gate {stage.Address}");
    }

    [Fact]
    public async Task One_changed_byte_of_a_kept_roster_stops_all_scanning()
    {
        using var stage = await GateStage.ReadyAsync();
        var file = Directory.GetFiles(stage.Folder, "roster-*").Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var result = await stage.ScanAsync("x");

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        result.Error.Should().Contain(file).And.Contain("--full");
        File.Exists(stage.Receipts).Should().BeFalse();
    }
}
