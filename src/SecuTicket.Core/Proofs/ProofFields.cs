using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Proofs;

/// <summary>Reads the fields of one object of a proof, naming each by its path.</summary>
/// <remarks>The first fault is noted and what is faulty reads as its default, so whoever reads asks once, at the end: one wrong field makes a proof worthless.</remarks>
internal sealed class ProofFields
{
    private readonly ProofFields _root;
    private readonly JsonElement _element;
    private readonly string _path;
    private Refusal? _fault;

    public ProofFields(JsonElement root)
    {
        (_root, _element, _path) = (this, root, string.Empty);
    }

    private ProofFields(ProofFields root, JsonElement element, string path)
    {
        (_root, _element, _path) = (root, element, path);
    }

    public delegate bool TryRead<T>(ReadOnlySpan<char> text, out T value);

    public Refusal? Fault => _root._fault;

    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    public bool Has(string name) => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out _);

    public ProofFields Object(string name) => new(_root, Find(name, JsonValueKind.Object) ?? default, PathOf(name));

    public IEnumerable<ProofFields> Objects(string name, int most) => Find(name, JsonValueKind.Array) is { } found ? new ProofFields(_root, found, PathOf(name)).Items(most) : [];

    public IEnumerable<ProofFields> Items(int most)
    {
        if (_element.GetArrayLength() <= most) return _element.EnumerateArray().Select((item, i) => new ProofFields(_root, item, $"{_path}[{i}]"));

        Note(RefusalCodes.InvalidField, string.Empty, $"at most {most} items are read, found {_element.GetArrayLength()}");
        return [];
    }

    public string Text(string name)
    {
        if (Find(name, JsonValueKind.String) is not { } found) return string.Empty;

        try
        {
            return found.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // What the platform says of a lone surrogate.
            Note(RefusalCodes.InvalidField, name, "it is no text");
            return string.Empty;
        }
    }

    public int Integer(string name)
    {
        var value = 0;
        if (Find(name, JsonValueKind.Number) is { } found && !found.TryGetInt32(out value)) Note(RefusalCodes.InvalidField, name, "expected a whole number below 2^31");
        return value;
    }

    public int OneOf(string name, params string[] words)
    {
        var place = Array.IndexOf(words, Text(name));
        if (place < 0) Note(RefusalCodes.InvalidField, name, $"expected {string.Join(" or ", words)}");
        return place;
    }

    public T Value<T>(string name, TryRead<T> tryRead, string expected)
        where T : struct
    {
        if (tryRead(Text(name), out var value)) return value;

        Note(RefusalCodes.InvalidField, name, $"expected {expected}");
        return default;
    }

    public Payload? Payload(string name)
    {
        if (Find(name, JsonValueKind.Object) is not { } found) return null;
        if (CanonicalJson.Parse(JsonMarshal.GetRawUtf8Value(found)).TryGet(out var json, out var refusal) && Transactions.Payload.From(json).TryGet(out var payload, out refusal)) return payload;

        Note(refusal.Code, name, refusal.Detail);
        return null;
    }

    public BlockHeader? Header(string name)
    {
        Span<byte> bytes = stackalloc byte[BlockHeader.Size];
        if (!Hex.TryDecode(Text(name), bytes)) Note(RefusalCodes.InvalidField, name, $"expected the {BlockHeader.Size} bytes of a header in hex");
        else if (BlockHeader.Decode(bytes).TryGet(out var header, out var refusal)) return header;
        else Note(refusal.Code, name, refusal.Detail);

        return null;
    }

    public void Same(string name, string expected)
    {
        if (Text(name) is var found && found != expected) Note(RefusalCodes.InvalidField, name, $"it says {found}, where the bytes beside it give {expected}");
    }

    public void Same(string name, long expected)
    {
        if (Find(name, JsonValueKind.Number) is { } number && !(number.TryGetInt64(out var found) && found == expected))
            Note(RefusalCodes.InvalidField, name, $"it says {number.GetRawText()}, where the bytes beside it give {expected}");
    }

    public void SameTime(string name, long milliseconds)
    {
        if (!DateTimeOffset.TryParseExact(Text(name), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var found) || found.ToUnixTimeMilliseconds() != milliseconds)
            Note(RefusalCodes.InvalidField, name, $"it says something else than the {milliseconds} ms that the bytes beside it give");
    }

    public T? Missing<T>(string name)
        where T : class
    {
        Note(RefusalCodes.MissingField, name, "it is missing");
        return null;
    }

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (_element.ValueKind != JsonValueKind.Object) Note(RefusalCodes.InvalidField, string.Empty, "expected an object");
        else if (!_element.TryGetProperty(name, out var found)) Note(RefusalCodes.MissingField, name, "it is missing");
        else if (found.ValueKind != kind) Note(RefusalCodes.InvalidField, name, $"expected {kind.ToString().ToLowerInvariant()}");
        else return found;

        return null;
    }

    private void Note(string code, string name, string why)
    {
        var field = name.Length == 0 ? _path : PathOf(name);
        _root._fault ??= new Refusal(code, $"{(field.Length == 0 ? "The document" : field)}: {why}.", Field: field.Length == 0 ? null : field);
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
