using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

public sealed class FlatBodyTests
{
    private const string Chain = "secuticket-dev";
    private const string Key = "04" + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    private const string Purchase = """ "nonce":"0123456789abcdef","valid_until":1813000000,"sender":"0x00000000000000000000000000000000000000aa","ticket_id":"0123456789abcdef0123456789abcdef","max_price":5000 """;

    private static readonly string Pair = string.Concat(new string('1', 64), new string('2', 64));
    private static readonly string Proof = $$"""{"scheme":"p256","public_key":"{{Key}}","signature":"{{Pair}}"}""";

    [Theory]
    [InlineData("""{"type":"purchase_ticket","chain_id":"secuticket-dev",§,"signatures":[¶]}""", null)]
    [InlineData("""{§,"signatures":[¶]}""", "purchase_ticket")]
    [InlineData("""{"chain_id":"another",§,"hmac":"00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"}""", "purchase_ticket")]
    [InlineData("{ \"signatures\" : [ ¶ ,\n¶ ] ,\t§\r\n} \n", "purchase_ticket")]
    [InlineData("""{§}""", "purchase_ticket")]
    public void A_body_as_nearly_all_are_is_read_without_a_tree_and_means_the_same(string template, string? type)
    {
        var body = Utf8(template);

        FlatBody.TryRead(body, type, Chain, out var flat).Should().BeTrue();

        var (payload, signed) = LongWay(body, type).Value;
        flat.Payload.Canonical.ToArray().Should().Equal(payload.Canonical.ToArray());
        flat.Payload.Operation.Should().Be(payload.Operation);
        flat.Signatures.Should().Be(signed.Signatures);
        flat.Hmac.Should().Equal(signed.Hmac);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{§")]
    [InlineData("{§}}")]
    [InlineData("{§,}")]
    [InlineData("{§,\"max_price\":5000}")]
    [InlineData("{§,\"type\":\"purchase_ticket\",\"type\":\"purchase_ticket\"}")]
    [InlineData("{§,\"hmac\":\"00\"}")]
    [InlineData("{§,\"hmac\":0}")]
    [InlineData("{§,\"hmac\":}")]
    [InlineData("{§,\"signatures\":}")]
    [InlineData("{§,\"signatures\":[}")]
    [InlineData("{§,\"signatures\":[¶}")]
    [InlineData("{§,\"signatures\":[¶,}")]
    [InlineData("{§,\"signatures\":[{]}")]
    [InlineData("{§,\"signatures\":[{}]}")]
    [InlineData("{§,\"signatures\":[{\"scheme\":\"rsa\"]}")]
    [InlineData("{§,\"signatures\":[{\"scheme\":\"p256\"}")]
    [InlineData("{§,\"signatures\":[¶,{\"scheme\":\"p256\"}")]
    [InlineData("{§,\"hmac\":\"0011223344556677889900112233445566778899001122334455667788990011\",\"hmac\":\"0011223344556677889900112233445566778899001122334455667788990011\"}")]
    [InlineData("{§,\"signatures\":[]}")]
    [InlineData("{§,\"signatures\":[¶],\"signatures\":[¶]}")]
    [InlineData("{§,\"signatures\":[¶,¶,¶]}")]
    [InlineData("{§,\"signatures\":[{\"scheme\":\"p256\"}]}")]
    [InlineData("{§,\"signatures\":[{\"scheme\":\"rsa\",\"public_key\":\"04\",\"signature\":\"00\"}]}")]
    [InlineData("{§,\"unknown\":1}")]
    [InlineData("{§,\"identity_commitment\":null}")]
    [InlineData("{§,\"identity_commitment\":{}}")]
    [InlineData("{§,\"note\":\"\\u0061\"}")]
    [InlineData("{§,\"note\":\"é\"}")]
    [InlineData("{§,\"note\":01}")]
    [InlineData("{§,\"note\":-0}")]
    [InlineData("{§,\"note\":1.5}")]
    [InlineData("{§,\"note\":1-1}")]
    [InlineData("{§,\"note\":-}")]
    public void What_is_wrong_or_of_another_kind_is_left_to_the_long_way(string template) =>
        FlatBody.TryRead(Utf8(template), "purchase_ticket", Chain, out _).Should().BeFalse();

    [Theory]
    [InlineData("scheme")]
    [InlineData("public_key")]
    [InlineData("signature")]
    public void A_signature_that_lacks_a_part_is_left_to_the_long_way_which_names_it(string part)
    {
        foreach (var (signatures, at) in new[] { ("¤", 0), ("¤,¶", 0), ("¶,¤", 1) })
        {
            var body = Utf8($"{{§,\"signatures\":[{signatures}]}}".Replace("¤", SamplePayload.Parse(Proof).Without(part).ToString()));

            FlatBody.TryRead(body, "purchase_ticket", Chain, out _).Should().BeFalse();
            SignedPayload.Read(body, "purchase_ticket", Chain).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "missing_field" && refusal.Field == $"signatures[{at}].{part}");
        }
    }

    [Fact]
    public void A_body_cut_short_or_with_any_byte_changed_never_means_anything_else_than_by_the_long_way()
    {
        // All that a payload needs stands before the proof: whoever gives up early must not take it for whole.
        var body = Utf8("""{"type":"purchase_ticket","chain_id":"secuticket-dev",§,"hmac":"00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff","signatures":[¶]}""");
        FlatBody.TryRead(body, "purchase_ticket", Chain, out _).Should().BeTrue();
        for (var i = 0; i < body.Length; i++)
        {
            ShouldAgree(body.AsSpan(0, i));
            foreach (var other in "\"\\{}[]:, \n0-9azAZ\0\x7f"u8.ToArray().Append((byte)0xff))
            {
                var changed = body.ToArray();
                changed[i] = other;
                ShouldAgree(changed);
            }
        }
    }

    [Fact]
    public void Of_many_members_and_long_bodies_nothing_is_read()
    {
        var many = string.Concat(Enumerable.Range(0, 40).Select(i => $"\"f{i:00}\":{i},"));

        FlatBody.TryRead(Utf8($"{{{many}§}}"), "purchase_ticket", Chain, out _).Should().BeFalse();
        FlatBody.TryRead(Utf8($"{{§{new string(' ', 3_000)}}}"), "purchase_ticket", Chain, out _).Should().BeFalse();
    }

    // What is implied takes two places beside those of the body.
    [Fact]
    public void However_many_members_a_body_has_what_is_implied_finds_its_place_or_the_long_way_does()
    {
        for (var count = 1; count < 24; count++)
        {
            var many = string.Concat(Enumerable.Range(0, count).Select(i => $"\"f{i:00}\":{i},"));

            SignedPayload.Read(Utf8($"{{{many}§}}"), "purchase_ticket", Chain).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "unknown_field" && refusal.Faults.Count == Math.Min(count, 20));
        }
    }

