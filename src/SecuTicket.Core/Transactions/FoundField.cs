using System.Buffers;
using System.Text;
using SecuTicket.Core.Encoding;

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

    /// <summary>Its text, for which <paramref name="buffer"/> may be used; nothing when it is none, or is longer than that.</summary>
    public ReadOnlySpan<char> Read(Span<char> buffer)
    {
        if (_flat is null) return Text;

        return _flat.IsText(_index) && Ascii.ToUtf16(_flat.TextOf(_index), buffer, out var written) == OperationStatus.Done ? buffer[..written] : [];
    }
}
