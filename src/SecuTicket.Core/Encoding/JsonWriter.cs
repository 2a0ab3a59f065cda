using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace SecuTicket.Core.Encoding;

/// <summary>Writes canonical bytes (RFC 8785, section 3.2) into a buffer that grows and goes back to its pool.</summary>
internal sealed class JsonWriter(int sizeHint) : IDisposable
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(sizeHint);
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    public void Write(JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.Null: Append("null"u8); break;
            case JsonKind.False: Append("false"u8); break;
            case JsonKind.True: Append("true"u8); break;
            case JsonKind.Integer: WriteInteger(value.Integer); break;
            case JsonKind.Number: WriteNumber(value.Number); break;
            case JsonKind.String: WriteText(value.Text); break;
            case JsonKind.Array: WriteArray(value.ItemArray); break;
            case JsonKind.Object: WriteObject(value.MemberArray); break;
        }
    }

    private void WriteArray(JsonValue[] items)
    {
        Append((byte)'[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) Append((byte)',');
            Write(items[i]);
        }

        Append((byte)']');
    }

    private void WriteObject(JsonMember[] members)
    {
        Append((byte)'{');
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0) Append((byte)',');
            WriteText(members[i].Name);
            Append((byte)':');
            Write(members[i].Value);
        }

        Append((byte)'}');
    }

    public void WriteInteger(long value)
    {
        const int LongestInteger = 20;
        Utf8Formatter.TryFormat(value, Reserve(LongestInteger), out var written);
        _length += written;
    }

    // ECMA-262, Number::toString, which RFC 8785 (section 3.2.2.3) asks for: the platform finds the shortest digits of the same double, and only writes them in another way.
    private void WriteNumber(double value)
    {
        const int LongestPlain = 21;
        const int MostZerosAfterPoint = 5;
        var (digits, whole) = Digits(value);
        if (value < 0) Append((byte)'-');
        if (whole is < -MostZerosAfterPoint or > LongestPlain)
        {
            AppendUtf8(digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}");
            AppendUtf8(string.Create(CultureInfo.InvariantCulture, $"e{(whole > 0 ? "+" : "-")}{Math.Abs(whole - 1)}"));
        }
        else if (whole <= 0)
        {
            AppendUtf8($"0.{new string('0', -whole)}{digits}");
        }
        else
        {
            AppendUtf8(whole >= digits.Length ? digits.PadRight(whole, '0') : $"{digits[..whole]}.{digits[whole..]}");
        }
    }

    // Without zeros at either end, and how many of them stand before the point.
    private static (string Digits, int Whole) Digits(double value)
    {
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.');
        var whole = (point < 0 ? mantissa.Length : point) + (mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture));
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), whole - (digits.Length - significant.Length));
    }

    public void WriteText(ReadOnlySpan<char> text)
    {
        Append((byte)'"');
        while (true)
        {
            var plain = text.IndexOfAny(Escaped);
            if (plain < 0) break;

            AppendUtf8(text[..plain]);
            AppendEscaped(text[plain]);
            text = text[(plain + 1)..];
        }

        AppendUtf8(text);
        Append((byte)'"');
    }

    private void AppendEscaped(char character)
    {
        switch (character)
        {
            case '"': Append("\\\""u8); break;
            case '\\': Append("\\\\"u8); break;
            case '\b': Append("\\b"u8); break;
            case '\t': Append("\\t"u8); break;
            case '\n': Append("\\n"u8); break;
            case '\f': Append("\\f"u8); break;
            case '\r': Append("\\r"u8); break;
            default:
                Append("\\u00"u8);
                Append((byte)(character < 0x10 ? '0' : '1'));
                Append("0123456789abcdef"u8[character & 0xF]);
                break;
        }
    }

    public void AppendUtf8(ReadOnlySpan<char> text)
    {
        const int MostBytesPerUnit = 3;
        _length += System.Text.Encoding.UTF8.GetBytes(text, Reserve(text.Length * MostBytesPerUnit));
    }

    private void Append(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
