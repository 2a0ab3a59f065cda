using System.Text.Json;
using SecuTicket.Cli.Gates;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tests.Gates;

public sealed class GateReportTests
{
    private const string Accepted = """{"receipt":"00","verdict":"accepted"}""";
    private const string Pending = """{"transaction_id":"00","status":"pending","block_index":8}""";
    private const string Taken = """{"transaction_id":"00","status":"refused","code":"already_redeemed","detail":"…"}""";
    private const string Other = "0x596d92658e2C947126dda212Ec1341aDe00dCae5";

    private readonly List<string> _uploads = [];
    private readonly List<string> _batches = [];

    /// <summary>What the node says about the receipt, or the line, with this number.</summary>
    private Func<int, string> Verdict { get; set; } = static _ => Accepted;

    private Func<int, string> Line { get; set; } = static _ => Pending;

    private string Scan { get; set; } = """{"result":"invalid"}""";

    [Fact]
    public async Task Receipts_are_uploaded_as_they_were_signed_and_admissions_written_once()
    {
        using var stage = await ScannedAsync();

        var first = await ReportAsync(stage);
        var second = await ReportAsync(stage);

        first.ExitCode.Should().Be(0, first.Error);
        (first["receipts"], first["admitted"], first["uploaded"], first["not_uploaded"], first["redeemed"], first["conflicts"]).Should().Be(("3", "2", "3", "0", "2", "0"));
        (second["uploaded"], second["redeemed"]).Should().Be(("0", "0"));
        var upload = JsonElement.Parse(_uploads.Should().ContainSingle().Subject);
        upload.GetProperty("gate").GetString().Should().Be(stage.Address.ToString());
        upload.GetProperty("event_id").GetString().Should().Be(stage.Event.ToString());
        upload.GetProperty("receipts").EnumerateArray().Select(one => one.GetRawText()).Should().Equal(await File.ReadAllLinesAsync(stage.Receipts));
        var lines = _batches.Should().ContainSingle().Subject.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToArray();
        lines.Select(line => line.GetProperty("type").GetString()).Should().AllBe("redeem_ticket");
        lines.Select(line => line.GetProperty("sender").GetString()).Should().AllBe(stage.Address.ToString());
        lines.Select(line => line.GetProperty("ticket_id").GetString()).Should().Equal(stage.Sold.ToString(), stage.Other.ToString());
    }

    [Fact]
    public async Task What_was_broken_off_goes_on_where_it_was()
    {
        using var stage = await ScannedAsync();
        Line = static _ => throw new HttpRequestException("The connection broke.");

        var broken = await ReportAsync(stage);
        Line = static _ => Pending;
        var again = await ReportAsync(stage);

        broken.ExitCode.Should().Be(ExitCode.Unreachable);
        (again["uploaded"], again["redeemed"]).Should().Be(("0", "2"));
        _uploads.Should().HaveCount(1);
    }

