using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Tests.Contract;

public sealed class GateReceiptTests
{
    [Fact]
    public async Task Two_gates_without_a_network_let_one_ticket_in_and_the_report_names_both_with_their_times()
    {
        using var stage = await Stage.OpenAsync();
        var (north, south) = (new TestGate("gate", stage.Event()), new TestGate("south", stage.Event()));
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, gates = new[] { north.Address.ToString(), south.Address.ToString() } });
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);
        await stage.Node.SealAsync();
        var now = stage.Node.Clock.Now;
        string Code(int ticket, int seconds) => Stage.CodeOf("own", stage.Tickets[ticket], now.AddSeconds(seconds)).Format();
        SignedReceipt[] first = [north.Scan(Code(0, 0), GateResult.Valid, now), north.Scan("a drinks voucher\n", GateResult.Invalid, now.AddSeconds(1)), north.Scan(Code(1, 2), GateResult.Valid, now.AddSeconds(2))];
        SignedReceipt[] second = [south.Scan(Code(0, 60), GateResult.Valid, now.AddSeconds(60)), south.Scan(Code(0, 61), GateResult.AlreadyRedeemed, now.AddSeconds(61))];

        var atNorth = await stage.UploadAsync(north.Body(first));
        var atSouth = await stage.UploadAsync(south.Body(second));

        atNorth.Select(GateStage.VerdictOf).Should().Equal("accepted", "accepted", "accepted");
        atNorth.Select(verdict => verdict.GetProperty("receipt").GetString()).Should().Equal(first.Select(receipt => receipt.Receipt.Hash.ToString()));
        atNorth.Should().OnlyContain(verdict => !HasProperty(verdict, "first") && !HasProperty(verdict, "code"));
        atSouth.Select(GateStage.VerdictOf).Should().Equal("accepted", "accepted");
        atSouth[0].GetProperty("first").GetProperty("gate").GetString().Should().Be(north.Address.ToString());
        atSouth[0].GetProperty("first").GetProperty("receipt").GetString().Should().Be(first[0].Receipt.Hash.ToString());

        var report = await stage.ReportAsync();
        report.GetProperty("admitted").GetInt32().Should().Be(3);
        report.GetProperty("refused").GetInt32().Should().Be(2);
        report.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        var conflict = report.GetProperty("conflicts").EnumerateArray().Should().ContainSingle().Subject;
        conflict.GetProperty("ticket_id").GetString().Should().Be(stage.Tickets[0]);
        conflict.GetProperty("admissions").EnumerateArray().Select(one => (one.GetProperty("gate").GetString(), one.GetProperty("at").GetString(), one.GetProperty("receipt").GetString())).Should().Equal(
            (north.Address.ToString(), "2027-06-15T18:00:00.000Z", first[0].Receipt.Hash.ToString()), (south.Address.ToString(), "2027-06-15T18:01:00.000Z", second[0].Receipt.Hash.ToString()));
        var gate = report.GetProperty("gates").EnumerateArray().Single(one => one.GetProperty("gate").GetString() == north.Address.ToString());
        (gate.GetProperty("admitted").GetInt32(), gate.GetProperty("refused").GetInt32(), gate.GetProperty("gaps").GetInt32(), gate.GetProperty("forks").GetInt32(), gate.GetProperty("flagged").GetInt32()).Should().Be((2, 1, 0, 0, 0));
        (gate.GetProperty("first_at").GetString(), gate.GetProperty("last_at").GetString()).Should().Be(("2027-06-15T18:00:00.000Z", "2027-06-15T18:00:02.000Z"));
    }

    [Fact]
    public async Task A_redemption_without_a_receipt_is_an_admission_and_one_with_a_receipt_is_none_more()
    {
        using var stage = await Stage.OpenAsync();
        var (gate, other) = (new TestGate("gate", stage.Event()), new TestGate("south", stage.Event()));
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, gates = new[] { gate.Address.ToString(), other.Address.ToString() } });
        foreach (var ticket in stage.Tickets) await stage.BuyAsync(stage.Own, ticket);
        var now = stage.Node.Clock.Now;
        string Code(int ticket) => Stage.CodeOf("own", stage.Tickets[ticket], now).Format();
        foreach (var ticket in stage.Tickets) await stage.SendAsync(stage.Gate, "redeem_ticket", new { ticket_id = ticket });
        await stage.UploadAsync(gate.Body(gate.Scan(Code(0), GateResult.Valid, now)));
        var late = await stage.UploadAsync(other.Body(other.Scan(Code(1), GateResult.Valid, now.AddSeconds(3))));
        await stage.UploadAsync(gate.Body(gate.Scan(Code(0), GateResult.Valid, now.AddSeconds(9))));

        var report = await stage.ReportAsync();

        late[0].GetProperty("first").GetProperty("receipt").ValueKind.Should().Be(JsonValueKind.Null);
        report.GetProperty("admitted").GetInt32().Should().Be(5, "three redemptions, one of which has a receipt, and two receipts beside it");
        var conflicts = report.GetProperty("conflicts").EnumerateArray().ToDictionary(one => one.GetProperty("ticket_id").GetString()!, one => one.GetProperty("admissions").EnumerateArray().ToArray());
        conflicts.Keys.Should().BeEquivalentTo(stage.Tickets[0], stage.Tickets[1]);
        conflicts[stage.Tickets[0]].Select(one => HasProperty(one, "transaction_id")).Should().Equal(true, false);
        conflicts[stage.Tickets[1]].Select(one => one.GetProperty("gate").GetString()).Should().Equal(gate.Address.ToString(), other.Address.ToString());
        conflicts[stage.Tickets[1]][0].GetProperty("receipt").ValueKind.Should().Be(JsonValueKind.Null);
        HasProperty(conflicts[stage.Tickets[1]][0], "transaction_id").Should().BeTrue();
        var (book, ledger) = (stage.Node.Services.GetRequiredService<ReceiptBook>(), stage.Node.Node.Snapshot.Pending.State);
        var terms = ledger.Events.Find(stage.Event())!;
        var oneGate = GateReport.Make(book, ledger, terms, null, new GateReportSize(10) { Gates = 1 });
        (oneGate.Gates.Count, oneGate.Admitted, oneGate.Conflicts.Count, oneGate.More).Should().Be((1, 5, 2, false), "totals are of all gates");
        var small = GateReport.Make(book, ledger, terms, null, new GateReportSize(10) { Admissions = 3 });
        (small.Conflicts.Count, small.More).Should().Be((1, true), "each has two admissions");
        GateReport.Make(book, ledger, terms, small.Conflicts[0].Ticket, new GateReportSize(10) { Admissions = 1 }).Conflicts.Should().ContainSingle("one is told of whatever it has");
        var page = await stage.ReportAsync("?limit=1");
        page.GetProperty("conflicts").GetArrayLength().Should().Be(1);
        var rest = await stage.ReportAsync($"?limit=1&after={page.GetProperty("next").GetString()}");
        rest.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        rest.GetProperty("conflicts")[0].GetProperty("ticket_id").GetString().Should().NotBe(page.GetProperty("conflicts")[0].GetProperty("ticket_id").GetString());
    }

    [Fact]
    public async Task A_chain_with_a_receipt_missing_is_kept_as_a_gap_and_closed_when_it_comes_and_uploading_again_changes_nothing()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", stage.Event());
        var now = stage.Node.Clock.Now;
        var all = Enumerable.Range(0, 4).Select(i => gate.Scan($"scan {i}", GateResult.Invalid, now.AddSeconds(i))).ToArray();
        async Task<(int Gaps, int Forks)> ChainAsync()
        {
            var one = (await stage.ReportAsync()).GetProperty("gates")[0];
            return (one.GetProperty("gaps").GetInt32(), one.GetProperty("forks").GetInt32());
        }

        (await stage.UploadAsync(gate.Body(all[0], all[1], all[3]))).Select(GateStage.VerdictOf).Should().Equal("accepted", "accepted", "gap");
        (await ChainAsync()).Should().Be((1, 0));
        (await stage.UploadAsync(gate.Body(all))).Select(GateStage.VerdictOf).Should().Equal("known", "known", "accepted", "known");
        (await ChainAsync()).Should().Be((0, 0));

        gate.Last = all[0].Receipt.Hash;
        (await stage.UploadAsync(gate.Body(gate.Scan("another story", GateResult.Invalid, now)))).Select(GateStage.VerdictOf).Should().Equal("fork");
        (await ChainAsync()).Should().Be((0, 1));
        (await stage.ReportAsync()).GetProperty("refused").GetInt32().Should().Be(5);
    }

    [Fact]
    public async Task What_the_gate_did_not_sign_or_contradicts_itself_or_is_of_no_event_of_the_gate_is_not_kept()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", stage.Event());
        var stranger = new TestGate("stranger", stage.Event());
        var now = stage.Node.Clock.Now;
        var code = Stage.CodeOf("own", stage.Tickets[0], now).Format();
        var right = new GateReceipt(gate.Scope, stage.Ticket(0), now.ToUnixTimeSeconds(), GateResult.NotOwner, code, default);

        async Task<string?> RefusalAsync(JsonValue body)
        {
            var verdict = (await stage.UploadAsync(body)).Should().ContainSingle().Subject;
            verdict.VerdictOf().Should().Be("invalid");
            return verdict.CodeOf();
        }

        (await RefusalAsync(gate.Body(stranger.Sign(right)))).Should().Be("signature_invalid");
        (await RefusalAsync(gate.Body(gate.Sign(right) with { Receipt = right with { At = right.At + 1 } }))).Should().Be("signature_invalid");
        (await RefusalAsync(gate.Body(new SignedReceipt(right, new ReceiptProof.Hmac(right.Hash))))).Should().Be("unknown_account", "the gate has a key of its own");
        (await RefusalAsync(gate.Body(gate.Sign(right with { Ticket = stage.Ticket(1) })))).Should().Be("code_contradicts");
        (await RefusalAsync(gate.Body(gate.Sign(right with { Ticket = null })))).Should().Be("code_contradicts");
        (await RefusalAsync(stranger.Body(stranger.Scan(code, GateResult.NotOwner, now)))).Should().Be("not_gate");
        (await RefusalAsync(new TestGate("stranger", null).Body(new TestGate("stranger", null).Scan(code, GateResult.NotOwner, now)))).Should().Be("not_gate");
        (await RefusalAsync(new TestGate("gate", default(EventId)).Body(new TestGate("gate", default(EventId)).Scan(code, GateResult.NotOwner, now)))).Should().Be("not_found");
        var nowhere = Stage.CodeOf("own", new string('0', 32), now).Format();
        (await RefusalAsync(gate.Body(gate.Scan(nowhere, GateResult.Valid, now)))).Should().Be("not_found", "nobody can be let in with a ticket that does not exist");
        (await stage.UploadAsync(gate.Body(gate.Sign(right)))).Select(GateStage.VerdictOf).Should().Equal("accepted");
        (await stage.ReportAsync()).GetProperty("refused").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_gate_that_lets_in_without_a_right_code_is_kept_and_seen()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", stage.Event());
        foreach (var ticket in stage.Tickets) await stage.BuyAsync(stage.Own, ticket);
        await stage.SendAsync(stage.Own, "transfer_ticket", new { ticket_id = stage.Tickets[2], recipient = stage.Fan.Id });
        var other = stage.Node.OwnAccount("other organiser");
        var created = await stage.SendAsync(other, "create_event", new { name = "Other", venue = "Hall", sessions = new[] { new { date = "2027-07-01", time = "19:30" } } });
        var issued = await stage.SendAsync(other, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "1" }, price = 1 });
        var now = stage.Node.Clock.Now;
        string Code(string seed, string ticket, int seconds, string chain = "secuticket-dev") => Stage.CodeOf(seed, ticket, now.AddSeconds(seconds), chain).Format();

        var verdicts = await stage.UploadAsync(gate.Body(
            gate.Scan(Code("own", stage.Tickets[0], 30), GateResult.Valid, now),
            gate.Scan(Code("own", stage.Tickets[0], 31), GateResult.Valid, now),
            gate.Scan(Code("own", stage.Tickets[0], -86_400), GateResult.Valid, now),
            gate.Scan(Code("own", stage.Tickets[1], 0, "other-chain"), GateResult.Valid, now),
            gate.Scan(Code("own", stage.Tickets[2], 0), GateResult.Valid, now),
            gate.Scan(Code("other organiser", issued.GetProperty("ticket_ids")[0].GetString()!, 0), GateResult.Valid, now)));

        verdicts.Select(GateStage.VerdictOf).Should().AllBe("accepted");
        verdicts.Select(GateStage.CodeOf).Should().Equal(null, "expired", "expired", "invalid", "not_owner", "wrong_event");
        (await stage.ReportAsync()).GetProperty("gates")[0].GetProperty("flagged").GetInt32().Should().Be(5);
    }

    [Fact]
    public async Task A_gate_listed_no_more_may_upload_where_it_did_before_and_is_flagged()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", stage.Event());
        var now = stage.Node.Clock.Now;
        await stage.UploadAsync(gate.Body(gate.Scan("1", GateResult.Invalid, now)));
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, gates = Array.Empty<string>() });

        var verdict = (await stage.UploadAsync(gate.Body(gate.Scan("2", GateResult.Invalid, now)))).Single();

        (verdict.VerdictOf(), verdict.CodeOf()).Should().Be(("accepted", "not_gate"));
        (await stage.ReportAsync()).GetProperty("gates")[0].GetProperty("flagged").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_gate_that_names_no_event_counts_for_the_tickets_event_or_the_last_that_lists_it()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", null);
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        var later = await stage.CreateEventAsync(stage.Gate);
        var now = stage.Node.Clock.Now;

        await stage.UploadAsync(gate.Body(gate.Scan(Stage.CodeOf("own", stage.Tickets[0], now).Format(), GateResult.Valid, now), gate.Scan("nothing", GateResult.Invalid, now)));

        var (first, last) = (await stage.ReportAsync(), await stage.SignedAsync(stage.Organiser, HttpMethod.Get, $"/events/{later}/gate-report", HttpStatusCode.OK));
        (first.GetProperty("admitted").GetInt32(), first.GetProperty("refused").GetInt32()).Should().Be((1, 0));
        (last.GetProperty("admitted").GetInt32(), last.GetProperty("refused").GetInt32()).Should().Be((0, 1));
    }

    [Fact]
    public async Task For_a_kept_gate_the_node_redeems_what_nothing_speaks_against_once()
    {
        using var stage = await Stage.OpenAsync();
        var created = stage.Node.Node.Accounts.Create(null).Value;
        var scope = new GateScope("secuticket-dev", created.Address, stage.Event());
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, gates = new[] { created.Address.ToString() } });
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);
        var now = stage.Node.Clock.Now;
        SignedReceipt Tagged(GateReceipt receipt) => new(receipt, new ReceiptProof.Hmac(new Hash256(HMACSHA256.HashData(Convert.FromHexString(created.Secret), receipt.ToCanonical()))));
        GateReceipt Receipt(int ticket, int seconds, Hash256 previous) =>
            new(scope, stage.Ticket(ticket), now.ToUnixTimeSeconds(), GateResult.Valid, Stage.CodeOf("own", stage.Tickets[ticket], now.AddSeconds(seconds)).Format(), previous);
        var first = Tagged(Receipt(0, 0, default));
        var stale = Tagged(Receipt(1, 40, first.Receipt.Hash));
        var forged = new SignedReceipt(Receipt(1, 0, default), new ReceiptProof.Hmac(default));

        var verdicts = await stage.UploadAsync(SignedReceipt.BodyOf(scope, [first, stale, forged]));
        var again = await stage.UploadAsync(SignedReceipt.BodyOf(scope, [first]));
        await stage.Node.SealAsync();

        verdicts.Select(GateStage.VerdictOf).Should().Equal("accepted", "accepted", "invalid");
        verdicts.Select(GateStage.CodeOf).Should().Equal(null, "expired", "signature_invalid");
        HasProperty(verdicts[1], "transaction_id").Should().BeFalse("a claim with a stale code burns nobody's ticket");
        again.Single().VerdictOf().Should().Be("known");
        HasProperty(again.Single(), "transaction_id").Should().BeFalse("it is redeemed");
        var ticket = await stage.Node.Api.GetAsync($"/tickets/{stage.Tickets[0]}");
        ticket.GetProperty("status").GetString().Should().Be("redeemed");
        ticket.GetProperty("redemption").GetProperty("transaction_id").GetString().Should().Be(verdicts[0].GetProperty("transaction_id").GetString());
        (await stage.Node.Api.GetAsync($"/tickets/{stage.Tickets[1]}")).GetProperty("status").GetString().Should().Be("sold");
        var report = await stage.ReportAsync();
        (report.GetProperty("admitted").GetInt32(), report.GetProperty("conflicts").GetArrayLength()).Should().Be((2, 0), "the redemption is the receipt's");
    }

    [Fact]
    public async Task An_event_has_no_more_receipts_than_it_may()
    {
        using var stage = await Stage.OpenAsync(("Gates:ReceiptsPerEvent", "2"));
        var gate = new TestGate("gate", stage.Event());
        var all = Enumerable.Range(0, 3).Select(i => gate.Scan($"{i}", GateResult.Invalid, stage.Node.Clock.Now)).ToArray();

        var verdicts = await stage.UploadAsync(gate.Body(all));

        verdicts.Select(GateStage.VerdictOf).Should().Equal("accepted", "accepted", "invalid");
        verdicts[2].CodeOf().Should().Be("receipts_full");
        (await stage.UploadAsync(gate.Body(all[0]))).Single().VerdictOf().Should().Be("known");
    }

    [Fact]
    public async Task A_malformed_upload_is_refused_whole()
    {
        using var stage = await Stage.OpenAsync();
        var gate = new TestGate("gate", stage.Event());
        var receipt = gate.Scan("x", GateResult.Invalid, stage.Node.Clock.Now).ToJson();
        var body = gate.Body();
        var api = stage.Node.Api;
        JsonValue Of(params JsonValue[] receipts) => body.With("receipts", JsonValue.Array(receipts));

        (await stage.UploadAsync(body)).Should().BeEmpty();
        await api.PostRefusedAsync("/gate/receipts", "{", HttpStatusCode.BadRequest, "malformed_json");
        await api.PostRefusedAsync("/gate/receipts", body.Without("gate"), HttpStatusCode.BadRequest, "missing_field");
        await api.PostRefusedAsync("/gate/receipts", body.Without("receipts"), HttpStatusCode.BadRequest, "missing_field");
        await api.PostRefusedAsync("/gate/receipts", body.With("other", JsonValue.Null), HttpStatusCode.BadRequest, "unknown_field");
        await api.PostRefusedAsync("/gate/receipts", body.With("event_id", JsonValue.Of("1")), HttpStatusCode.BadRequest, "invalid_field");
        var named = await api.PostRefusedAsync("/gate/receipts", Of(receipt, receipt.With("at", JsonValue.Of(-1))), HttpStatusCode.BadRequest, "invalid_field");
        named.GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().Equal("receipts[1].at");
        await api.PostRefusedAsync("/gate/receipts", Of([.. Enumerable.Repeat(receipt, 1_001)]), HttpStatusCode.BadRequest, "invalid_field");
        (await stage.UploadAsync(Of([.. Enumerable.Repeat(receipt, 1_000)]))).Select(GateStage.VerdictOf).Should().Equal(Enumerable.Repeat("known", 999).Prepend("accepted"), "more than 64 KiB, and each once");
        await api.PostRefusedAsync("/gate/receipts", $$"""{"gate":"{{new string('x', 5_000_000)}}"}""", HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Only_the_organiser_reads_the_report()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/gate-report";

        await RefusedAsync(stage.Fan, path, HttpStatusCode.Forbidden, "not_organiser");
        await RefusedAsync(stage.Organiser, $"/events/{new string('0', 32)}/gate-report", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage.Organiser, "/events/1/gate-report", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(stage.Organiser, path + "?limit=0", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(stage.Organiser, path + "?after=x", HttpStatusCode.BadRequest, "invalid_field");
        await stage.Node.Api.GetRefusedAsync(path, HttpStatusCode.Unauthorized, "signature_missing");
        (await stage.ReportAsync()).GetProperty("gates")[0].GetProperty("first_at").ValueKind.Should().Be(JsonValueKind.Null, "nothing happened");

        async Task RefusedAsync(Wallet sender, string at, HttpStatusCode status, string code)
        {
            using var answer = await stage.Node.SendSignedAsync(sender, HttpMethod.Get, at);
            await answer.ShouldBeProblemAsync(status, code);
        }
    }

    [Fact]
    public async Task Whoever_asks_while_as_many_reports_are_made_as_may_be_is_told_to_come_again()
    {
        using var stage = await Stage.OpenAsync();
        var terms = stage.Node.Node.Snapshot.Chain.Ledger.Events.Find(stage.Event())!;
        var reports = new GateReports(stage.Node.Services.GetRequiredService<ReceiptBook>(), new GateSettings { Reports = 0 });

        for (var i = 0; i < 2; i++) reports.Make(stage.Node.Node.Snapshot.Chain.Ledger, terms, null, 1).Refusal!.Code.Should().Be("not_ready");
    }

    private static bool HasProperty(JsonElement element, string name) => element.TryGetProperty(name, out _);
}
