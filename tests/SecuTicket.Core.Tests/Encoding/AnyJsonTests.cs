using System.Globalization;
using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Encoding;

/// <summary>JSON that is part of no payload: numbers as RFC 8785 has them, and deeper.</summary>
public class AnyJsonTests
{
    // RFC 8785, appendix B, but for what is whole and small, and the same from another implementation of ECMA-262.
    [Theory]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_RFC_8785_writes_them(ulong bits, string text) => Written(BitConverter.UInt64BitsToDouble(bits)).Should().Be(text);

    [Fact]
    public void Eighty_thousand_numbers_are_written_as_another_implementation_writes_them()
    {
        // The digest is of what JSON.stringify of Node.js 20 made of the same numbers.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var state = 88172645463325252UL;
        for (var count = 0; count < 20_000;)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if (!double.IsFinite(BitConverter.UInt64BitsToDouble(state))) continue;

            Add(BitConverter.UInt64BitsToDouble(state));
            count++;
        }

        for (var i = 1; i < 20_000; i++)
        {
            Add(i / 1000.0);
            Add(i * 1e-9);
            Add(i * 1e17);
        }

        Convert.ToHexStringLower(hash.GetHashAndReset()).Should().Be("01ba1364a41c92b8bf30260011804d74a218b0858c2d8514865d490d4ea95b9f");

        void Add(double value) => hash.AppendData(System.Text.Encoding.ASCII.GetBytes(Written(value) + "\n"));
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1e3", "1000")]
    [InlineData("1E-3", "0.001")]
    [InlineData("17.50e-1", "1.75")]
    [InlineData("9007199254740991.0", "9007199254740991")]
    [InlineData("1e-999", "0")]
    public void However_a_number_is_written_it_is_the_same(string written, string canonical)
    {
        var value = CanonicalJson.ParseAny(System.Text.Encoding.ASCII.GetBytes(written)).Value;

        value.ToString().Should().Be(canonical);
        value.Should().Be(CanonicalJson.ParseAny(System.Text.Encoding.ASCII.GetBytes(canonical)).Value);
        value.GetHashCode().Should().Be(CanonicalJson.ParseAny(System.Text.Encoding.ASCII.GetBytes(canonical)).Value.GetHashCode());
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740993")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    public void A_number_that_would_become_another_one_is_refused(string written) =>
        CanonicalJson.ParseAny(System.Text.Encoding.ASCII.GetBytes($$"""{"a":[{{written}}]}""")).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == "a[0]" && refusal.Detail.Contains("as a text"));

    [Fact]
    public void It_may_be_64_deep()
    {
        CanonicalJson.ParseAny(Nested(64)).IsAccepted.Should().BeTrue();
        CanonicalJson.ParseAny(Nested(65)).Refusal!.Code.Should().Be("malformed_json");
        CanonicalJson.ParseAny("""{"a":1,"a":2}"""u8).Refusal!.Code.Should().Be("duplicate_key");
    }

    [Theory]
    [InlineData(7, null)]
    [InlineData(8, "malformed_json")]
    public void No_payload_is_so_deep(int inside, string? code)
    {
        var payload = JsonValue.Object(
        [
            new("type", JsonValue.Of("record")), new("chain_id", JsonValue.Of("c")), new("sender", JsonValue.Of(default(Address).ToString())), new("nonce", JsonValue.Of(new string('n', 16))),
            new("valid_until", JsonValue.Of(1)), new("data", Enumerable.Range(1, inside).Aggregate(JsonValue.Null, static (inner, _) => JsonValue.Object([new("a", inner)]))),
        ]);

        Payload.From(payload).Refusal?.Code.Should().Be(code);
        Payload.From(payload).IsAccepted.Should().Be(code is null);
    }

    private static string Written(double value) => CanonicalJson.ParseAny(System.Text.Encoding.ASCII.GetBytes(value.ToString("E16", CultureInfo.InvariantCulture))).Value.ToString();

    private static byte[] Nested(int depth) => System.Text.Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth));
}
