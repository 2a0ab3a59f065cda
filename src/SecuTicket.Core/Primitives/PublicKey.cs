using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Primitives;

/// <summary>A P-256 public key: the affine coordinates X ‖ Y, 64 bytes, written as the 130 hex digits of its SEC1 uncompressed form (<c>04…</c>).</summary>
public readonly struct PublicKey : IEquatable<PublicKey>
{
    /// <summary>Bytes of one: 64.</summary>
    public const int Size = 64;

    private readonly Bytes _bytes;

    /// <summary>Copies 64 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 64 bytes long.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"PublicKey takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The 64 bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    /// <summary>Bytes of the SEC1 uncompressed form: 0x04 ‖ X ‖ Y.</summary>
    public const int UncompressedSize = 65;

    /// <summary>Bytes of the SEC1 compressed form: 0x02 or 0x03 (the parity of Y) ‖ X.</summary>
    public const int CompressedSize = 33;

    /// <summary>Reads the 130 hex digits of the uncompressed form, either case. Whether the point is on the curve is checked when it is used.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PublicKey value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[UncompressedSize];
        if (text.Length != 2 * UncompressedSize || !Hex.TryDecodeAnyCase(text, bytes) || bytes[0] != 0x04) return false;

        value = new PublicKey(bytes[1..]);
        return true;
    }

    /// <summary>Reads the 33 bytes of the compressed form; refused when no point of the curve has that X.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed, out PublicKey value)
    {
        value = default;
        Span<byte> point = stackalloc byte[Size];
        if (compressed.Length != CompressedSize || !P256Point.TryDecompress(compressed, point)) return false;

        value = new PublicKey(point);
        return true;
    }

    /// <summary>Writes the 33 bytes of the compressed form.</summary>
    public void WriteCompressed(Span<byte> destination)
    {
        destination[0] = (byte)(0x02 | (_bytes[Size - 1] & 1));
        Span[..32].CopyTo(destination[1..]);
    }

    /// <summary>130 lower-case hex digits: the SEC1 uncompressed form.</summary>
    public override string ToString() => string.Concat("04", Convert.ToHexStringLower(Span));

    /// <inheritdoc/>
    public bool Equals(PublicKey other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Some of these bytes are chosen by strangers; HashCode is seeded a process, so they can not aim at one bucket.
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    [InlineArray(64)]
    private struct Bytes
    {
        private byte _first;
    }
}