    [Fact]
    public void The_longest_body_has_room_for_the_longest_of_what_is_implied()
    {
        var chain = new string('c', 64);
        var frame = """{"nonce":"0123456789abcdef","valid_until":1813000000,"sender":"0x00000000000000000000000000000000000000aa","data":""}""";
        byte[] Body(int size) => System.Text.Encoding.UTF8.GetBytes(frame.Replace("\"\"", $"\"{new string('x', size - frame.Length)}\""));

        FlatBody.TryRead(Body(2_048), "record", chain, out var flat).Should().BeTrue();
        flat.Payload.ChainId.Should().Be(chain);
        FlatBody.TryRead(Body(2_049), "record", chain, out _).Should().BeFalse();
    }

    private static void ShouldAgree(ReadOnlySpan<byte> body)
    {
        if (!FlatBody.TryRead(body, "purchase_ticket", Chain, out var flat)) return;

        LongWay(body, "purchase_ticket").TryGet(out var read, out var refusal).Should().BeTrue(refusal?.Detail);
        (flat.Payload.Id, flat.Signatures, HexOf(flat.Hmac)).Should().Be((read.Payload.Id, read.Signed.Signatures, HexOf(read.Signed.Hmac)));

        static string HexOf(byte[]? hmac) => hmac is null ? string.Empty : Convert.ToHexString(hmac);
    }

    private static Verdict<(Payload Payload, SignedBody Signed)> LongWay(ReadOnlySpan<byte> body, string? type)
    {
        if (!CanonicalJson.Parse(body).TryGet(out var json, out var refusal)) return refusal;
        if (!SignedBody.From(json, TransactionSignature.MaxCount).TryGet(out var signed, out refusal)) return refusal;

        var fields = signed.Fields;
        if (type is not null && fields.Find("type") is null) fields = fields.With("type", JsonValue.Of(type));
        if (type is not null && fields.Find("chain_id") is null) fields = fields.With("chain_id", JsonValue.Of(Chain));
        return Payload.From(fields).TryGet(out var payload, out refusal) ? (payload, signed) : refusal;
    }

    private static byte[] Utf8(string template) => System.Text.Encoding.UTF8.GetBytes(template.Replace("§", Purchase).Replace("¶", Proof));
}
