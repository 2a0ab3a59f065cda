using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>A SHA-256 digest: 32 bytes, written as 64 lower-case hex digits.</summary>
public readonly struct Hash256 : ITrieKey<Hash256>, IComparable<Hash256>
{
    /// <summary>Bytes of one: 32.</summary>
    public const int Size = 32;

    private readonly Bytes _bytes;

    /// <summary>Copies 32 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"Hash256 takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);

    /// <summary>Earlier in byte order.</summary>
    public static bool operator <(Hash256 left, Hash256 right) => left.CompareTo(right) < 0;

    /// <summary>Later in byte order.</summary>
    public static bool operator >(Hash256 left, Hash256 right) => left.CompareTo(right) > 0;

    /// <summary>Not later in byte order.</summary>
    public static bool operator <=(Hash256 left, Hash256 right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in byte order.</summary>
    public static bool operator >=(Hash256 left, Hash256 right) => left.CompareTo(right) >= 0;

    /// <summary>32 zero bytes: what precedes nothing, and what is not used yet.</summary>
    public static Hash256 Zero => default;

    /// <summary>The SHA-256 (FIPS 180-4) of <paramref name="input"/>.</summary>
    public static Hash256 Sha256(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[Size];
        Cryptography.Sha256.Hash(input, digest);
        return new Hash256(digest);
    }

    /// <summary>Reads 64 lower-case hex digits; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Hash256 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var read = Hex.TryDecode(text, bytes);
        value = read ? new Hash256(bytes) : default;
        return read;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(Hash256 other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public int CompareTo(Hash256 other) => TrieKeys.Compare(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Some of these bytes are chosen by strangers; HashCode is seeded a process, so they can not aim at one bucket.
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    [InlineArray(32)]
    private struct Bytes
    {
        private byte _first;
    }
}
