using System.Text;
using System.Text.Json;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Core.Tests.Encoding;

public class CanonicalJsonPropertyTests
{
    private static readonly string[] Pieces =
        ["a", "b", "A", "0", "~", " ", "\"", "\\", "/", "\b", "\t", "\n", "\f", "\r", "\0", "\u001f", "\u007f", "\u0080", "é", "\u2028", "\uD7FF", "\uE000", "\uFFFF", "😀", "\U0010FFFF"];

    [Fact]
    public void What_is_written_is_read_again_and_is_canonical()
    {
        var random = new Random(8785);
        for (var i = 0; i < 2_000; i++)
        {
            var value = Value(random, CanonicalJson.MaxDepth);
            var bytes = CanonicalJson.Write(value);

            CanonicalJson.Parse(bytes).Value.Should().Be(value);
            CanonicalJson.ParseCanonical(bytes).Value.Should().Be(value);
        }
    }

    [Fact]
    public void Another_order_other_spacing_and_other_escapes_are_the_same_value_and_the_same_bytes()
    {
        var random = new Random(8786);
        for (var i = 0; i < 500; i++)
        {
            var value = Value(random, CanonicalJson.MaxDepth);
            var text = new StringBuilder();
            WriteLoosely(random, value, text);
            var loose = System.Text.Encoding.UTF8.GetBytes(text.ToString());

            var read = CanonicalJson.Parse(loose).Value;

            read.Should().Be(value);
            CanonicalJson.Write(read).Should().Equal(CanonicalJson.Write(value));
            CanonicalJson.ParseCanonical(loose).IsAccepted.Should().Be(loose.AsSpan().SequenceEqual(CanonicalJson.Write(value)));
        }
    }

    [Fact]
    public void No_changed_bytes_are_canonical_for_the_same_value()
    {
        var random = new Random(8787);
        var others = 0;
        for (var i = 0; i < 200; i++)
        {
            var value = Value(random, 4);
            var bytes = CanonicalJson.Write(value);
            for (var change = 0; change < 60; change++)
            {
                var changed = Mutate(random, bytes);
                var read = CanonicalJson.ParseCanonical(changed);
                if (!read.IsAccepted || changed.AsSpan().SequenceEqual(bytes)) continue;

                others++;
                read.Value.Should().NotBe(value);
            }
        }

        others.Should().BeGreaterThan(100, "some changes must give other canonical values, or this tests nothing");
    }

    [Fact]
    public void An_independent_reader_agrees_with_what_is_written()
    {
        var random = new Random(8788);
        for (var i = 0; i < 500; i++)
        {
            var value = Value(random, CanonicalJson.MaxDepth);
            using var document = JsonDocument.Parse(CanonicalJson.Write(value));
            Same(document.RootElement, value).Should().BeTrue();
        }
    }

    [Fact]
    public void Rubbish_is_refused_or_read_but_never_thrown_at_the_caller()
    {
        var random = new Random(8789);
        const string Alphabet = "{}[]\",:\\u0019-+.eEtrufalsn d83\u00e9 \n";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            var bytes = i % 2 == 0 ? System.Text.Encoding.UTF8.GetBytes(text) : Mutate(random, System.Text.Encoding.UTF8.GetBytes("{\"a\":[1,\"\\ud83d\\ude00é\"]}" + text[..0]));
            var verdict = CanonicalJson.Parse(bytes);
            if (verdict.IsAccepted) CanonicalJson.ParseCanonical(CanonicalJson.Write(verdict.Value)).Value.Should().Be(verdict.Value);
            else verdict.Refusal!.Code.Should().BeOneOf("malformed_json", "duplicate_key", "invalid_field");
        }
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        var list = bytes.ToList();
        var index = random.Next(list.Count);
        switch (random.Next(4))
        {
            case 0: list[index] ^= (byte)(1 << random.Next(8)); break;
            case 1: list.RemoveAt(index); break;
            case 2: list.Insert(index, (byte)" \t\n0-\\,\"{}[]1a"[random.Next(14)]); break;
            default: list[index] = (byte)random.Next(32, 127); break;
        }

        return [.. list];
    }

    private static JsonValue Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => JsonValue.Null,
        1 => JsonValue.Of(random.Next(2) == 0),
        2 => JsonValue.Of(random.NextInt64(-CanonicalJson.MaxInteger, CanonicalJson.MaxInteger + 1)),
        3 => JsonValue.Of(random.Next(-3, 4)),
        4 or 5 => JsonValue.Of(Text(random)),
        6 => JsonValue.Array(Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)).ToList()),
        _ => JsonValue.Object(Enumerable.Range(0, random.Next(6)).Select(_ => Text(random)).Distinct().Select(name => new JsonMember(name, Value(random, depth - 1))).ToList()),
    };

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static void WriteLoosely(Random random, JsonValue value, StringBuilder text)
    {
        Space(random, text);
        switch (value.Kind)
        {
            case JsonKind.Array:
                text.Append('[');
                for (var i = 0; i < value.Items.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    WriteLoosely(random, value.Items[i], text);
                }

                text.Append(']');
                break;
            case JsonKind.Object:
                text.Append('{');
                var members = value.Members.ToArray();
                random.Shuffle(members);
                for (var i = 0; i < members.Length; i++)
                {
                    if (i > 0) text.Append(',');
                    Space(random, text);
                    Escape(random, members[i].Name, text);
                    Space(random, text);
                    text.Append(':');
                    WriteLoosely(random, members[i].Value, text);
                }

                text.Append('}');
                break;
            case JsonKind.String:
                Escape(random, value.Text, text);
                break;
            default:
                text.Append(value);
                break;
        }

        Space(random, text);
    }

    private static void Space(Random random, StringBuilder text)
    {
        if (random.Next(6) == 0) text.Append(" \t\r\n"[random.Next(4)]);
    }

    private static void Escape(Random random, string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is < 0x20 or '"' or '\\' || random.Next(4) == 0)
            {
                foreach (var unit in rune.ToString()) text.Append("\\u").Append(((int)unit).ToString(random.Next(2) == 0 ? "x4" : "X4"));
            }
            else
            {
                text.Append(rune.ToString());
            }
        }

        text.Append('"');
    }

    private static bool Same(JsonElement element, JsonValue value) => value.Kind switch
    {
        JsonKind.Null => element.ValueKind == JsonValueKind.Null,
        JsonKind.True => element.ValueKind == JsonValueKind.True,
        JsonKind.False => element.ValueKind == JsonValueKind.False,
        JsonKind.Integer => element.GetInt64() == value.Integer,
        JsonKind.String => element.GetString() == value.Text,
        JsonKind.Array => element.EnumerateArray().Zip(value.Items).All(static pair => Same(pair.First, pair.Second)) && element.GetArrayLength() == value.Items.Count,
        _ => element.EnumerateObject().Count() == value.Members.Count
            && element.EnumerateObject().Zip(value.Members).All(static pair => pair.First.Name == pair.Second.Name && Same(pair.First.Value, pair.Second.Value)),
    };
}
