using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>A body as a client posts it: API.md, "Writing a transaction".</summary>
public class SignedPayloadTests
{
    private const string Chain = "secuticket-dev";
    private const string Tag = "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff";

    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";
    private static readonly JsonValue Wished = Valid("create_event").With("sender", JsonValue.Of(Anna.Address.ToString()));

    // An event holds a list, so that its body is read the long way; a purchase is read without a tree.
    public static TheoryData<string> Ways => new("create_event", "purchase_ticket");

    [Theory]
    [MemberData(nameof(Ways))]
    public void On_a_route_of_one_type_both_type_and_chain_may_be_left_out_and_are_signed_all_the_same(string type)
    {
        var whole = Valid(type).With("chain_id", JsonValue.Of(Chain));
        var id = Payload.From(whole).Value.Id;

        foreach (var body in new[] { whole, whole.Without("type"), whole.Without("chain_id"), whole.Without("type").Without("chain_id") })
            Read(body, type).Value.Payload.Id.Should().Be(id);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_given_is_never_replaced_by_what_the_route_implies(string type)
    {
        Read(Valid(type), type).Value.Payload.ChainId.Should().Be("c");
        Read(Valid("record"), type).Value.Payload.Operation.Type.Should().Be("record");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_chain_whose_id_JSON_escapes_is_implied_as_any_other(string type) =>
        SignedPayload.Read(CanonicalJson.Write(Valid(type).Without("chain_id")), type, "a\"\\b").Value.Payload.ChainId.Should().Be("a\"\\b");

    [Theory]
    [MemberData(nameof(Ways))]
    public void Where_a_route_takes_any_type_both_must_be_given(string type)
    {
        Read(Valid(type), null).Refusal.Should().BeNull();
        Missing(Valid(type).Without("type")).Should().Be("type");
        Missing(Valid(type).Without("chain_id")).Should().Be("chain_id");

        static string? Missing(JsonValue body)
        {
            var refusal = Read(body, null).Refusal!;
            refusal.Code.Should().Be("missing_field");
            return refusal.Field;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_proof_rides_beside_and_is_no_part_of_what_is_signed(string type)
    {
        var payload = Payload.From(Valid(type)).Value;
        var signatures = JsonValue.Array([SignedBody.Write(Anna.Sign(payload.Id)), SignedBody.Write(Boris.Sign(payload.Id))]);

        var read = Read(Valid(type).With("hmac", JsonValue.Of(Tag)).With("signatures", signatures), null).Value;

        read.Payload.Id.Should().Be(payload.Id);
        read.Hmac.Should().Equal(Convert.FromHexString(Tag));
        read.Signatures!.Value.Select(one => one.Key).Should().Equal(Anna.Key, Boris.Key);
        Read(Valid(type), null).Value.Should().Match<SignedPayload>(bare => bare.Hmac == null && bare.Signatures == null);
        Read(Valid(type).With("signatures", JsonValue.Array([])), null).Value.Signatures.Should().BeNull("none is none");
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0011223344556677889900112233445566778899001122334455667788990011aa")]
    [InlineData("g011223344556677889900112233445566778899001122334455667788990011")]
    [InlineData(null)]
    [InlineData(1)]
    public void An_hmac_is_64_hex_digits(object? tag) => Fault(Wished.With("hmac", Value(tag))).Should().Be(("invalid_field", "hmac"));

    [Fact]
    public void Signatures_are_an_array_of_two_at_most()
    {
        var one = SignedBody.Write(Anna.Scribble());

        Fault(Signed(one, one)).Should().BeNull("whose they are and how many are due, the verifier knows");
        Fault(Signed(one, one, one)).Should().Be(("invalid_field", "signatures"));
        Fault(Wished.With("signatures", one)).Should().Be(("invalid_field", "signatures"));
        Fault(Wished.With("signatures", JsonValue.Null)).Should().Be(("invalid_field", "signatures"));
        Fault(Signed(one, JsonValue.Null)).Should().Be(("invalid_field", "signatures[1]"));
    }

    [Fact]
    public void A_signature_has_a_scheme_a_key_and_a_value_and_nothing_else()
    {
        var one = SignedBody.Write(Anna.Sign(Hash256.Sha256("id"u8)));
        foreach (var name in new[] { "scheme", "public_key", "signature" })
        {
            Fault(Signed(one.Without(name))).Should().Be(("missing_field", $"signatures[0].{name}"));
            foreach (var value in new[] { JsonValue.Null, JsonValue.Of(1), JsonValue.Of(""), JsonValue.Of("P256"), JsonValue.Of(new string('0', 131)) })
                Fault(Signed(one, one.With(name, value))).Should().Be(("invalid_field", $"signatures[1].{name}"), "of {0}", value);
        }

        Fault(Signed(one.With("extra", JsonValue.Null))).Should().Be(("unknown_field", "signatures[0].extra"));
        Fault(Signed(one)).Should().BeNull();
    }

    // The edge is lenient in form and strict in truth: what no signature can be is 401 as any wrong one, not 400.
    [Fact]
    public void Of_128_hex_digits_that_are_no_signature_the_verifier_says_so()
    {
        foreach (var digits in new[] { new string('0', 128), new string('F', 128) })
            Read(Signed(SignedBody.Write(Anna.Scribble()).With("signature", JsonValue.Of(digits))), null).Value.Signatures!.Value[0].Value.ToString().Should().Be(digits.ToLowerInvariant());
    }

    // Size, JSON, fields: the first failure answers.
    [Fact]
    public void The_first_fault_in_the_contract_s_order_answers()
    {
        Code(new string('x', CanonicalJson.MaxSize + 1)).Should().Be("too_large");
        Code("""{"amount":1,"amount":1,"hmac":1}""").Should().Be("duplicate_key");
        Code("""{"hmac":1""").Should().Be("malformed_json");
        Code("[]").Should().Be("malformed_json");
        Code("""{"hmac":1}""").Should().Be("invalid_field", "the proof's form is read before what is missing");
        Code("{}").Should().Be("missing_field");

        static string? Code(string body) => SignedPayload.Read(System.Text.Encoding.UTF8.GetBytes(body), null, Chain).Refusal?.Code;
    }

    private static JsonValue Signed(params JsonValue[] signatures) => Wished.With("signatures", JsonValue.Array(signatures));

    private static Verdict<SignedPayload> Read(JsonValue body, string? type) => SignedPayload.Read(CanonicalJson.Write(body), type, Chain);

    private static (string Code, string? Field)? Fault(JsonValue body) => Read(body, null).Refusal is { } refusal ? (refusal.Code, refusal.Field) : null;
}
