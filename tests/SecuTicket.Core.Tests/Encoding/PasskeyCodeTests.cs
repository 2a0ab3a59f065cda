using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Cryptography;
using SecuTicket.Core.Tests.Gate;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Encoding;

/// <summary>Codes of holders whose key is a passkey: one for each touch, judged as any other.</summary>
public class PasskeyCodeTests
{
    private const string ChainId = GateStage.ChainId;

    private const int PlainSize = 118;

    private static readonly TicketId Ticket = new([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
    private static readonly TestPasskey Alice = new("alice");
    private static readonly GateJudge Judge = GateStage.Judge;

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, TestVectors.Webauthn.GetProperty("gate_codes").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Reads_the_codes_of_the_independent_implementation_which_are_right_on_their_chain_only(int index)
    {
        var vector = TestVectors.Webauthn.GetProperty("gate_codes")[index];
        var text = vector.GetProperty("code").GetString()!;
        var chainId = TestVectors.Text("gate_code", "chain_id");

        var code = GateCode.Parse(text).Value;

        (code.Ticket.ToString(), code.At, code.Key.ToString()).Should().Be((TestVectors.Text("gate_code", "ticket_id"), TestVectors.At("gate_code", "at").GetUInt32(), TestVectors.Text("gate_code", "public_key")));
        var assertion = code.Passkey!.For(GateCode.Digest(chainId, code.Ticket, code.At));
        assertion.AuthenticatorDataText.Should().Be(vector.GetProperty("authenticator_data").GetString());
        System.Text.Encoding.UTF8.GetString(assertion.ClientData.Span).Should().Be(vector.GetProperty("client_data").GetString());
        code.Format().Should().Be(text);
        new GateJudge(chainId, Scenario.Verifier).IsSigned(code).Should().BeTrue();
        new GateJudge("another-chain", Scenario.Verifier).IsSigned(code).Should().BeFalse();
    }

    [Fact]
    public void Every_byte_counts()
    {
        foreach (var passkey in new[] { Alice, Alice with { Origin = "https://www.tickets.example:8443", Rest = TestPasskey.ReminderRest, Counter = 7 } })
        {
            var text = passkey.Code(ChainId, Ticket, 1_813_000_000).Format();
            Base45.TryDecode(text.AsSpan(4), out var bytes).Should().BeTrue();
            for (var at = 0; at < bytes.Length; at++)
            {
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(1 << (at % 8));
                if (GateCode.Parse("ST1:" + Base45.Encode(changed)).TryGet(out var code, out _)) Judge.IsSigned(code).Should().BeFalse("of byte {0}", at);
            }

            for (var length = 0; length < bytes.Length; length++)
                if (GateCode.Parse("ST1:" + Base45.Encode(bytes.AsSpan(0, length))).TryGet(out var cut, out _)) Judge.IsSigned(cut).Should().BeFalse("of {0} bytes", length);
        }
    }

    [Fact]
    public void One_code_has_one_text()
    {
        var usual = Alice.Code(ChainId, Ticket, 1);
        GateCode.Parse(usual.Format()).Value.Should().Be(usual);

        Refused((usual with { Passkey = usual.Passkey! with { Rest = [.. ",\"crossOrigin\":false}"u8] } }).Format(), "what mostly follows is left out");
        GateCode.Parse((usual with { Signature = new Signature(TestCurve.Flip(usual.Signature.Span)) }).Format()).Value.Should().Be(usual, "authenticators do not make s low");
    }

    [Fact]
    public void Forms_that_no_page_makes_are_refused()
    {
        Base45.TryDecode(Alice.Code(ChainId, Ticket, 1).Format().AsSpan(4), out var bytes).Should().BeTrue();

        Refused(With(0, 0x01), "a plain key's code ends with the signature");
        Refused(With(PlainSize + 5, 16), "the host has 15 characters");
        Refused(With(PlainSize + 6, 24), "the origin takes what follows");
        Refused(With(PlainSize + 6, 255), "it is cut short");
        Refused(With(PlainSize + 7, (byte)'H'), "browsers write origins in lower case");
        Refused(With(PlainSize + 7, 0xe9), "an origin is ASCII");
        Refused("ST1:" + Base45.Encode([.. bytes, .. new byte[GateCode.MaxLength]]), "it is longer than any");

        string With(int at, byte value)
        {
            var changed = bytes.ToArray();
            changed[at] = value;
            return "ST1:" + Base45.Encode(changed);
        }
    }

    // Three characters hold two bytes: no code has exactly 512.
    [Theory]
    [InlineData(511, true)]
    [InlineData(513, false)]
    public void A_code_has_512_characters_at_most(int length, bool read)
    {
        var code = Alice.Code(ChainId, Ticket, 1);
        var bare = code.Passkey! with { Rest = [] };
        var rest = (length - 4) / 3 * 2 + (length - 4) % 3 / 2 - PlainSize - bare.Size;

        var text = (code with { Passkey = bare with { Rest = [.. Enumerable.Repeat((byte)' ', rest)] } }).Format();

        text.Should().HaveLength(length);
        GateCode.Parse(text).IsAccepted.Should().Be(read);
    }

    // ISO/IEC 18004, table 7: at level M a version 9 symbol holds 262 alphanumeric characters, version 14 holds 528.
    [Fact]
    public void It_fits_a_QR_code_that_a_phone_reads_from_a_phone()
    {
        Alice.Code(ChainId, Ticket, 1_813_000_000).Format().Length.Should().BeLessThanOrEqualTo(262);
        var most = Alice with { Origin = "https://tickets.a-venue-with-a-long-name.example", RelyingParty = "a-venue-with-a-long-name.example", Rest = TestPasskey.ReminderRest };
        most.Code(ChainId, Ticket, 1_813_000_000).Format().Length.Should().BeLessThanOrEqualTo(GateCode.MaxLength);
        GateCode.MaxLength.Should().BeLessThanOrEqualTo(528);
    }

    [Fact]
    public void Gates_judge_it_online_and_offline_as_any_other()
    {
        var stage = new GateStage();
        var now = stage.Ledger.Now;
        var roster = stage.Read(stage.Roster()).Value;
        Finds(Alice, stage.Sold, now, GateResult.Valid);
        Finds(Alice with { Rest = TestPasskey.ReminderRest }, stage.Sold, now, GateResult.Valid);
        Finds(Alice, stage.Sold, now - 31, GateResult.Expired);
        Finds(Alice, stage.Redeemed, now, GateResult.AlreadyRedeemed);
        Finds(new TestPasskey("bob"), stage.Sold, now, GateResult.NotOwner);
        Finds(Alice with { Flags = 0 }, stage.Sold, now, GateResult.Invalid);
        Finds(Alice with { RelyingParty = "ickets.example" }, stage.Sold, now, GateResult.Invalid);
        Finds(Alice with { Rest = ",\"crossOrigin\":true}" }, stage.Sold, now, GateResult.Invalid);
        Finds(Alice with { Rest = ",\"challenge\":\"\"}" }, stage.Sold, now, GateResult.Invalid);

        void Finds(TestPasskey holder, TicketId ticket, long at, GateResult expected)
        {
            var text = holder.Code(ChainId, ticket, (uint)at).Format();
            Judge.Judge(text, GateStage.North.Address, now, stage.Ledger.State).Result.Should().Be(expected);
            Judge.Judge(text, now, roster, GateLog.Empty(stage.Scope)).Result.Should().Be(expected);
            var receipt = GateReceipt.Of(stage.Scope, text, Judge.Judge(text, GateStage.North.Address, now, stage.Ledger.State), now, default);
            (receipt.Code, receipt.Contradiction()).Should().Be((text, null), "a receipt keeps all of it");
        }
    }

    private static void Refused(string text, string because) => GateCode.Parse(text).Refusal.Should().NotBeNull(because);
}
