using System.Text;

namespace SecuTicket.Cli.Tests.Gates;

/// <summary>What becomes of a gate whose receipts on disk are not as it wrote them.</summary>
public sealed class ReceiptFileTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData("{\"at\":18", 1)]
    [InlineData("{\"at\":18", 300)]
    [InlineData("\0\0\0\0", 1)]
    [InlineData("{\"at\"\0\0\0\n", 1)]
    public async Task A_torn_last_line_is_cut_off_for_its_result_was_never_shown(string part, int times)
    {
        var torn = string.Concat(Enumerable.Repeat(part, times));
        using var stage = await ScannedAsync();
        var whole = await File.ReadAllBytesAsync(stage.Receipts);
        await File.AppendAllTextAsync(stage.Receipts, torn);

        var result = await stage.ScanAsync(stage.Code(stage.Alice, stage.Sold));

        result.Text.Should().StartWith("YELLOW\talready_redeemed");
        if (torn.Length > 0) result.Error.Should().Contain("the last receipt was cut off");
        else result.Error.Should().NotContain("cut off");
        var after = await File.ReadAllBytesAsync(stage.Receipts);
        after.AsSpan().StartsWith(whole).Should().BeTrue();
        Encoding.UTF8.GetString(after[whole.Length..]).Should().StartWith("{\"at\":").And.EndWith("}\n");
        (await stage.Gate.DoAsync("gate", "status", stage.Event.ToString()))["receipts"].Should().Be("4");
    }

    [Fact]
    public async Task A_changed_character_anywhere_stops_all_scanning()
    {
        using var stage = await ScannedAsync();
        var whole = await File.ReadAllBytesAsync(stage.Receipts);
        for (var at = 0; at < whole.Length; at += 31)
        {
            var changed = whole.ToArray();
            changed[at] = changed[at] == '1' ? (byte)'2' : (byte)'1';
            await File.WriteAllBytesAsync(stage.Receipts, changed);

            var result = await stage.ScanAsync("x");

            result.ExitCode.Should().Be(ExitCode.NotVerified, "of byte {0}: {1}", at, result.Error);
            result.Output.Should().BeEmpty();
            (await File.ReadAllBytesAsync(stage.Receipts)).Should().Equal(changed);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_missing_line_stops_all_scanning(int missing)
    {
        using var stage = await ScannedAsync();
        var lines = (await File.ReadAllLinesAsync(stage.Receipts)).ToList();
        lines.RemoveAt(missing);
        await File.WriteAllTextAsync(stage.Receipts, string.Join('\n', lines) + "\n");

        var result = await stage.ScanAsync("x");

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        result.Error.Should().Contain("receipt_gap").And.Contain($"Line {missing + 1} of").And.Contain("Somebody changed the receipts");
    }

    [Fact]
    public async Task Lines_in_another_order_stop_all_scanning()
    {
        using var stage = await ScannedAsync();
        var lines = await File.ReadAllLinesAsync(stage.Receipts);
        await File.WriteAllTextAsync(stage.Receipts, string.Join('\n', lines[0], lines[2], lines[1]) + "\n");

        (await stage.ScanAsync("x")).Error.Should().Contain("receipt_gap");
    }

    [Fact]
    public async Task The_last_line_is_missed_once_it_was_uploaded()
    {
        using var stage = await ScannedAsync();
        var lines = await File.ReadAllLinesAsync(stage.Receipts);
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "reported.json"), $$"""{"last":"{{new string('a', 64)}}","redeemed":3,"uploaded":3}""");
        await File.WriteAllTextAsync(stage.Receipts, string.Join('\n', lines[..2]) + "\n");

        var result = await stage.ScanAsync("x");

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        result.Error.Should().Contain("has 2 receipts, and 3 were reported");
    }

    [Fact]
    public async Task Receipts_are_for_the_owner_of_the_machine_alone()
    {
        using var stage = await ScannedAsync();

        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(stage.Receipts).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<GateStage> ScannedAsync()
    {
        var stage = await GateStage.ReadyAsync();
        stage.Gate.Input = $"{stage.Code(stage.Alice, stage.Sold)}\nnothing\n{stage.Code(stage.Alice, stage.Other)}\n";
        (await stage.ScanAsync()).ExitCode.Should().Be(ExitCode.Done);
        return stage;
    }
}
