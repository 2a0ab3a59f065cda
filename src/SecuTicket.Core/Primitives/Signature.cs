using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Primitives;

/// <summary>An ECDSA P-256 signature as r ‖ s, 64 bytes big-endian (IEEE P1363), written as 128 lower-case hex digits.</summary>
public readonly struct Signature : IEquatable<Signature>
{
    /// <summary>Bytes of one: 64.</summary>
    public const int Size = 64;

    private readonly Bytes _bytes;

    /// <summary>Copies 64 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 64 bytes long.</exception>
    public Signature(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"Signature takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The 64 bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Signature left, Signature right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Signature left, Signature right) => !left.Equals(right);

    /// <summary>True when s is at most half the group order: the one of the two equally valid values that is canonical here.</summary>
    public bool IsLowS => P256Signature.IsLowS(Span);

    /// <summary>Reads 128 lower-case hex digits: the canonical text. DER and high-s are for the edge: see <see cref="TryParseLenient"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Signature value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var read = Hex.TryDecode(text, bytes);
        value = read ? new Signature(bytes) : default;
        return read;
    }

    /// <summary>Reads hex of either case holding r ‖ s or DER, and makes s low: what wallets and openssl print is accepted, one form is kept.</summary>
    public static bool TryParseLenient(ReadOnlySpan<char> text, out Signature value)
    {
        value = default;
        if (text.Length is 0 or > 2 * P256Signature.MaxDerSize || text.Length % 2 != 0) return false;

        Span<byte> bytes = stackalloc byte[text.Length / 2];
        Span<byte> raw = stackalloc byte[Size];
        if (!Hex.TryDecodeAnyCase(text, bytes) || !P256Signature.TryNormalise(bytes, raw)) return false;

        value = new Signature(raw);
        return true;
    }

    /// <summary>128 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(Signature other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Signature other && Equals(other);

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
