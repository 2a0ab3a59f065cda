using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Encoding;

// S0.12: proof of the holder's key at the entrance.
public class GateCodeTests
{
    private static readonly string Sample = TestVectors.Text("gate_code", "code_sample");

    [Fact]
    public void Reads_the_code_of_the_independent_implementation_and_its_signature_verifies()
    {
        var code = GateCode.Parse(Sample).Value;
        var digest = GateCode.Digest(TestVectors.Text("gate_code", "chain_id"), code.Ticket, code.At);

        code.Ticket.ToString().Should().Be(TestVectors.Text("gate_code", "ticket_id"));
        code.At.Should().Be(TestVectors.At("gate_code", "at").GetUInt32());
        code.Key.ToString().Should().Be(TestVectors.Text("gate_code", "public_key"));
        digest.Should().Be(Hash256.Sha256(Convert.FromHexString(TestVectors.Text("gate_code", "message_hex"))));
        using var cache = new P256Verifier(1);
        cache.Verify(code.Key.Span, digest.Span, code.Signature.Span).Should().BeTrue();
    }

    [Fact]
    public void Writes_the_same_text_again()
    {
        var code = GateCode.Parse(Sample).Value;

        code.Format().Should().Be(Sample);
        code.ToString().Should().Be(Sample);
        Sample.Should().HaveLength(GateCode.Length);
    }

    [Fact]
    public void Fits_a_QR_code_that_a_phone_reads_from_a_phone()
    {
        // A version 8 symbol holds 221 alphanumeric characters at error correction M (ISO/IEC 18004, table 7).
        GateCode.Length.Should().BeLessThanOrEqualTo(185);
        Sample[4..].Should().MatchRegex("^[0-9A-Z $%*+./:-]*$");
    }

    [Fact]
    public void The_digest_depends_on_the_chain_the_ticket_and_the_moment()
    {
        var ticket = new TicketId(new byte[16]);
        var other = new TicketId([.. new byte[15], 1]);

        new[]
        {
            GateCode.Digest("a", ticket, 1),
            GateCode.Digest("b", ticket, 1),
            GateCode.Digest("a", other, 1),
            GateCode.Digest("a", ticket, 2),
            GateCode.Digest("a", ticket, 256),
        }.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ST1:")]
    [InlineData("ST2:")]
    [InlineData("https://example.org/")]
    public void Refuses_other_texts(string text) => Refused(text);

    [Fact]
    public void Refuses_a_code_that_is_cut_off_longer_in_lower_case_or_between_spaces()
    {
        Refused(Sample[..^1]);
        Refused(Sample[..^3]);
        Refused(Sample + "0");
        Refused(Sample + "000");
        Refused(Sample[4..]);
        Refused(" " + Sample[..^1]);
        Refused(Sample + "\n");
        Refused(Sample.ToLowerInvariant());
        Refused("st1:" + Sample[4..]);
        Refused("ST1:" + new string(':', GateCode.Length - 4));
        Refused("ST1:" + new string('0', 1_000_000));
    }

    [Fact]
    public void Refuses_another_version_a_key_that_is_no_point_and_a_signature_out_of_range()
    {
        Base45.TryDecode(Sample.AsSpan(4), out var bytes).Should().BeTrue();

        Refused(With(bytes, 0, 0x00));
        Refused(With(bytes, 0, 0x02), "a passkey's has more");
        Refused(With(bytes, 0, 0x03));
        Refused(With(bytes, 21, 0x04));
        Refused(With(bytes, 22, [.. Enumerable.Repeat((byte)0xff, 32)]));
        Refused(With(bytes, 22, [.. new byte[31], 7]), "x = 7 has no point");
        Refused(With(bytes, 54, new byte[32]), "r = 0");
        Refused(With(bytes, 86, new byte[32]), "s = 0");
        Refused(With(bytes, 54, TestCurve.Bytes(TestCurve.Order)), "r = n");
        Refused(With(bytes, 86, TestCurve.Bytes(TestCurve.Order)), "s = n");
        GateCode.Parse(With(bytes, 0, 0x01)).IsAccepted.Should().BeTrue("the edits themselves do no harm");
    }

    [Fact]
    public void Refuses_a_signature_in_DER_which_would_be_a_second_text_of_one_code()
    {
        Base45.TryDecode(Sample.AsSpan(4), out var bytes).Should().BeTrue();
        byte[] r = bytes[54] < 0x80 ? bytes[54..86] : [0, .. bytes[54..86]];
        byte[] der = [0x30, (byte)(r.Length + 36), 0x02, (byte)r.Length, .. r, 0x02, 32, .. bytes[86..]];
        P256Signature.TryNormalise(der, new byte[64]).Should().BeTrue();

        Refused("ST1:" + Base45.Encode([.. bytes[..54], .. der]));
    }

    [Fact]
    public void Makes_a_high_s_low_because_browsers_do_not()
    {
        var code = GateCode.Parse(Sample).Value;
        var high = code with { Signature = new Signature(TestCurve.Flip(code.Signature.Span)) };

        GateCode.Parse(high.Format()).Value.Should().Be(code);
    }

    [Fact]
    public void Any_changed_character_is_refused_or_another_code()
    {
        var code = GateCode.Parse(Sample).Value;
        for (var i = 0; i < Sample.Length; i++)
        {
            var changed = GateCode.Parse(Sample[..i] + (Sample[i] == '0' ? '1' : '0') + Sample[(i + 1)..]);
            if (changed.IsAccepted) changed.Value.Should().NotBe(code);
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(181);
        using var key = P256PrivateKey.Generate();
        Span<byte> point = stackalloc byte[64];
        key.CopyPublicKey(point);
        foreach (var at in new uint[] { 0, 1, 1_812_999_990, int.MaxValue, uint.MaxValue })
        {
            var id = new byte[16];
            random.NextBytes(id);
            var ticket = new TicketId(id);
            var signature = new byte[64];
            key.Sign(GateCode.Digest("chain", ticket, at).Span, signature);
            var code = new GateCode(ticket, at, new PublicKey(point), new Signature(signature));

            GateCode.Parse(code.Format()).Value.Should().Be(code);
        }
    }

    private static string With(byte[] bytes, int offset, params byte[] replacement)
    {
        var changed = (byte[])bytes.Clone();
        replacement.CopyTo(changed, offset);
        return "ST1:" + Base45.Encode(changed);
    }

    private static void Refused(string text, string because = "")
    {
        var verdict = GateCode.Parse(text);

        verdict.IsAccepted.Should().BeFalse(because);
        verdict.Refusal!.Code.Should().Be("invalid");
    }
}
