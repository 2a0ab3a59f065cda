using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>How the fields of any object are read and what is said of those at fault.</summary>
public class FieldReaderTests
{
    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void However_many_fields_an_object_has_each_is_found_and_those_not_asked_for_are_named(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"f{i:000}").ToArray();
        var all = JsonValue.Object(names.Select((name, i) => new JsonMember(name, JsonValue.Of(i))));

        var whole = FieldReader.Of(all);
        names.Select(name => whole.Integer(name, 0, count)).Should().Equal(Enumerable.Range(0, count).Select(i => (long)i));
        whole.Finish().Should().BeNull();

        var last = FieldReader.Of(all);
        foreach (var name in names[..^1]) last.Integer(name, 0, count);
        last.Finish()!.Faults.Select(fault => fault.Field).Should().Equal(names[^1]);
    }

    // A name that is not known mostly stands for another one: it says more than a value that is wrong.
    [Fact]
    public void Of_unknown_fields_and_wrong_ones_the_unknown_are_named_first()
    {
        var refusal = Payload.From(Valid("transfer").With("amount", JsonValue.Of(0)).With("more", JsonValue.Null).With("other", JsonValue.Null)).Refusal!;

        (refusal.Code, refusal.Field, refusal.Detail).Should().Be(("unknown_field", "more", "Not known here: more, other."));
        refusal.Faults.Select(fault => fault.Field).Should().Equal("amount", "more", "other");
    }

    [Fact]
    public void Of_wrong_fields_the_first_is_explained_and_all_are_listed()
    {
        var refusal = Payload.From(Valid("transfer").With("nonce", JsonValue.Of("short")).With("amount", JsonValue.Of(0))).Refusal!;

        (refusal.Code, refusal.Field, refusal.Detail).Should().Be(("invalid_field", "nonce", "nonce: Expected a string of 16 to 64 characters of A-Z, a-z, 0-9, _ and -."));
        refusal.Faults.Select(fault => fault.Field).Should().Equal("nonce", "amount");
    }

    [Fact]
    public void Of_a_word_that_is_none_of_a_few_all_of_these_are_named() =>
        Payload.From(Valid("update_event").With("resale", Parse("""{"transfer":"yes"}"""))).Refusal!.Faults.Should().Equal(new FieldFault("resale.transfer", "Expected one of: allowed, forbidden."));

    [Fact]
    public void What_a_later_version_added_is_ignored_at_any_depth_only_where_the_reader_says_so()
    {
        var json = Parse("""{"known":{"inner":1,"later":2},"later":3}""");

        Read(FieldReader.Of(json, ignoresOthers: true)).Should().BeNull();
        Read(FieldReader.Of(json))!.Faults.Select(fault => fault.Field).Should().Equal("known.later", "later");

        static Refusal? Read(FieldReader fields)
        {
            fields.Object("known", static inner => inner.Integer("inner", 0, 1));
            return fields.Finish();
        }
    }

    [Theory]
    [InlineData("true", true, null)]
    [InlineData("false", false, null)]
    [InlineData("\"true\"", false, "invalid_field")]
    [InlineData("1", false, "invalid_field")]
    [InlineData("null", false, "invalid_field")]
    public void A_flag_is_true_or_false_and_no_other_word(string json, bool value, string? code)
    {
        var fields = FieldReader.Of(Parse($$"""{"flag":{{json}}}"""));

        fields.Flag("flag").Should().Be(value);
        (fields.Finish()?.Code).Should().Be(code);
    }

    [Fact]
    public void A_flag_left_out_is_missing()
    {
        var fields = FieldReader.Of(Parse("{}"));

        fields.Flag("flag").Should().BeFalse();
        fields.Finish()!.Code.Should().Be("missing_field");
    }

    [Theory]
    [InlineData("""{"any":{"a":[1]}}""", """{"a":[1]}""", null)]
    [InlineData("{}", null, null)]
    [InlineData("""{"any":[]}""", null, "any")]
    [InlineData("""{"any":null}""", null, "any")]
    public void An_object_of_any_content_may_be_left_out_and_is_nothing_else(string json, string? value, string? fault)
    {
        var fields = FieldReader.Of(Parse(json));

        (fields.OptionalAnyObject("any")?.ToString()).Should().Be(value);
        (fields.Finish()?.Field).Should().Be(fault);
    }
}
