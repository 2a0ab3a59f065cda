using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Encoding;

/// <summary>
/// The examples of RFC 8785 and of its author's reference test data (arrays, french, structures, unicode, values, weird). Floats are refused
/// here by design; those documents are checked to be refused, and again with integers in the floats' places.
/// </summary>
public class CanonicalJsonVectorTests
{
    // RFC 8785, 3.2.2 (input) and 3.2.4 (bytes), and the file "values", which is the same document.
    private const string Values = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """;

    private const string Structures = """
        {
          "1": {"f": {"f": "hi","F": 5} ,"\n": 56.0},
          "10": { },
          "": "empty",
          "a": { },
          "111": [ {"e": "yes","E": "no" } ],
          "A": { }
        }
        """;

    // RFC 8785, 3.2.3.
    private const string Sorting = """
        {
          "\u20ac": "Euro Sign",
          "\r": "Carriage Return",
          "\ufb33": "Hebrew Letter Dalet With Dagesh",
          "1": "One",
          "\ud83d\ude00": "Emoji: Grinning Face",
          "\u0080": "Control",
          "\u00f6": "Latin Small Letter O With Diaeresis"
        }
        """;

    private const string Weird = """
        {
          "\u20ac": "Euro Sign",
          "\r": "Carriage Return",
          "\u000a": "Newline",
          "1": "One",
          "\u0080": "Control\u007f",
          "\ud83d\ude02": "Smiley",
          "\u00f6": "Latin Small Letter O With Diaeresis",
          "\ufb33": "Hebrew Letter Dalet With Dagesh",
          "</script>": "Browser Challenge"
        }
        """;

    [Theory]
    [InlineData("""[ 56, { "d": true, "10": null, "1": [ ] } ]""", "5b35362c7b2231223a5b5d2c223130223a6e756c6c2c2264223a747275657d5d")]
    [InlineData(
        """
        {
          "peach": "This sorting order",
          "péché": "is wrong according to French",
          "pêche": "but canonicalization MUST",
          "sin":   "ignore locale"
        }
        """,
        "7b227065616368223a225468697320736f7274696e67206f72646572222c2270c3a96368c3a9223a2269732077726f6e67206163636f7264696e6720746f204672656e6368222c"
        + "2270c3aa636865223a226275742063616e6f6e6963616c697a6174696f6e204d555354222c2273696e223a2269676e6f7265206c6f63616c65227d")]
    [InlineData("""{ "Unnormalized Unicode":"A\u030a" }""", "7b22556e6e6f726d616c697a656420556e69636f6465223a2241cc8a227d")]
    [InlineData(
        Weird,
        "7b225c6e223a224e65776c696e65222c225c72223a2243617272696167652052657475726e222c2231223a224f6e65222c223c2f7363726970743e223a2242726f77736572204368616c6c656e6765222c"
        + "22c280223a22436f6e74726f6c7f222c22c3b6223a224c6174696e20536d616c6c204c6574746572204f20576974682044696165726573697322"
        + "2c22e282ac223a224575726f205369676e222c22f09f9882223a22536d696c6579222c22efacb3223a22486562726577204c65747465722044616c657420576974682044616765736822"
        + "7d")]
    public void Documents_without_floats_give_the_published_bytes(string document, string hex) => Canonical(document).Should().Be(hex);

    [Fact]
    public void Names_sort_as_in_RFC_8785_section_3_2_3() =>
        CanonicalJson.Parse(Utf8(Sorting)).Value.Members.Select(static member => member.Value.Text).Should().Equal(
            "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh");

    [Theory]
    [InlineData(Values, "numbers[0]")]
    [InlineData(Structures, "1.\n")]
    public void Documents_with_floats_are_refused_naming_the_first(string document, string field)
    {
        var refusal = CanonicalJson.Parse(Utf8(document)).Refusal!;

        refusal.Code.Should().Be("invalid_field");
        refusal.Field.Should().Be(field);
        refusal.Kind.Should().Be(RefusalKind.Invalid);
    }

    [Fact]
    public void The_same_documents_with_integers_give_the_published_bytes_around_them()
    {
        var values = Values.Replace("333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001", "333333333, 30, 4, -2, 0");
        Canonical(values).Should().Be(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a"
            + Convert.ToHexStringLower("[333333333,30,4,-2,0]"u8)
            + "2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d");
        Canonical(Structures.Replace("56.0", "56")).Should().Be(
            "7b22223a22656d707479222c2231223a7b225c6e223a35362c2266223a7b2246223a352c2266223a226869227d7d2c223130223a7b7d2c22313131223a5b7b2245223a226e6f222c2265223a22796573227d5d2c2241223a7b7d2c2261223a7b7d7d");
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("9007199254740991", true)]
    [InlineData("-9007199254740991", true)]
    [InlineData("-0", false)]
    [InlineData("9007199254740992", false)]
    [InlineData("-9007199254740992", false)]
    [InlineData("295147905179352830000", false)]
    [InlineData("5e-324", false)]
    [InlineData("1.7976931348623157e+308", false)]
    [InlineData("9.999999999999997e+22", false)]
    [InlineData("0.000001", false)]
    public void Numbers_of_RFC_8785_appendix_B_are_kept_when_they_are_safe_integers_and_refused_otherwise(string number, bool isKept)
    {
        var verdict = CanonicalJson.Parse(Utf8(number));

        verdict.IsAccepted.Should().Be(isKept);
        if (isKept) verdict.Value.ToString().Should().Be(number);
        else verdict.Refusal!.Code.Should().Be("invalid_field");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Transactions_of_the_independent_implementation_have_its_bytes_and_ids(int transaction)
    {
        var payload = Utf8(TestVectors.At("transactions", transaction, "payload").GetRawText());
        var canonical = CanonicalJson.Write(CanonicalJson.Parse(payload).Value);

        Convert.ToHexStringLower(canonical).Should().Be(TestVectors.Text("transactions", transaction, "canonical_utf8_hex"));
        System.Text.Encoding.UTF8.GetString(canonical).Should().Be(TestVectors.Text("transactions", transaction, "canonical"));
        Hash256.Sha256(canonical).ToString().Should().Be(TestVectors.Text("transactions", transaction, "transaction_id"));
        CanonicalJson.ParseCanonical(canonical).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void The_ids_of_events_and_tickets_are_those_of_the_independent_implementation()
    {
        var transaction = TestVectors.At("event_id", "of_transaction").GetInt32();
        Hash256.TryParse(TestVectors.Text("transactions", transaction, "transaction_id"), out var id).Should().BeTrue();
        EventId.Of(id).ToString().Should().Be(TestVectors.Text("event_id", "event_id"));

        var named = JsonValue.Object(
        [
            new("session", JsonValue.Of(0)), new("seat", JsonValue.Of("A-1")), new("event_id", JsonValue.Of(TestVectors.Text("event_id", "event_id"))),
        ]);
        named.ToString().Should().Be(TestVectors.Text("ticket_id", "canonical"));
        new TicketId(Hash256.Sha256(CanonicalJson.Write(named)).Span[..TicketId.Size]).ToString().Should().Be(TestVectors.Text("ticket_id", "ticket_id"));
    }

    [Fact]
    public void Every_character_below_space_is_written_as_RFC_8785_section_3_2_2_2_says()
    {
        var text = string.Concat(Enumerable.Range(0, 0x20).Select(static code => (char)code)) + "\"\\/\u007f\u2028\u2029";

        JsonValue.Of(text).ToString().Should().Be(
            "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
            + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f\\\"\\\\/\u007f\u2028\u2029\"");
    }

    private static string Canonical(string document) => Convert.ToHexStringLower(CanonicalJson.Write(CanonicalJson.Parse(Utf8(document)).Value));

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
