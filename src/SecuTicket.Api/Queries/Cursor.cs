using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Api.Queries;

/// <summary>Where a page ended: bytes that mean something to the route that made them and nothing to the client, written as base64url without padding.</summary>
/// <remarks>Only the one canonical text of the bytes is read back; what the bytes mean is judged by the route.</remarks>
public readonly struct Cursor : IEquatable<Cursor>
{
    /// <summary>The most bytes of one: enough for a composite key of ids, far below a request line's limit.</summary>
    public const int MaxBytes = 128;

    private readonly byte[]? _bytes;

    /// <summary>Copies at most <see cref="MaxBytes"/> bytes.</summary>
    /// <exception cref="ArgumentException">There are more, or none.</exception>
    public Cursor(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > MaxBytes) throw new ArgumentException($"A cursor is 1..{MaxBytes} bytes, not {bytes.Length}.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    /// <summary>The bytes, as the route made them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Cursor left, Cursor right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Cursor left, Cursor right) => !left.Equals(right);

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cursor cursor)
    {
        cursor = default;
        if (string.IsNullOrEmpty(text) || text.Length > Base64Url.GetEncodedLength(MaxBytes)) return false;

        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length == 0) return false;

        var read = new Cursor(bytes[..length]);
        if (read.ToString() != text) return false;

        cursor = read;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Cursor other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cursor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Base64url without padding (RFC 4648, section 5).</summary>
    public override string ToString() => Base64Url.EncodeToString(Bytes);
}
