using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
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

    /// <summary>Hex digits of its text: 40.</summary>
    internal const int Digits = 2 * Size;

    /// <summary>Characters of its text: 42.</summary>
    public const int TextSize = 2 + Digits;

    /// <summary>Bytes of what is hashed to make the address of a key: 34.</summary>
    internal const int TaggedKeySize = 1 + PublicKey.CompressedSize;

    /// <summary>The address of a P-256 key: the last 20 bytes of Keccak-256(0x03 ‖ compressed public key).</summary>
    /// <remarks>The leading 0x03 keeps the addresses of P-256 keys apart from Ethereum's, which hash an uncompressed secp256k1 key.</remarks>
    public static Address Of(in PublicKey key)
    {
        Span<byte> tagged = stackalloc byte[TaggedKeySize];
        WriteTagged(key, tagged);
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(tagged, digest);
        return OfDigest(digest);
    }

    /// <summary>Writes what is hashed to make the address of <paramref name="key"/>, <see cref="TaggedKeySize"/> bytes.</summary>
    internal static void WriteTagged(in PublicKey key, Span<byte> destination)
    {
        destination[0] = 0x03;
        key.WriteCompressed(destination[1..]);
    }

    /// <summary>The address that the Keccak-256 of a tagged key gives.</summary>
    internal static Address OfDigest(ReadOnlySpan<byte> digest) => new(digest[^Size..]);

    /// <summary>Reads <c>0x</c> and 40 hex digits, all lower case or with a right EIP-55 checksum; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address value)
    {
        Span<byte> ascii = stackalloc byte[TextSize];
        if (text.Length == TextSize && Ascii.FromUtf16(text, ascii, out _) == OperationStatus.Done) return TryParse(ascii, [], out value);

        value = default;
        return false;
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out Address)"/>, of text in ASCII.</summary>
    /// <param name="ascii">The text.</param>
    /// <param name="digest">Keccak-256 of its digits in lower case, which is what the checksum is taken from; nothing when it is not known yet.</param>
    /// <param name="value">The address.</param>
    internal static bool TryParse(ReadOnlySpan<byte> ascii, ReadOnlySpan<byte> digest, out Address value)
    {
        value = default;
        if (ascii.Length != TextSize || !ascii.StartsWith("0x"u8)) return false;

        var digits = ascii[2..];
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done) return false;
        if (digits.ContainsAnyInRange((byte)'A', (byte)'F') && !HasChecksum(digits, digest)) return false;

        value = new Address(bytes);
        return true;
    }

    /// <summary>Writes hex digits in lower case; what else they are makes no sense.</summary>
    internal static void ToLower(ReadOnlySpan<byte> digits, Span<byte> lower)
    {
        // The digits 0 to 9 have that bit already.
        for (var i = 0; i < digits.Length; i++) lower[i] = (byte)(digits[i] | 0x20);
    }

    /// <summary><c>0x</c> and 40 hex digits with the EIP-55 checksum.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextSize];
        WriteText(text);
        return System.Text.Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes what <see cref="ToString"/> gives in ASCII.</summary>
    /// <param name="ascii">Where to; the first <see cref="TextSize"/> bytes are written.</param>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public void WriteText(Span<byte> ascii)
    {
        "0x"u8.CopyTo(ascii);
        var digits = ascii.Slice(2, Digits);
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Convert.TryToHexStringLower(Span, digits, out _);
        Keccak256.Hash(digits, digest);
        for (var i = 0; i < digits.Length; i++) digits[i] = Checksummed(digits[i], i, digest);
    }

    private static bool HasChecksum(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> digest)
    {
        Span<byte> lower = stackalloc byte[Digits], hashed = stackalloc byte[Keccak256.Size];
        ToLower(digits, lower);
        if (digest.IsEmpty) Keccak256.Hash(lower, hashed);
        else digest.CopyTo(hashed);

        // Without a branch on what is drawn like a coin's side: a processor guesses every second one wrong.
        var difference = 0;
        for (var i = 0; i < lower.Length; i++) difference |= digits[i] ^ Checksummed(lower[i], i, hashed);
        return difference == 0;
    }

    // EIP-55: a letter is upper case, 32 less, where the same hex digit of Keccak-256(lower-case address) is 8 or more. A letter has bit 64, a digit has not.
    private static byte Checksummed(byte lower, int index, ReadOnlySpan<byte> digest)
    {
        var nibble = digest[index >> 1] >> (4 & ~(index << 2));
        return (byte)(lower - ((nibble & 8) << 2 & (lower & 64) >> 1));
    }

    /// <inheritdoc/>
    public bool Equals(Address other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public int CompareTo(Address other) => TrieKeys.Compare(this, other);

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
