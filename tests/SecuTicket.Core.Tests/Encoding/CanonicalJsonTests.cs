using System.Text;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Encoding;

public class CanonicalJsonTests
{
    [Theory]
    [InlineData("", "nothing")]
    [InlineData("   ", "white space")]
    [InlineData("{", "cut off")]
    [InlineData("""{"a":1""", "cut off")]
    [InlineData("""{"a":"b""", "cut off in a string")]
    [InlineData("""{"a":1}}""", "a bracket too many")]
    [InlineData("""{"a":1} 2""", "a second value")]
    [InlineData("""{"a":1} x""", "bytes after it")]
    [InlineData("""{"a":1,}""", "a comma too many")]
    [InlineData("[1,]", "a comma too many")]
    [InlineData("[,1]", "a comma too many")]
    [InlineData("{'a':1}", "single quotes")]
    [InlineData("{a:1}", "no quotes")]
    [InlineData("""{"a" 1}""", "no colon")]
    [InlineData("""{"a":1 "b":2}""", "no comma")]
    [InlineData("""{"a":1}// x""", "a comment")]
    [InlineData("""{/* x */"a":1}""", "a comment")]
    [InlineData("[01]", "a leading zero")]
    [InlineData("[-]", "a lone minus")]
    [InlineData("[+1]", "a plus")]
    [InlineData("[.5]", "no digit before the point")]
    [InlineData("[1.]", "no digit after the point")]
    [InlineData("[0x10]", "hex")]
    [InlineData("[NaN]", "not a number")]
    [InlineData("[Infinity]", "infinity")]
    [InlineData("[True]", "upper case")]
    [InlineData("[nul]", "half a word")]
    [InlineData("\"a\nb\"", "a raw line feed in a string")]
    [InlineData("\"a\tb\"", "a raw tab in a string")]
    [InlineData("\"a\u0000b\"", "a raw zero in a string")]
    [InlineData("\"\\x41\"", "an escape JSON has not")]
    [InlineData("\"\\u12\"", "a short escape")]
    [InlineData("\"\\", "a lone backslash")]
    [InlineData("""{"a":"\ud800"}""", "a lone surrogate")]
    [InlineData("""{"a":"\udc00"}""", "a lone surrogate")]
    [InlineData("""{"a":"\ud800x"}""", "a lone surrogate")]
    [InlineData("""{"a":"\ud800\ud800"}""", "a lone surrogate")]
    [InlineData("""{"a":"\udc00\ud800"}""", "surrogates the wrong way round")]
    [InlineData("""{"\ud800":1}""", "a lone surrogate in a name")]
    [InlineData("""{"a":{"b":["\udfff"]}}""", "a lone surrogate far inside")]
    [InlineData("\uFEFF{}", "a byte order mark")]
    [InlineData("\u00A0{}", "white space JSON does not know")]
    public void What_is_not_JSON_is_malformed(string text, string because) => Refused(Utf8(text), "malformed_json", because).Field.Should().BeNull();

    [Fact]
    public void A_byte_order_mark_is_called_that() => Refused(Utf8("\uFEFF{}"), "malformed_json").Detail.Should().Contain("byte order mark");

