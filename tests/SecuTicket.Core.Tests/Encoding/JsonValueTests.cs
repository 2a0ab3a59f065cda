using SecuTicket.Core.Encoding;

namespace SecuTicket.Core.Tests.Encoding;

public class JsonValueTests
{
    [Fact]
    public void Members_are_sorted_by_UTF_16_code_units_whatever_their_order_was()
    {
        // U+1F600 is D83D DE00 in UTF-16, so it sorts before U+FFFF here and after it by code point.
        var value = Object(("\uFFFF", 1), ("é", 2), ("\U0001F600", 3), ("a", 4), ("", 5), ("A", 6), ("aa", 7));

        value.Members.Select(static member => member.Name).Should().Equal("", "A", "a", "aa", "é", "\U0001F600", "\uFFFF");
    }

    [Fact]
    public void A_name_twice_throws_wherever_it_stands()
    {
        foreach (var names in new[] { "aa", "aba", "baa", "abcb", "cbac" })
        {
            var make = () => JsonValue.Object(names.Select(static name => new JsonMember(name.ToString(), JsonValue.Null)));
            make.Should().Throw<ArgumentException>();
        }
    }

    [Fact]
    public void Find_finds_every_member_and_nothing_else()
    {
        for (var size = 0; size < 20; size++)
        {
            var value = Object([.. Enumerable.Range(0, size).Select(static i => ($"k{2 * i:d2}", i))]);
            for (var i = 0; i < 2 * size; i++)
            {
                var found = value.Find($"k{i:d2}");
                if (i % 2 == 0) found.Should().Be(JsonValue.Of(i / 2));
                else found.Should().BeNull();
            }

            value.Find("").Should().BeNull();
            value.Find("z").Should().BeNull();
        }
    }

    [Fact]
    public void With_adds_in_place_or_replaces_and_leaves_the_original_alone()
    {
        var original = Object(("b", 1), ("d", 2));

        original.With("a", JsonValue.Of(0)).ToString().Should().Be("""{"a":0,"b":1,"d":2}""");
        original.With("c", JsonValue.Of(0)).ToString().Should().Be("""{"b":1,"c":0,"d":2}""");
        original.With("e", JsonValue.Of(0)).ToString().Should().Be("""{"b":1,"d":2,"e":0}""");
        original.With("b", JsonValue.Of("x")).ToString().Should().Be("""{"b":"x","d":2}""");
        Object().With("a", JsonValue.Null).ToString().Should().Be("""{"a":null}""");
        original.ToString().Should().Be("""{"b":1,"d":2}""");
    }

    [Fact]
    public void Without_removes_or_is_the_same_value()
    {
        var original = Object(("a", 1), ("b", 2), ("c", 3));

        original.Without("a").ToString().Should().Be("""{"b":2,"c":3}""");
        original.Without("b").ToString().Should().Be("""{"a":1,"c":3}""");
        original.Without("c").ToString().Should().Be("""{"a":1,"b":2}""");
        original.Without("d").Should().BeSameAs(original);
        original.Without("a").Without("b").Without("c").Should().Be(Object());
        original.ToString().Should().Be("""{"a":1,"b":2,"c":3}""");
    }

    [Fact]
    public void Values_are_equal_exactly_when_their_canonical_texts_are()
    {
        JsonValue[] values =
        [
            JsonValue.Null, JsonValue.True, JsonValue.False, JsonValue.Of(0), JsonValue.Of(1), JsonValue.Of(""), JsonValue.Of("0"), JsonValue.Of("null"),
            JsonValue.Array([]), JsonValue.Array([JsonValue.Null]), JsonValue.Array([JsonValue.Of(1), JsonValue.Of(2)]), JsonValue.Array([JsonValue.Of(2), JsonValue.Of(1)]),
            Object(), Object(("a", 1)), Object(("a", 2)), Object(("b", 1)), Object(("a", 1), ("b", 1)),
        ];
        foreach (var left in values)
        {
            var copy = CanonicalJson.Parse(CanonicalJson.Write(left)).Value;
            copy.Should().Be(left);
            copy.GetHashCode().Should().Be(left.GetHashCode());
            foreach (var right in values)
            {
                var same = left.ToString() == right.ToString();
                left.Equals(right).Should().Be(same);
                (left == right).Should().Be(same);
                (left != right).Should().Be(!same);
            }
        }

        JsonValue? nothing = null;
        values.Should().NotContain(value => value.Equals(nothing) || value == nothing || nothing == value || value.Equals((object)"null"));
        (nothing == null).Should().BeTrue();
    }

