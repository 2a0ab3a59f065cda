using System.Buffers;
using System.Text;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The value of a field: of a tree, or of a flat object, whose texts are ASCII and are copied only when they are kept.</summary>
internal readonly struct FoundField
{
    private readonly JsonValue? _tree;
    private readonly FlatObject? _flat;
    private readonly int _index;

    public FoundField(JsonValue tree) => _tree = tree;

    public FoundField(FlatObject flat, int index) => (_flat, _index) = (flat, index);

    /// <summary>The value as a tree.</summary>
    public JsonValue Tree => _tree ?? (Text is { } text ? JsonValue.OfWellFormed(text) : JsonValue.Of(_flat!.IntegerOf(_index)));

    /// <summary>Its text; null when it is none.</summary>
    public string? Text
    {
        get
        {
            if (_flat is null) return _tree is { Kind: JsonKind.String } tree ? tree.Text : null;

            return _flat.IsText(_index) ? System.Text.Encoding.ASCII.GetString(_flat.TextOf(_index)) : null;
        }
    }

    /// <summary>Its integer; null when it is none.</summary>
    public long? Integer
    {
        get
        {
            if (_flat is null) return _tree is { Kind: JsonKind.Integer } tree ? tree.Integer : null;

            return _flat.IsText(_index) ? null : _flat.IntegerOf(_index);
        }
    }

    /// <summary>Whether it is that text.</summary>
    public bool IsText(string text) => _flat is null ? _tree is { Kind: JsonKind.String } tree && tree.Text == text : _flat.IsText(_index) && Ascii.Equals(_flat.TextOf(_index), text);

    /// <summary>Whether it is a text of a flat object, of so many characters that are allowed.</summary>
    public bool IsPlain(int minimum, int maximum, Func<char, bool> allowed)
    {
        if (_flat is null || !_flat.IsText(_index)) return false;

        var text = _flat.TextOf(_index);
        if (text.Length < minimum || text.Length > maximum) return false;

        foreach (var character in text)
            if (!allowed((char)character)) return false;

        return true;
    }

    /// <summary>Reads an address.</summary>
    /// <param name="known">One that was read already, if one was; it is this one when it stands at its place.</param>
    /// <param name="address">The address.</param>
    public bool TryReadAddress(FoundAddress known, out Address address)
    {
        if (_flat is null) return Address.TryParse(Text, out address);

        address = known.Value;
        return _flat.IsText(_index) && (_flat.IsAt(_index, known.At) || Address.TryParse(_flat.TextOf(_index), [], out address));
    }

    /// <summary>Its text, for which <paramref name="buffer"/> may be used; nothing when it is none, or is longer than that.</summary>
    public ReadOnlySpan<char> Read(Span<char> buffer)
    {
        if (_flat is null) return Text;

        return _flat.IsText(_index) && Ascii.ToUtf16(_flat.TextOf(_index), buffer, out var written) == OperationStatus.Done ? buffer[..written] : [];
    }
}
