using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Gate;

public class GateReceiptTests
{
    private static readonly EventId Event = new(new byte[16]);
    private static readonly TicketId Ticket = IssueTickets.TicketOf(Event, 0, "A-1");
    private static readonly GateScope Scope = new(GateStage.ChainId, GateStage.North.Address, Event);

    [Fact]
    public void What_is_signed_names_its_kind_the_chain_the_gate_and_the_event()
    {
        var receipt = Receipt(1_813_000_000, GateResult.Expired);

        System.Text.Encoding.UTF8.GetString(receipt.ToCanonical()).Should().Be(
            $$"""{"at":1813000000,"chain_id":"test-chain","code":"{{receipt.Code}}","event_id":"{{Event}}","gate":"{{GateStage.North}}","previous":"{{Hash256.Zero}}","result":"expired","ticket_id":"{{Ticket}}","type":"gate_receipt"}""");
        receipt.Hash.Should().Be(Hash256.Sha256(receipt.ToCanonical()));
        var without = receipt with { Scope = Scope with { Event = null }, Ticket = null, Code = "?" };
        System.Text.Encoding.UTF8.GetString(without.ToCanonical()).Should().NotContain("event_id").And.NotContain("ticket_id");
    }

    [Fact]
    public void A_receipt_of_one_gate_event_or_chain_is_none_of_another_and_every_field_counts()
    {
        var receipt = Receipt(100, GateResult.Valid);
        var signed = GateStage.Sign(receipt);

        signed.Verify(Ledger.Scenario.Verifier).IsAccepted.Should().BeTrue();
        GateReceipt[] others =
        [
            receipt with { Scope = Scope with { ChainId = "other-chain" } }, receipt with { Scope = Scope with { Event = null } }, receipt with { Scope = Scope with { Gate = GateStage.South.Address } },
            receipt with { Ticket = null }, receipt with { At = 101 }, receipt with { Result = GateResult.Expired }, receipt with { Code = "x" }, receipt with { Previous = receipt.Hash },
        ];
        others.Select(other => other.Hash).Append(receipt.Hash).Should().OnlyHaveUniqueItems();
        foreach (var other in others) (signed with { Receipt = other }).Verify(Ledger.Scenario.Verifier).Refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid);
        GateStage.Sign(receipt, GateStage.South).Verify(Ledger.Scenario.Verifier).Refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid, "another gate signed it");
        new SignedReceipt(receipt, new ReceiptProof.Hmac(receipt.Hash)).Verify(Ledger.Scenario.Verifier).Refusal!.Code.Should().Be(RefusalCodes.UnknownAccount);
    }

    [Fact]
    public void Whatever_was_scanned_can_be_kept_and_does_not_become_a_code()
    {
        var code = Receipt(100, GateResult.Valid).Code;

        GateReceipt.CodeOf(code).Should().Be(code);
        GateReceipt.CodeOf(string.Empty).Should().BeEmpty();
        GateReceipt.CodeOf("a\0b\né \uD800~").Should().Be("a?b?? ?~");
        GateReceipt.CodeOf(new string('x', 100_000)).Should().Be(new string('x', 512));
        var scanned = code + "\r\n";
        var finding = new GateFinding(GateResult.Invalid);
        GateReceipt.Of(Scope, scanned, finding, 100, default).Contradiction().Should().BeNull();
    }

    [Fact]
    public void A_receipt_that_contradicts_the_code_it_is_about_says_so()
    {
        var receipt = Receipt(100, GateResult.Valid);

        receipt.Contradiction().Should().BeNull();
        (receipt with { Result = GateResult.Invalid }).Contradiction().Should().BeNull("a wrong signature is in a code that can be read");
        Code(receipt with { Ticket = default(TicketId) }).Should().Be(GateRefusals.CodeContradicts);
        Code(receipt with { Ticket = null }).Should().Be(GateRefusals.CodeContradicts);
        Code(receipt with { Code = "garbage" }).Should().Be(GateRefusals.CodeContradicts);
        Code(receipt with { Code = "garbage", Ticket = null }).Should().Be(GateRefusals.CodeContradicts, "garbage lets nobody in");
        Code(receipt with { Code = "garbage", Ticket = null, Result = GateResult.Invalid }).Should().BeNull();

        static string? Code(GateReceipt receipt) => receipt.Contradiction()?.Code;
    }

    [Fact]
    public void The_six_fields_are_read_back_as_they_were_written()
    {
        var receipt = Receipt(100, GateResult.AlreadyRedeemed);
        SignedReceipt[] all =
        [
            GateStage.Sign(receipt),
            new(receipt, new ReceiptProof.Hmac(receipt.Hash)),
            GateStage.Sign(new GateReceipt(Scope, null, 100, GateResult.Invalid, "?", receipt.Hash)),
        ];

        foreach (var signed in all)
        {
            signed.ToJson().Members.Select(member => member.Name).Should().BeEquivalentTo("ticket_id", "at", "result", "code", "previous", "signature");
            Read(signed.ToJson()).Value.Should().Be(signed);
        }

        Read(all[2].ToJson().Without("ticket_id")).Value.Should().Be(all[2], "null and left out are the same");
        var body = SignedReceipt.BodyOf(Scope, all);
        body.Find("receipts")!.Items.Should().HaveCount(3);
        body.Find("event_id")!.Text.Should().Be(Event.ToString());
        SignedReceipt.BodyOf(Scope with { Event = null }, all).Find("event_id").Should().BeNull();
    }

    [Theory]
    [InlineData("at", "-1", "invalid_field")]
    [InlineData("at", "9007199254741", "invalid_field")]
    [InlineData("at", null, "missing_field")]
    [InlineData("result", "\"maybe\"", "invalid_field")]
    [InlineData("result", null, "missing_field")]
    [InlineData("code", "\"é\"", "invalid_field")]
    [InlineData("code", null, "missing_field")]
    [InlineData("previous", "\"00\"", "invalid_field")]
    [InlineData("previous", null, "missing_field")]
    [InlineData("ticket_id", "\"A-1\"", "invalid_field")]
    [InlineData("ticket_id", "0", "invalid_field")]
    [InlineData("signature", "\"00\"", "invalid_field")]
    [InlineData("signature", null, "missing_field")]
    [InlineData("signature", """{"scheme":"p256"}""", "missing_field")]
    [InlineData("signature", """{"scheme":"rot13","hmac":"00"}""", "invalid_field")]
    [InlineData("signature", """{"scheme":"hmac-sha256","hmac":"00"}""", "invalid_field")]
    [InlineData("other", "1", "unknown_field")]
    public void A_malformed_receipt_is_refused_by_the_name_of_its_field(string field, string? value, string code)
    {
        var json = GateStage.Sign(Receipt(100, GateResult.Valid)).ToJson();
        json = value is null ? json.Without(field) : json.With(field, CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(value)).Value);

        var refusal = Read(json).Refusal!;

        refusal.Faults.Should().Contain(fault => fault.Field.StartsWith(field, StringComparison.Ordinal));
        refusal.Code.Should().Be(code);
    }

    [Theory]
    [InlineData("public_key", "05")]
    [InlineData("signature", "00")]
    public void The_part_of_a_signature_that_is_wrong_is_named(string field, string value)
    {
        var json = GateStage.Sign(Receipt(100, GateResult.Valid)).ToJson();

        var refusal = Read(json.With("signature", json.Find("signature")!.With(field, JsonValue.Of(value)))).Refusal!;

        (refusal.Code, refusal.Field).Should().Be(("invalid_field", $"signature.{field}"));
    }

    [Fact]
    public void The_first_and_the_last_moment_are_read()
    {
        foreach (var at in new[] { 0, CanonicalJson.MaxInteger / 1000 })
            Read(GateStage.Sign(Receipt(at, GateResult.Valid)).ToJson()).Value.Receipt.At.Should().Be(at);
    }

    [Fact]
    public void A_code_longer_than_what_is_kept_is_refused() =>
        Read(GateStage.Sign(Receipt(100, GateResult.Valid)).ToJson().With("code", JsonValue.Of(new string('x', 513)))).Refusal!.Code.Should().Be(RefusalCodes.InvalidField);

    [Fact]
    public void A_log_is_made_of_its_receipts_in_order_and_of_nothing_else()
    {
        var receipts = new List<GateReceipt>();
        var log = GateLog.Empty(Scope);
        foreach (var (at, result) in new[] { (100, GateResult.Valid), (101, GateResult.Invalid), (102, GateResult.AlreadyRedeemed), (103, GateResult.Valid) })
        {
            receipts.Add(Receipt(at, result, log.Last));
            log = log.With(receipts[^1]).Value;
        }

        var again = Log(receipts).Value;

        (again.Count, again.Last).Should().Be((4, receipts[^1].Hash));
        again.Find(Ticket).Should().Be(new GateAdmission(Scope.Gate, 100_000, null, receipts[0].Hash), "the first counts");
        for (var missing = 0; missing < 3; missing++) Refusal(receipts.Where((_, i) => i != missing)).Should().Be(GateRefusals.ReceiptGap, "receipt {0} is missing", missing);
        Refusal(receipts.AsEnumerable().Reverse()).Should().Be(GateRefusals.ReceiptGap);
        Refusal([receipts[0], receipts[0]]).Should().Be(GateRefusals.ReceiptGap);
        Refusal([receipts[0] with { Scope = Scope with { Event = null } }]).Should().Be(GateRefusals.WrongGate);

        static string? Refusal(IEnumerable<GateReceipt> receipts) => Log(receipts).Refusal?.Code;

        static Verdict<GateLog> Log(IEnumerable<GateReceipt> receipts) =>
            receipts.Aggregate((Verdict<GateLog>)GateLog.Empty(Scope), static (log, receipt) => log.IsAccepted ? log.Value.With(receipt) : log);
    }

    private static GateReceipt Receipt(long at, GateResult result, Hash256 previous = default) => new(Scope, Ticket, at, result, GateStage.Code(GateStage.Alice, Ticket, 100), previous);

    private static Verdict<SignedReceipt> Read(JsonValue json)
    {
        var fields = FieldReader.Of(json);
        var read = SignedReceipt.Read(fields, Scope);
        return fields.Finish() is { } fault ? fault : read;
    }
}
