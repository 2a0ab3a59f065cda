using System.Buffers;
using System.Text;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>One reading of a body as nearly all are: its payload's values are integers and plain texts, so their canonical form is the same bytes in another order and no tree is made of them.</summary>
/// <remarks>
/// What is read here, the long way (<see cref="SignedBody"/>) reads too and gives the same meaning. What is not (values within values, words, escapes, letters beyond ASCII, many members, long
/// bodies, and all that is wrong) is for it to judge and to explain.
/// </remarks>
internal ref struct FlatBody
{
    private const int MaxMembers = 16;
    private const int MaxSize = 2_048;
    private const int Type = -1;
    private const int ChainId = -2;

    // What RFC 8785 writes as it is, within ASCII.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly string? _type;
    private readonly string _chainId;
    private int _at;
    private byte[]? _hmac;
    private TransactionSignature[]? _signatures;

    private FlatBody(ReadOnlySpan<byte> text, string? type, string chainId)
    {
        _text = text;
        (_type, _chainId) = (type, chainId);
    }

    /// <summary>Reads a body; false when it is not of this kind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, string? type, string chainId, out SignedPayload signed)
    {
        signed = default;
        if (utf8.Length is 0 or > MaxSize) return false;

        Span<Member> members = stackalloc Member[MaxMembers];
        var body = new FlatBody(utf8, type, chainId);
        if (!body.TryReadMembers(members, out var count)) return false;

        // Quotes, colons and commas of the members are the body's own; those of what is implied are new.
        Span<byte> canonical = stackalloc byte[MaxSize + 128];
        var length = body.Write(members[..count], canonical);
        if (length == 0 || !Payload.Decode(canonical[..length]).TryGet(out var payload, out _)) return false;

        signed = new SignedPayload(payload, body._hmac, body._signatures is { } signatures ? new EquatableArray<TransactionSignature>(signatures) : null);
        return true;
    }

    private bool TryReadMembers(scoped Span<Member> members, out int count)
    {
        count = 0;
        if (!Takes((byte)'{')) return false;

        var (hasType, hasChainId) = (_type is null, _type is null);
        do
        {
            if (!TryReadText(out var name) || !Takes((byte)':')) return false;

            var key = _text[name];
            if (key.SequenceEqual("hmac"u8))
            {
                if (!TryReadHmac()) return false;
                continue;
            }

            if (key.SequenceEqual("signatures"u8))
            {
                if (!TryReadSignatures()) return false;
                continue;
            }

            // Two places are for what is implied.
            if (count == members.Length - 2 || !TryReadValue(out var value) || !TryInsert(members, ref count, new Member(name.Start.Value, name.End.Value, value.Start.Value, value.End.Value))) return false;

            hasType |= key.SequenceEqual("type"u8);
            hasChainId |= key.SequenceEqual("chain_id"u8);
        }
        while (Takes((byte)','));

        return Takes((byte)'}') && IsAtEnd()
            && (hasType || TryInsert(members, ref count, new Member(Type, 0, 0, 0)))
            && (hasChainId || TryInsert(members, ref count, new Member(ChainId, 0, 0, 0)));
    }

    // By the order of ASCII, which is that of RFC 8785 for names such as these; a name that is there already is a fault.
    private readonly bool TryInsert(scoped Span<Member> members, ref int count, Member member)
    {
        var at = count;
        while (at > 0)
        {
            var order = NameOf(members[at - 1]).SequenceCompareTo(NameOf(member));
            if (order == 0) return false;
            if (order < 0) break;
            at--;
        }

        members[at..count].CopyTo(members[(at + 1)..]);
        members[at] = member;
        count++;
        return true;
    }

    private readonly ReadOnlySpan<byte> NameOf(Member member) => member.NameAt switch
    {
        Type => "type"u8,
        ChainId => "chain_id"u8,
        _ => _text[member.NameAt..member.NameEnd],
    };

    private readonly int Write(scoped ReadOnlySpan<Member> members, scoped Span<byte> canonical)
    {
        var length = 0;
        foreach (var member in members)
        {
            canonical[length++] = length == 1 ? (byte)'{' : (byte)',';
            Append(canonical, ref length, "\""u8);
            Append(canonical, ref length, NameOf(member));
            Append(canonical, ref length, "\":"u8);
            if (member.NameAt >= 0) Append(canonical, ref length, _text[member.ValueAt..member.ValueEnd]);
            else if (!TryAppendText(canonical, ref length, member.NameAt == Type ? _type! : _chainId)) return 0;
        }

        if (length > 0) canonical[length++] = (byte)'}';
        return length;
    }

    private static void Append(Span<byte> canonical, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(canonical[length..]);
        length += bytes.Length;
    }

    private static bool TryAppendText(Span<byte> canonical, ref int length, string text)
    {
        canonical[length++] = (byte)'"';
        if (Ascii.FromUtf16(text, canonical[length..], out var written) != OperationStatus.Done || canonical.Slice(length, written).ContainsAnyExcept(Plain)) return false;

        length += written;
        canonical[length++] = (byte)'"';
        return true;
    }

    private bool TryReadHmac()
    {
        if (_hmac is not null || !TryReadText(out var digits)) return false;

        _hmac = new byte[Hash256.Size];
        Span<char> text = stackalloc char[2 * Hash256.Size];
        return TryWiden(digits, ref text) && Hex.TryDecodeAnyCase(text, _hmac);
    }

    private bool TryReadSignatures()
    {
        if (_signatures is not null || !Takes((byte)'[')) return false;

        if (!TryReadSignature(out var first)) return false;

        if (!Takes((byte)',')) _signatures = [first];
        else if (TryReadSignature(out var second)) _signatures = [first, second];
        else return false;

        return Takes((byte)']');
    }

    private bool TryReadSignature(out TransactionSignature signature)
    {
        signature = default;
        var (key, value) = (default(PublicKey?), default(Signature?));
        var hasScheme = false;
        Span<char> buffer = stackalloc char[4 * (PublicKey.UncompressedSize + 1)];
        if (!Takes((byte)'{')) return false;

        do
        {
            if (!TryReadText(out var name) || !Takes((byte)':') || !TryReadText(out var given)) return false;

            var text = buffer;
            if (_text[name].SequenceEqual("scheme"u8) && !hasScheme && _text[given].SequenceEqual("p256"u8)) hasScheme = true;
            else if (_text[name].SequenceEqual("public_key"u8) && key is null && TryWiden(given, ref text) && PublicKey.TryParse(text, out var point)) key = point;
            else if (_text[name].SequenceEqual("signature"u8) && value is null && TryWiden(given, ref text) && Signature.TryParseLenient(text, out var pair)) value = pair;
            else return false;
        }
        while (Takes((byte)','));

        if (!hasScheme || key is null || value is null || !Takes((byte)'}')) return false;

        signature = new TransactionSignature(SignatureScheme.P256, key.Value, value.Value);
        return true;
    }

    private readonly bool TryWiden(Range from, scoped ref Span<char> text)
    {
        var done = Ascii.ToUtf16(_text[from], text, out var written) == OperationStatus.Done;
        text = text[..written];
        return done;
    }

    // Of a number only its end is found here; whether it is one, whoever decodes the canonical form says.
    private bool TryReadValue(out Range value)
    {
        SkipSpace();
        var start = _at;
        if (TryReadText(out value))
        {
            value = (value.Start.Value - 1)..(value.End.Value + 1);
            return true;
        }

        _at = start;
        while (_at < _text.Length && _text[_at] is (byte)'-' or (>= (byte)'0' and <= (byte)'9')) _at++;
        value = start.._at;
        return _at > start;
    }

    private bool TryReadText(out Range text)
    {
        text = default;
        if (!Takes((byte)'"')) return false;

        var length = _text[_at..].IndexOfAnyExcept(Plain);
        if (length < 0 || _text[_at + length] != '"') return false;

        text = _at..(_at + length);
        _at += length + 1;
        return true;
    }

    private bool Takes(byte expected)
    {
        SkipSpace();
        if (_at == _text.Length || _text[_at] != expected) return false;

        _at++;
        return true;
    }

    private bool IsAtEnd()
    {
        SkipSpace();
        return _at == _text.Length;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _at++;
    }

    /// <summary>Where a member's name and value stand; what is implied has no place.</summary>
    private readonly record struct Member(int NameAt, int NameEnd, int ValueAt, int ValueEnd);
}
