using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Primitives;

/// <summary>An account: 20 bytes, written <c>0x</c> and 40 hex digits whose case is the EIP-55 checksum.</summary>
public readonly struct Address : ITrieKey<Address>, IComparable<Address>
{
    /// <summary>Bytes of one: 20.</summary>
    public const int Size = 20;

    private readonly Bytes _bytes;

    /// <summary>Copies 20 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 20 bytes long.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"Address takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    /// <summary>Earlier in byte order.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Later in byte order.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Not later in byte order.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in byte order.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>The address of a P-256 key: the last 20 bytes of Keccak-256(0x03 ‖ compressed public key).</summary>
    /// <remarks>The leading 0x03 keeps the addresses of P-256 keys apart from Ethereum's, which hash an uncompressed secp256k1 key.</remarks>
    public static Address Of(in PublicKey key)
    {
        Span<byte> tagged = stackalloc byte[1 + PublicKey.CompressedSize];
        tagged[0] = 0x03;
        key.WriteCompressed(tagged[1..]);
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(tagged, digest);
        return new Address(digest[^Size..]);
    }

    /// <summary>Reads <c>0x</c> and 40 hex digits, all lower case or with a right EIP-55 checksum; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address value)
    {
        value = default;
        if (text.Length != 2 + (2 * Size) || text[0] != '0' || text[1] != 'x') return false;

        var digits = text[2..];
        Span<char> lower = stackalloc char[2 * Size];
        for (var i = 0; i < digits.Length; i++) lower[i] = digits[i] is >= 'A' and <= 'F' ? (char)(digits[i] + 32) : digits[i];
        Span<byte> bytes = stackalloc byte[Size];
        if (!Hex.TryDecode(lower, bytes)) return false;

        if (!digits.SequenceEqual(lower))
        {
            Span<char> checksummed = stackalloc char[2 * Size];
            lower.CopyTo(checksummed);
            ApplyChecksum(checksummed);
            if (!digits.SequenceEqual(checksummed)) return false;
        }

        value = new Address(bytes);
        return true;
    }

    /// <summary><c>0x</c> and 40 hex digits with the EIP-55 checksum.</summary>
    public override string ToString() => string.Create(2 + (2 * Size), this, static (text, address) =>
    {
        "0x".CopyTo(text);
        Convert.TryToHexStringLower(address.Span, text[2..], out _);
        ApplyChecksum(text[2..]);
    });

    // EIP-55: a letter is upper case where the same hex digit of Keccak-256(lower-case address) is 8 or more.
    private static void ApplyChecksum(Span<char> lowerDigits)
    {
        Span<byte> ascii = stackalloc byte[2 * Size];
        for (var i = 0; i < ascii.Length; i++) ascii[i] = (byte)lowerDigits[i];
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(ascii, digest);
        for (var i = 0; i < ascii.Length; i++)
        {
            var nibble = (i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2]) & 0xF;
            if (nibble >= 8 && lowerDigits[i] is >= 'a' and <= 'f') lowerDigits[i] -= (char)32;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Address other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public int CompareTo(Address other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Some of these bytes are chosen by strangers; HashCode is seeded a process, so they can not aim at one bucket.
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    [InlineArray(20)]
    private struct Bytes
    {
        private byte _first;
    }
}