    [Fact]
    public void Both_truths_have_their_word() => (JsonValue.Of(true).ToString(), JsonValue.Of(false).ToString()).Should().Be(("true", "false"));

    [Fact]
    public void The_order_in_which_members_came_does_not_matter() => Object(("a", 1), ("b", 2)).Should().Be(Object(("b", 2), ("a", 1)));

    [Fact]
    public void A_number_beyond_2_to_the_53_minus_1_throws()
    {
        JsonValue.Of(CanonicalJson.MaxInteger).Integer.Should().Be(9_007_199_254_740_991);
        JsonValue.Of(-CanonicalJson.MaxInteger).Integer.Should().Be(-9_007_199_254_740_991);
        foreach (var number in new[] { CanonicalJson.MaxInteger + 1, -CanonicalJson.MaxInteger - 1, long.MaxValue, long.MinValue })
        {
            ((Action)(() => JsonValue.Of(number))).Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Fact]
    public void A_lone_surrogate_throws_in_texts_and_names()
    {
        // Not inline data: a test runner passes those on as UTF-8, which has no lone surrogates.
        foreach (var text in new[] { "\uD800", "\uDC00", "\uD800a", "a\uDC00\uD800", "\uD83D\uDE00\uD83D", "\uD83D\uD83D\uDE00" })
        {
            ((Action)(() => JsonValue.Of(text))).Should().Throw<ArgumentException>();
            ((Action)(() => Object((text, 1)))).Should().Throw<ArgumentException>();
            ((Action)(() => Object().With(text, JsonValue.Null))).Should().Throw<ArgumentException>();
        }
    }

    [Fact]
    public void Surrogate_pairs_are_texts_like_any_other() => JsonValue.Of("\uD83D\uDE00\uD83D\uDE00").Text.Should().Be("😀😀");

    [Fact]
    public void Nothing_deeper_than_64_can_be_built()
    {
        var deepest = Enumerable.Range(0, CanonicalJson.MaxAnyDepth).Aggregate(JsonValue.Of(1), static (inner, _) => JsonValue.Array([inner]));
        var object63 = Enumerable.Range(0, CanonicalJson.MaxAnyDepth - 1).Aggregate(JsonValue.Of(1), static (inner, _) => Object().With("a", inner));

        CanonicalJson.ParseAny(CanonicalJson.Write(deepest)).Value.Should().Be(deepest);
        ((Action)(() => JsonValue.Array([JsonValue.Null, deepest]))).Should().Throw<ArgumentException>();
        ((Action)(() => JsonValue.Object([new("a", deepest)]))).Should().Throw<ArgumentException>();
        ((Action)(() => Object().With("a", deepest))).Should().Throw<ArgumentException>();
        ((Action)(() => JsonValue.Array([JsonValue.Array([object63])]))).Should().Throw<ArgumentException>();
        JsonValue.Array([object63]).Kind.Should().Be(JsonKind.Array);
        ((Action)(() => JsonValue.Array([JsonValue.Array([Enumerable.Range(0, CanonicalJson.MaxAnyDepth - 2).Aggregate(JsonValue.Array([]), static (inner, _) => JsonValue.Array([inner]))])])))
            .Should().Throw<ArgumentException>("an empty array is a level too");
    }

    [Fact]
    public void Asking_a_value_for_what_it_is_not_is_a_bug()
    {
        JsonValue[] values = [JsonValue.Null, JsonValue.True, JsonValue.Of(1), JsonValue.Of("1"), JsonValue.Array([]), Object()];
        foreach (var value in values)
        {
            Throws(() => _ = value.Integer, value.Kind != JsonKind.Integer);
            Throws(() => _ = value.Text, value.Kind != JsonKind.String);
            Throws(() => _ = value.Items, value.Kind != JsonKind.Array);
            Throws(() => _ = value.Members, value.Kind != JsonKind.Object);
            Throws(() => value.Find("a"), value.Kind != JsonKind.Object);
            Throws(() => value.With("a", value), value.Kind != JsonKind.Object);
            Throws(() => value.Without("a"), value.Kind != JsonKind.Object);
        }

        static void Throws(Action ask, bool expected)
        {
            if (expected) ask.Should().Throw<InvalidOperationException>();
            else ask.Should().NotThrow();
        }
    }

    private static JsonValue Object(params (string Name, int Value)[] members) =>
        JsonValue.Object(members.Select(static member => new JsonMember(member.Name, JsonValue.Of(member.Value))));
}