    [Fact]
    public async Task New_scans_are_reported_and_old_ones_not_again()
    {
        using var stage = await ScannedAsync();
        await ReportAsync(stage);
        await stage.ScanAsync("one more");

        (await stage.Gate.DoAsync("gate", "status", stage.Event.ToString()))["not_uploaded"].Should().Be("1");
        (await ReportAsync(stage))["uploaded"].Should().Be("1");
        (await stage.Gate.DoAsync("gate", "status", stage.Event.ToString()))["not_uploaded"].Should().Be("0");
        JsonElement.Parse(_uploads[1]).GetProperty("receipts").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_ticket_that_another_gate_redeemed_is_a_conflict_and_no_error()
    {
        using var stage = await ScannedAsync();
        Line = static i => i == 0 ? Taken : Pending;
        Scan = $$$"""{"result":"already_redeemed","first":{"gate":"{{{Other}}}","at":"2027-06-15T17:59:30.000Z","transaction_id":"00"}}""";

        var result = await ReportAsync(stage);

        result.ExitCode.Should().Be(0, result.Error);
        result["conflicts"].Should().Be("1");
        result.Text.Should().StartWith($"CONFLICT\t{stage.Sold}\tgate {Other} at 2027-06-15 17:59:30 UTC\tthis gate {stage.Address} at 2027-06-15 18:00:00 UTC\n");
        (await ReportAsync(stage))["redeemed"].Should().Be("0");
    }

    [Fact]
    public async Task A_conflict_that_the_receipts_show_is_told_once_with_the_other_gates_time()
    {
        using var stage = await ScannedAsync();
        Verdict = i => i == 0 ? $$$"""{"receipt":"00","verdict":"accepted","first":{"gate":"{{{Other}}}","at":"2027-06-15T17:58:00.000Z","receipt":null}}""" : Accepted;
        Line = static i => i == 0 ? Taken : Pending;
        Scan = $$$"""{"result":"already_redeemed","first":{"gate":"{{{Other}}}","at":"2027-06-15T17:59:30.000Z"}}""";

        var result = await ReportAsync(stage, "--json");

        var conflict = JsonElement.Parse(result.Output).GetProperty("conflicts").EnumerateArray().Should().ContainSingle().Subject;
        conflict.GetProperty("ticket_id").GetString().Should().Be(stage.Sold.ToString());
        conflict.GetProperty("admissions").ToString().Should().Be($$"""[{"at":1813082280,"gate":"{{Other}}"},{"at":1813082400,"gate":"{{stage.Address}}"}]""");
    }

    [Fact]
    public async Task What_this_gate_redeemed_itself_before_is_no_conflict()
    {
        using var stage = await ScannedAsync();
        Line = static _ => Taken;
        Scan = $$$"""{"result":"already_redeemed","first":{"gate":"{{{stage.Address}}}","at":"2027-06-15T18:00:00.000Z"}}""";

        var result = await ReportAsync(stage);

        result.ExitCode.Should().Be(0, result.Error);
        (result["conflicts"], result["redeemed"]).Should().Be(("0", "0"));
    }

    [Fact]
    public async Task What_a_node_does_not_take_stays_and_is_sent_again()
    {
        using var stage = await ScannedAsync();
        Verdict = static i => i == 1 ? """{"receipt":"00","verdict":"invalid","code":"not_gate"}""" : Accepted;
        Line = static i => i == 1 ? """{"status":"refused","code":"not_gate","detail":"…"}""" : Pending;

        var refused = await ReportAsync(stage);
        Verdict = static _ => Accepted;
        Line = static _ => Pending;
        var again = await ReportAsync(stage);

        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Error.Should().Contain("1 receipts were not taken: not_gate. The organiser lists this gate").And.Contain("1 admissions were not written to the chain: not_gate.");
        refused["not_uploaded"].Should().Be("2");
        again.ExitCode.Should().Be(0, again.Error);
        (again["not_uploaded"], again["redeemed"]).Should().Be(("0", "1"));
        JsonElement.Parse(_uploads[1]).GetProperty("receipts").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task A_node_without_room_is_waited_for_and_then_it_is_left_for_later()
    {
        using var stage = await ScannedAsync();
        Line = static _ => """{"status":"refused","code":"pool_full","detail":"…"}""";

        var result = await ReportAsync(stage, "--wait", "0");

        result.ExitCode.Should().Be(ExitCode.Pending);
        result.Error.Should().Contain("2 admissions were not written to the chain: pool_full.");
    }

    [Fact]
    public async Task More_than_a_thousand_receipts_take_several_requests()
    {
        using var stage = await GateStage.ReadyAsync();
        Write(stage, SignedReceipt.MaxBatch + 2);

        Verdict = static i => i == 1 ? """{"receipt":"00","verdict":"invalid","code":"receipts_full"}""" : Accepted;
        (await ReportAsync(stage))["not_uploaded"].Should().Be("1001", "what follows one that was not taken is sent again");
        Verdict = static _ => Accepted;
        var result = await ReportAsync(stage);

        (result["uploaded"], result["not_uploaded"]).Should().Be(("1001", "0"));
        _uploads.Select(body => JsonElement.Parse(body).GetProperty("receipts").GetArrayLength()).Should().Equal(1000, 2, 1000, 1);
        _batches.Should().BeEmpty();
    }

    [Fact]
    public async Task Changed_receipts_are_not_reported()
    {
        using var stage = await ScannedAsync();
        var lines = await File.ReadAllLinesAsync(stage.Receipts);
        await File.WriteAllTextAsync(stage.Receipts, string.Join('\n', lines[0], lines[2]) + "\n");

        var result = await ReportAsync(stage);

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        _uploads.Should().BeEmpty();
    }

    private static async Task<GateStage> ScannedAsync()
    {
        var stage = await GateStage.ReadyAsync();
        stage.Gate.Input = $"{stage.Code(stage.Alice, stage.Sold)}\nnothing\n{stage.Code(stage.Alice, stage.Other)}\n";
        (await stage.ScanAsync()).ExitCode.Should().Be(ExitCode.Done);
        return stage;
    }

    private Task<CommandResult> ReportAsync(GateStage stage, params string[] options)
    {
        stage.Gate.Network = new ScriptedNode(Answer);
        return stage.Gate.RunAsync(["gate", "report", stage.Event.ToString(), .. options]);
    }

    private (int Status, string MediaType, string Body) Answer(SeenRequest request)
    {
        switch (request.Path)
        {
            case "/gate/receipts":
                _uploads.Add(request.Text);
                var count = JsonElement.Parse(request.Text).GetProperty("receipts").GetArrayLength();
                return (200, "application/json", $$"""{"verdicts":[{{string.Join(',', Enumerable.Range(0, count).Select(Verdict))}}]}""");
            case "/transactions/batch":
                _batches.Add(request.Text);
                return (200, "application/x-ndjson", string.Concat(Enumerable.Range(0, request.Text.TrimEnd('\n').Split('\n').Length).Select(i => Line(i) + "\n")));
            case "/gate/scan":
                return (200, "application/json", Scan);
            default:
                throw new InvalidOperationException(request.Path);
        }
    }

    private static void Write(GateStage stage, int count)
    {
        using var keys = new P256Verifier(1);
        using var wallet = new Wallet(P256PrivateKey.FromPkcs8(Pkcs8Of(stage)));
        var verifier = new TransactionVerifier(keys);
        var kept = ReceiptLines.Read(stage.Receipts, new GateScope(GateStage.ChainId, stage.Address, stage.Event), verifier).Value;
        using var file = ReceiptFile.Open(stage.Receipts, kept, isDurable: false);
        var source = new RosterSource(GateStage.ChainId, stage.Event, stage.Node.Address);
        var turnstile = new Turnstile(new GateJudge(GateStage.ChainId, verifier), new RosterFiles(stage.Folder).Load(source, verifier).Value, wallet, file, stage.Clock);
        for (var i = 0; i < count; i++) turnstile.Scan($"nothing {i}");
    }

    private static byte[] Pkcs8Of(GateStage stage) =>
        Convert.FromBase64String(string.Concat(File.ReadAllLines(stage.Gate.DefaultWallet).Where(static line => !line.StartsWith('-'))));
}
