using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>One reading of one JSON text that is known to be UTF-8.</summary>
/// <remarks>
/// Recursion is safe because the reader refuses depth first. Members and items of all levels share one stack while they are collected, so
/// that a level costs one array of the right size. Duplicate names and bad numbers are remembered, not thrown, so that a text which
/// is not JSON at all is called that.
/// </remarks>
internal ref struct JsonParser
{
    /// <summary>Most values of a text: each is some 75 bytes of memory and may be two of the text. No text of <see cref="CanonicalJson.MaxSize"/> bytes has as many.</summary>
    public const int MaxValues = 65_536;

    private const int ShownName = 64;
    private const int ShownNumber = 32;

    private readonly List<JsonMember> _collected = [];
    private readonly Step[] _path;
    private readonly bool _anyNumber;
    private Utf8JsonReader _reader;
    private Refusal? _stop;
    private Refusal? _duplicate;
    private Refusal? _number;
    private int _values;

    public JsonParser(ReadOnlySpan<byte> utf8, int maxDepth, bool anyNumber)
    {
        (_path, _anyNumber) = (new Step[maxDepth], anyNumber);
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
    }

    /// <summary>The value, or the worst fault found.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public Verdict<JsonValue> Read()
    {
        _reader.Read();
        var value = ReadValue(0);
        if (_stop is not null) return _stop;

        _reader.Read();
        var fault = _duplicate ?? _number;
        return fault is null ? value : fault;
    }

    public static Refusal Malformed(string found, long offset) =>
        new("malformed_json", $"The body is not JSON as it is read here: {found}, at byte {offset}.");

    public static Refusal Malformed(JsonException fault, ReadOnlySpan<byte> utf8)
    {
        var line = 0;
        for (var i = fault.LineNumber ?? 0; i > 0; i--) line += utf8[line..].IndexOf((byte)'\n') + 1;
        var sentence = fault.Message.AsSpan();
        var end = sentence.IndexOf(". ");
        return Malformed(new string(end < 0 ? sentence : sentence[..end]), line + (fault.BytePositionInLine ?? 0));
    }

    private JsonValue ReadValue(int depth)
    {
        if (++_values > MaxValues) _stop ??= new Refusal("too_large", $"The JSON has more than {MaxValues} values.");
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject: return ReadObject(depth);
            case JsonTokenType.StartArray: return ReadArray(depth);
            case JsonTokenType.String: return JsonValue.OfWellFormed(ReadText());
            case JsonTokenType.Number: return ReadNumber(depth);
            case JsonTokenType.True: return JsonValue.True;
            case JsonTokenType.False: return JsonValue.False;
            default: return JsonValue.Null;
        }
    }

    private JsonValue ReadObject(int depth)
    {
        var start = _reader.TokenStartIndex;
        var first = _collected.Count;
        while (_stop is null && _reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = ReadText();
            _path[depth] = new Step(name, 0);
            _reader.Read();
            if (_stop is null) _collected.Add(new JsonMember(name, ReadValue(depth + 1)));
        }

        var members = CollectionsMarshal.AsSpan(_collected)[first..];
        var duplicate = JsonValue.Sort(members);
        if (duplicate is not null)
        {
            _duplicate ??= Duplicate(duplicate, depth, start);
            members = [];
        }

        var owned = members.ToArray();
        _collected.RemoveRange(first, _collected.Count - first);
        return JsonValue.OfOwned(owned);
    }

    private JsonValue ReadArray(int depth)
    {
        var first = _collected.Count;
        while (_stop is null && _reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _path[depth] = new Step(null, _collected.Count - first);
            _collected.Add(new JsonMember(string.Empty, ReadValue(depth + 1)));
        }

        var items = new JsonValue[_collected.Count - first];
        for (var i = 0; i < items.Length; i++) items[i] = _collected[first + i].Value;
        _collected.RemoveRange(first, items.Length);
        return JsonValue.OfOwned(items);
    }

    private string ReadText()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The reader's only way to say that an escape such as \ud800 has no partner; the bytes themselves are known to be UTF-8.
            _stop ??= Malformed("a lone surrogate", _reader.TokenStartIndex);
            return string.Empty;
        }
    }

    private JsonValue ReadNumber(int depth)
    {
        var digits = _reader.ValueSpan;
        var isInteger = !digits.ContainsAny((byte)'.', (byte)'e', (byte)'E') && !digits.SequenceEqual("-0"u8);
        if (isInteger && _reader.TryGetInt64(out var value) && value is >= -CanonicalJson.MaxInteger and <= CanonicalJson.MaxInteger)
        {
            return JsonValue.Of(value);
        }

        if (_anyNumber && !isInteger && _reader.TryGetDouble(out var number) && double.IsFinite(number)) return JsonValue.OfNumber(number);

        _number ??= new Refusal(
            "invalid_field",
            _anyNumber
                ? $"The number {Shown(digits)} at byte {_reader.TokenStartIndex} can not be kept as it is: integers are within ±{CanonicalJson.MaxInteger}, others within a double; write it as a text."
                : $"The number {Shown(digits)} at byte {_reader.TokenStartIndex} is not an integer within ±{CanonicalJson.MaxInteger}; write 0 or -?[1-9][0-9]*.",
            Field: depth == 0 ? null : Path(depth));
        return JsonValue.Null;
    }

    private readonly Refusal Duplicate(string name, int depth, long start)
    {
        _path[depth] = new Step(name, 0);
        return new Refusal(
            "duplicate_key",
            $"The name \"{Shorten(name)}\" occurs more than once in the object at byte {start}.",
            Field: Path(depth + 1));
    }

    private readonly string Path(int depth)
    {
        var text = new StringBuilder();
        foreach (var step in _path.AsSpan(0, depth))
        {
            if (step.Name is null) text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            else text.Append(text.Length == 0 ? "" : ".").Append(Shorten(step.Name));
        }

        return text.ToString();
    }

    private static string Shown(ReadOnlySpan<byte> digits) => digits.Length <= ShownNumber
        ? System.Text.Encoding.UTF8.GetString(digits)
        : System.Text.Encoding.UTF8.GetString(digits[..ShownNumber]) + "…";

    private static string Shorten(string name) => name.Length <= ShownName ? name : string.Concat(name.AsSpan(0, ShownName), "…");

    private readonly record struct Step(string? Name, int Index);
}