    [Theory]
    [InlineData("22ff22", 1)]
    [InlineData("22c322", 1)]
    [InlineData("22c0af22", 1)]
    [InlineData("22e282", 1)]
    [InlineData("22eda08022", 1)]
    [InlineData("22eda0bdedb88022", 1)]
    [InlineData("22f4908080", 1)]
    [InlineData("2261c3a980", 4)]
    public void Bytes_that_are_not_UTF_8_are_malformed_and_the_place_is_named(string hex, int offset) =>
        Refused(Convert.FromHexString(hex), "malformed_json").Detail.Should().Contain("UTF-8").And.EndWith($"at byte {offset}.");

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("1e-3")]
    [InlineData("0.0")]
    [InlineData("0e0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void Numbers_that_are_no_safe_integers_name_their_field(string number)
    {
        Refused(Utf8($$$"""{"resale":{"max_price_percent":{{{number}}}}}"""), "invalid_field").Field.Should().Be("resale.max_price_percent");
        Refused(Utf8($$"""{"seats":[1,2,3,{{number}}]}"""), "invalid_field").Field.Should().Be("seats[3]");
        Refused(Utf8($$$"""{"sessions":[{},{"a":[[],[0,{{{number}}}]]}]}"""), "invalid_field").Field.Should().Be("sessions[1].a[1][1]");
        Refused(Utf8($"[{number}]"), "invalid_field").Field.Should().Be("[0]");
        Refused(Utf8(number), "invalid_field").Field.Should().BeNull("the whole text is no field");
    }

    [Fact]
    public void A_refused_number_is_shown_with_its_place_but_never_at_length()
    {
        Refused("""{"a":1.50}"""u8.ToArray(), "invalid_field").Detail.Should().Contain("1.50 at byte 5");
        Refused(Utf8("[" + new string('9', 60_000) + "]"), "invalid_field").Detail.Length.Should().BeLessThan(200);
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "a")]
    [InlineData("""{"a":1,"b":2,"a":3}""", "a")]
    [InlineData("""{"b":1,"a":2,"b":3}""", "b")]
    [InlineData("""{"a":1,"\u0061":2}""", "a")]
    [InlineData("""{"\/":1,"/":2}""", "/")]
    [InlineData("""{"é":1,"\u00e9":2}""", "é")]
    [InlineData("""{"😀":1,"\ud83d\ude00":2}""", "😀")]
    [InlineData("""{"":1,"":2}""", "")]
    [InlineData("""{"resale":{"x":1,"x":2}}""", "resale.x")]
    [InlineData("""{"sessions":[{},{"date":"a","time":"b","date":"c"}]}""", "sessions[1].date")]
    public void A_name_twice_in_one_object_is_a_duplicate_compared_after_unescaping(string text, string field) =>
        Refused(Utf8(text), "duplicate_key").Field.Should().Be(field);

    [Fact]
    public void The_same_name_in_two_objects_is_fine() => CanonicalJson.Parse("""{"a":{"a":1},"b":[{"a":1},{"a":1}]}"""u8).IsAccepted.Should().BeTrue();

    [Fact]
    public void Names_that_only_look_alike_are_two() => CanonicalJson.Parse("""{"é":1,"e\u0301":2,"E":3,"e":4}"""u8).Value.Members.Should().HaveCount(4);

    [Fact]
    public void Of_several_faults_the_one_that_makes_the_others_moot_is_named()
    {
        Refused("""{"a":1.5,"a":2}"""u8.ToArray(), "duplicate_key");
        Refused("""{"a":1.5,"b":}"""u8.ToArray(), "malformed_json");
        Refused("""{"a":1,"a":2} x"""u8.ToArray(), "malformed_json");
        Refused("""{"a":1,"a":2,"b":"\ud800"}"""u8.ToArray(), "malformed_json");
        Refused("""{"a":1.5,"b":2.5}"""u8.ToArray(), "invalid_field").Field.Should().Be("a");
        Refused("""{"a":{"x":1,"x":2},"b":{"y":1,"y":2}}"""u8.ToArray(), "duplicate_key").Field.Should().Be("a.x");
    }

    [Fact]
    public void Depth_8_is_read_and_depth_9_is_malformed()
    {
        CanonicalJson.Parse(Utf8(Nested('[', ']', CanonicalJson.MaxDepth))).IsAccepted.Should().BeTrue();
        CanonicalJson.Parse("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}"""u8).IsAccepted.Should().BeTrue();
        Refused(Utf8(Nested('[', ']', CanonicalJson.MaxDepth + 1)), "malformed_json").Detail.Should().Contain("depth");
        Refused("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}"""u8.ToArray(), "malformed_json");
        Refused(Utf8(Nested('[', ']', 100)), "malformed_json");
    }

    [Fact]
    public void The_place_of_a_fault_is_its_byte_whatever_lines_precede_it()
    {
        Refused("{\n\n  \"a\": x\n}"u8.ToArray(), "malformed_json").Detail.Should().EndWith("at byte 10.");
        Refused("{\"é\":x}"u8.ToArray(), "malformed_json").Detail.Should().EndWith("at byte 6.");
        Refused("""{"a":"\ud800"}"""u8.ToArray(), "malformed_json").Detail.Should().EndWith("at byte 5.");
    }

    [Fact]
    public void Sixty_four_KiB_are_read_and_one_byte_more_is_too_large()
    {
        var most = Utf8("\"" + new string('a', CanonicalJson.MaxSize - 2) + "\"");
        CanonicalJson.Parse(most).IsAccepted.Should().BeTrue();
        CanonicalJson.ParseCanonical(most).IsAccepted.Should().BeTrue();

        byte[] more = [.. most, (byte)' '];
        Refused(more, "too_large");
        CanonicalJson.ParseCanonical(more).Refusal!.Code.Should().Be("too_large");
        CanonicalJson.Parse(more, more.Length).IsAccepted.Should().BeTrue("a caller may set another limit");
        CanonicalJson.Parse("[1]"u8, 2).Refusal!.Code.Should().Be("too_large");
    }

    [Theory]
    [InlineData(" {}")]
    [InlineData("{} ")]
    [InlineData("{ }")]
    [InlineData("{}\n")]
    [InlineData("""{"b":1,"a":2}""")]
    [InlineData("""{"a": 1}""")]
    [InlineData("""{"a":"\u0041"}""")]
    [InlineData("""{"a":"\/"}""")]
    [InlineData("""{"a":"\u000a"}""")]
    [InlineData("""{"a":"\u000F"}""")]
    [InlineData("""{"a":"\u001F"}""")]
    [InlineData("""{"a":"\u00e9"}""")]
    [InlineData("""{"a":"\ud83d\ude00"}""")]
    [InlineData("{\"\uFFFF\":1,\"\U0001F600\":2}")]
    public void What_is_JSON_but_not_its_canonical_form_is_accepted_by_one_and_refused_by_the_other(string text)
    {
        CanonicalJson.Parse(Utf8(text)).IsAccepted.Should().BeTrue();
        var refusal = CanonicalJson.ParseCanonical(Utf8(text)).Refusal!;
        refusal.Code.Should().Be("not_canonical");
        refusal.Detail.Should().MatchRegex("at byte [0-9]+\\.$");
    }

    [Fact]
    public void The_canonical_reader_refuses_what_the_other_refuses_with_the_same_code()
    {
        CanonicalJson.ParseCanonical("{"u8).Refusal!.Code.Should().Be("malformed_json");
        CanonicalJson.ParseCanonical("""{"a":1,"a":1}"""u8).Refusal!.Code.Should().Be("duplicate_key");
        CanonicalJson.ParseCanonical("[-0]"u8).Refusal!.Code.Should().Be("invalid_field");
    }

    [Fact]
    public void Hostile_texts_cost_memory_in_proportion_to_their_size()
    {
        const int Size = CanonicalJson.MaxSize;
        const int BytesOfMemoryPerByteOfText = 64;
        string[] hostile =
        [
            new('[', Size),
            new('{', Size),
            string.Concat(Enumerable.Repeat("{\"a\":", Size / 5)),
            "[" + string.Join(',', Enumerable.Repeat("[]", (Size - 2) / 3)) + "]",
            "[" + string.Join(',', Enumerable.Repeat("0", (Size - 2) / 2)) + "]",
            "{" + string.Join(',', Enumerable.Repeat("\"\":0", (Size - 2) / 5)) + "}",
            "{" + string.Join(',', Enumerable.Range(0, 6_000).Select(static i => $"\"{6_000 - i:x}\":0")) + "}",
            "{" + string.Join(',', Enumerable.Range(0, 6_000).Select(static i => $"\"{i % 3_000:x}\":0")) + "}",
            "[" + new string('1', Size - 2) + "]",
            "\"" + string.Concat(Enumerable.Repeat("\\ud800", (Size - 2) / 6)) + "\"",
            new string('\n', Size - 1) + "x",
        ];
        foreach (var text in hostile)
        {
            var utf8 = Utf8(text);
            CanonicalJson.Parse(utf8);
            var before = GC.GetAllocatedBytesForCurrentThread();
            CanonicalJson.Parse(utf8);

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(BytesOfMemoryPerByteOfText * Size, text[..10]);
        }
    }

    [Fact]
    public void A_text_of_too_many_values_is_too_large_before_they_are_all_made()
    {
        var most = System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat('0', JsonParser.MaxValues - 1))}]");
        var more = System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", JsonParser.MaxValues))}]");

        CanonicalJson.Parse(most, most.Length).IsAccepted.Should().BeTrue();
        CanonicalJson.Parse(more, more.Length).Refusal!.Code.Should().Be("too_large");
    }

    [Fact]
    public void A_hundred_thousand_brackets_are_too_large_or_malformed_and_never_overflow_the_stack()
    {
        var brackets = Utf8(new string('[', 100_000));

        Refused(brackets, "too_large");
        CanonicalJson.Parse(brackets, 1_000_000).Refusal!.Code.Should().Be("malformed_json");
    }

    [Fact]
    public void A_long_name_is_cut_in_the_refusal()
    {
        var name = new string('n', 60_000);

        var refusal = Refused(Utf8($$"""{"{{name}}":1.5}"""), "invalid_field");

        refusal.Field!.Length.Should().BeLessThan(100);
        Refused(Utf8($$"""{"{{name[..30_000]}}":1,"{{name[..30_000]}}":1}"""), "duplicate_key").Detail.Length.Should().BeLessThan(200);
    }

    private static Refusal Refused(byte[] utf8, string code, string because = "")
    {
        var verdict = CanonicalJson.Parse(utf8);

        verdict.IsAccepted.Should().BeFalse(because);
        verdict.Refusal!.Code.Should().Be(code, because);
        verdict.Refusal.Kind.Should().Be(RefusalKind.Invalid);
        return verdict.Refusal;
    }

    private static string Nested(char open, char close, int depth) => new StringBuilder().Append(open, depth).Append(close, depth).ToString();

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
