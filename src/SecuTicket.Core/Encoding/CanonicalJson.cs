using System.Text.Json;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>The JSON that is signed: RFC 8785 (JCS) with whole numbers only, bounded in size and depth.</summary>
/// <remarks>
/// Floats are left out because money has none and because their canonical text is where implementations differ; what remains,
/// <c>jq -cS</c> writes too. Refusals: <c>too_large</c>, <c>malformed_json</c> (not JSON, not UTF-8, lone surrogates, too deep, bytes after the
/// value), <c>duplicate_key</c>, <c>invalid_field</c> (a number that is no integer within ±(2^53−1)), <c>not_canonical</c>. Of several faults
/// the earlier in this list is named. Only what people say of themselves, which is hashed and never part of a payload, may hold any number and be deeper: <see cref="ParseAny"/>.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Objects and arrays within one another, the outermost counting as 1.</summary>
    public const int MaxDepth = 8;

    /// <summary>As <see cref="MaxDepth"/>, of what <see cref="ParseAny"/> reads.</summary>
    public const int MaxAnyDepth = 64;

    /// <summary>Bytes of a text, when the caller sets no other limit: 64 KiB.</summary>
    public const int MaxSize = 65_536;

    /// <summary>The largest number, 2^53−1: up to there every reader of JSON keeps integers exactly (RFC 7493, section 2.2).</summary>
    public const long MaxInteger = (1L << 53) - 1;

    /// <summary>Reads JSON in any order and spacing.</summary>
    /// <param name="utf8">The text; it must be UTF-8 without a byte order mark.</param>
    /// <param name="maxSize">The most bytes it may have.</param>
    public static Verdict<JsonValue> Parse(ReadOnlySpan<byte> utf8, int maxSize = MaxSize) => Read(utf8, maxSize, MaxDepth, anyNumber: false);

    /// <summary>As <see cref="Parse(ReadOnlySpan{byte}, int)"/>, of JSON that is part of no payload: up to <see cref="MaxAnyDepth"/> deep, its fractions and exponents the nearest IEEE 754 double, as RFC 8785 has it.</summary>
    /// <remarks>An integer beyond ±(2^53−1) is <c>invalid_field</c> here too: a double would silently be another one.</remarks>
    public static Verdict<JsonValue> ParseAny(ReadOnlySpan<byte> utf8) => Read(utf8, MaxSize, MaxAnyDepth, anyNumber: true);

    /// <summary>Reads JSON that is exactly its canonical form: no two byte strings give one value.</summary>
    /// <param name="utf8">The text.</param>
    public static Verdict<JsonValue> ParseCanonical(ReadOnlySpan<byte> utf8)
    {
        var parsed = Parse(utf8);
        if (!parsed.IsAccepted) return parsed;

        using var writer = new JsonWriter(utf8.Length);
        writer.Write(parsed.Value);
        return writer.Written.SequenceEqual(utf8)
            ? parsed
            : new Refusal("not_canonical", $"The JSON differs from its canonical form (RFC 8785) at byte {writer.Written.CommonPrefixLength(utf8)}.");
    }

    /// <summary>The canonical bytes of <paramref name="value"/>: what is hashed and signed.</summary>
    public static byte[] Write(JsonValue value)
    {
        using var writer = new JsonWriter(256);
        writer.Write(value);
        return writer.Written.ToArray();
    }

    private static Verdict<JsonValue> Read(ReadOnlySpan<byte> utf8, int maxSize, int maxDepth, bool anyNumber)
    {
        if (utf8.Length > maxSize) return new Refusal("too_large", $"The JSON is {utf8.Length} bytes; at most {maxSize} are read.");
        if (utf8.StartsWith("\uFEFF"u8)) return JsonParser.Malformed("a byte order mark, which JSON here does not carry", 0);
        if (!System.Text.Unicode.Utf8.IsValid(utf8)) return JsonParser.Malformed("bytes that are not UTF-8", FirstInvalid(utf8));

        var parser = new JsonParser(utf8, maxDepth, anyNumber);
        try
        {
            return parser.Read();
        }
        catch (JsonException fault)
        {
            // The reader's only way to say that the text is not JSON.
            return JsonParser.Malformed(fault, utf8);
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (System.Text.Rune.DecodeFromUtf8(utf8[offset..], out _, out var length) == System.Buffers.OperationStatus.Done) offset += length;
        return offset;
    }
}
