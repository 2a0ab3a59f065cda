using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SecuTicket.Core.Encoding;

/// <summary>A JSON object in canonical form, all of whose values are integers and plain texts, read where it stands: no tree is made of it.</summary>
/// <remarks>
/// Nearly all payloads are of this kind, and decoding them is much of what a replay costs. What is read here, <see cref="CanonicalJson.ParseCanonical"/> accepts and gives the same meaning; what is not
/// (values within values, words, escapes, letters beyond ASCII, many members, and all that is not canonical) is for it to judge.
/// Each thread has one, which it reads into again and again: what one was made of holds until the next is read.
/// </remarks>
internal sealed class FlatObject
{
    /// <summary>Members of the largest that is read here.</summary>
    public const int MaxMembers = 16;

    private const int MostDigits = 16;

    // What RFC 8785 writes as it is, within ASCII.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    [ThreadStatic]
    private static FlatObject? _ofThread;

    private readonly Member[] _members = new Member[MaxMembers];
    private ReadOnlyMemory<byte> _utf8;

    private FlatObject()
    {
    }

    /// <summary>How many members it has, 1 at least.</summary>
    public int Count { get; private set; }

    /// <summary>Reads an object, which holds until this thread reads another one; null when it is of another kind or not canonical.</summary>
    /// <param name="utf8">The text, which must not change any more.</param>
    public static FlatObject? Read(ReadOnlyMemory<byte> utf8)
    {
        var read = _ofThread ??= new FlatObject();
        return read.TryRead(utf8) ? read : null;
    }

    private bool TryRead(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span;
        if (text.Length is < 2 or > CanonicalJson.MaxSize || text[0] != '{' || text[^1] != '}') return false;

        // The last byte is a brace, which ends every text, number and search here: nothing is read beyond it.
        ReadOnlySpan<byte> before = [];
        var at = 1;
        for (var count = 0; count < MaxMembers;)
        {
            if (!TryReadText(text, ref at, out var nameAt, out var nameLength)) return false;

            var name = text.Slice(nameAt, nameLength);
            if ((count > 0 && before.SequenceCompareTo(name) >= 0) || text[at++] != ':') return false;
            if (!TryReadValue(text, ref at, out var value)) return false;

            before = name;
            _members[count++] = value with { NameAt = nameAt, NameLength = nameLength };
            if (at == text.Length - 1)
            {
                (_utf8, Count) = (utf8, count);
                return true;
            }

            if (text[at++] != ',') return false;
        }

        return false;
    }

    /// <summary>Which member has this name; -1 when none has.</summary>
    public int IndexOf(string name)
    {
        var text = _utf8.Span;
        for (var i = 0; i < Count; i++)
        {
            if (_members[i].NameLength == name.Length && Ascii.Equals(text.Slice(_members[i].NameAt, name.Length), name)) return i;
        }

        return -1;
    }

    /// <summary>A member's name.</summary>
    public string NameOf(int index) => System.Text.Encoding.ASCII.GetString(_utf8.Span.Slice(_members[index].NameAt, _members[index].NameLength));

    /// <summary>Whether a member's value is a text, or else an integer.</summary>
    public bool IsText(int index) => _members[index].IsText;

    /// <summary>A member's text, in ASCII; the digits of an integer.</summary>
    public ReadOnlySpan<byte> TextOf(int index) => _utf8.Span.Slice(_members[index].ValueAt, _members[index].ValueLength);

    /// <summary>Whether a member's text begins at a place of the object's.</summary>
    public bool IsAt(int index, int place) => _members[index].ValueAt == place;

    /// <summary>A member's integer; 0 for a text.</summary>
    public long IntegerOf(int index) => _members[index].Integer;

    private static bool TryReadText(ReadOnlySpan<byte> text, ref int at, out int start, out int length)
    {
        (start, length) = (at + 1, 0);
        if (text[at] != '"') return false;

        length = text[start..].IndexOfAnyExcept(Plain);
        at = start + length + 1;
        return length >= 0 && text[at - 1] == '"';
    }

    private static bool TryReadValue(ReadOnlySpan<byte> text, ref int at, out Member value)
    {
        value = default;
        if (text[at] == '"')
        {
            if (!TryReadText(text, ref at, out var start, out var length)) return false;

            value = new Member(0, 0, start, length, true, 0);
            return true;
        }

        var digits = text[at..];
        digits = digits[..(digits[0] == '-' ? 1 + digits[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') : digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9'))];
        if (!IsCanonical(digits) || !Utf8Parser.TryParse(digits, out long integer, out _) || integer is < -CanonicalJson.MaxInteger or > CanonicalJson.MaxInteger) return false;

        value = new Member(0, 0, at, digits.Length, false, integer);
        at += digits.Length;
        return true;
    }

    // 0 or -?[1-9][0-9]*, of the digits of a text that has no others.
    private static bool IsCanonical(ReadOnlySpan<byte> digits)
    {
        if (digits is [(byte)'0']) return true;
        if (digits is [(byte)'-', ..]) digits = digits[1..];
        return digits.Length is > 0 and <= MostDigits && digits[0] != '0';
    }

    private readonly record struct Member(int NameAt, int NameLength, int ValueAt, int ValueLength, bool IsText, long Integer);
}
