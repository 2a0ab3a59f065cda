using SecuTicket.Core.Encoding;

namespace SecuTicket.Core.Gate;

/// <summary>Walks through text that must be exactly what its writer makes: what is not expected makes it wrong, and from then on nothing is read any more.</summary>
internal ref struct RosterText(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;

    /// <summary>Bytes read so far; where it is wrong, when it is.</summary>
    public int At { get; private set; }

    public bool IsWrong { get; private set; }

    public readonly bool IsAtEnd => At == _utf8.Length;

    /// <summary>Skips this text if it comes next.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (IsWrong || !_utf8[At..].StartsWith(expected)) return false;

        At += expected.Length;
        return true;
    }

    /// <summary>Skips this text, which must come next.</summary>
    public void Take(ReadOnlySpan<byte> expected)
    {
        if (!TryTake(expected)) Fail();
    }

    public void Fail() => IsWrong = true;

    /// <summary>A number from 0 to <paramref name="maximum"/>.</summary>
    public long Integer(long maximum = CanonicalJson.MaxInteger)
    {
        var rest = Rest;
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (length is < 1 or > 16 || (length > 1 && rest[0] == '0'))
        {
            Fail();
            return 0;
        }

        var value = 0L;
        foreach (var digit in rest[..length]) value = (value * 10) + (digit - '0');
        At += length;
        if (value > maximum) Fail();
        return value;
    }

    /// <summary>The bytes of a string that needs no escape, of a fixed length, quotes included in what is skipped.</summary>
    public ReadOnlySpan<byte> Plain(int length)
    {
        var rest = Rest;
        if (rest.Length < length + 2 || rest[0] != '"' || rest[length + 1] != '"')
        {
            Fail();
            return [];
        }

        At += length + 2;
        return rest.Slice(1, length);
    }

    /// <summary>A string of 1 to <paramref name="maximum"/> code points without control characters; only quotes and backslashes are escaped then.</summary>
    public string Text(int maximum)
    {
        const int MostBytesPerCharacter = 6;
        Take("\""u8);
        var rest = Rest;
        var end = rest[..Math.Min(rest.Length, (MostBytesPerCharacter * maximum) + 1)].IndexOfAny((byte)'"', (byte)'\\');
        if (end >= 0 && rest[end] == '"')
        {
            At += end + 1;
            return Checked(rest[..end], maximum);
        }

        Span<byte> unescaped = stackalloc byte[MostBytesPerCharacter * maximum];
        var length = 0;
        for (var i = 0; i < rest.Length && length < unescaped.Length; i++)
        {
            if (rest[i] == '"')
            {
                At += i + 1;
                return Checked(unescaped[..length], maximum);
            }

            if (rest[i] == '\\' && (++i == rest.Length || rest[i] is not ((byte)'"' or (byte)'\\'))) break;
            unescaped[length++] = rest[i];
        }

        Fail();
        return string.Empty;
    }

    /// <summary>What comes next; nothing once it is wrong.</summary>
    private readonly ReadOnlySpan<byte> Rest => IsWrong ? [] : _utf8[At..];

    private string Checked(scoped ReadOnlySpan<byte> bytes, int maximum)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            Fail();
            return string.Empty;
        }

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        var characters = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit)) characters--;
            if (char.IsControl(unit)) Fail();
        }

        if (characters < 1 || characters > maximum) Fail();
        return text;
    }
}
