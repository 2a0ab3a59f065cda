using System.Security.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Custody;

/// <summary>What a sealed box holds. A box made for one purpose does not open for another.</summary>
public enum SealPurpose : byte
{
    /// <summary>Nothing: it only tells whether the key is the right one.</summary>
    KeyCheck = 0,

    /// <summary>An account's 32-byte HMAC secret.</summary>
    AccountSecret = 1,

    /// <summary>An account's private key as PKCS #8.</summary>
    AccountKey = 2,

    /// <summary>The 32-byte key under which one identity is sealed.</summary>
    IdentityKey = 3,

    /// <summary>A canonical identity.</summary>
    Identity = 4,
}

/// <summary>
/// AES-256-GCM (FIPS 197, SP 800-38D) in one byte string: version 0x01 ‖ nonce(12) ‖ ciphertext(as long as the plaintext) ‖ tag(16).
/// </summary>
/// <remarks>
/// The associated data, <c>"SecuTicket sealed box"</c> ‖ version ‖ purpose(1) ‖ address(20), nails a box to its account: someone who can write
/// the database but has no key can not give one account another's secret. Nonces are random, so one key may seal at most 2^32 boxes
/// (SP 800-38D, 8.3), after which the chance that two share a nonce is 2^-33. The key of a record seals one. The master key seals two for each account made
/// and one for each identity given, also one that replaces another: at the 200 requests a second of one remote address (<c>Limits:RequestsPerSecond</c>)
/// it would take eight months without a pause, each of them written through to the disk.
/// </remarks>
public static class SealedBox
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes a box is longer than what is in it.</summary>
    public const int Overhead = 1 + NonceSize + TagSize;

    /// <summary>Most bytes that go in one: 64 KiB.</summary>
    public const int MaxContent = 65_536;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int AssociatedSize = 21 + 1 + 1 + Address.Size;

    /// <summary>Seals <paramref name="content"/>; two boxes of one content differ.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes, or the content longer than <see cref="MaxContent"/>.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> key, SealPurpose purpose, Address address, ReadOnlySpan<byte> content, FillRandom fillRandom)
    {
        ArgumentNullException.ThrowIfNull(fillRandom);
        if (key.Length != KeySize) throw new ArgumentException($"A key takes {KeySize} bytes, not {key.Length}.", nameof(key));
        if (content.Length > MaxContent) throw new ArgumentException($"A box holds at most {MaxContent} bytes, not {content.Length}.", nameof(content));

        var box = new byte[Overhead + content.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceSize);
        fillRandom(nonce);
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, purpose, address);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, content, box.AsSpan(1 + NonceSize, content.Length), box.AsSpan(box.Length - TagSize), associated);
        return box;
    }

    /// <summary>Opens a box; false when it was sealed under another key, for another purpose or address, or was changed in any bit.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="purpose">What it was sealed for.</param>
    /// <param name="address">Whose it is.</param>
    /// <param name="box">The box.</param>
    /// <param name="content">What was sealed; empty when this returns false. Clear it after use when it is a secret.</param>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static bool TryOpen(ReadOnlySpan<byte> key, SealPurpose purpose, Address address, ReadOnlySpan<byte> box, out byte[] content)
    {
        if (key.Length != KeySize) throw new ArgumentException($"A key takes {KeySize} bytes, not {key.Length}.", nameof(key));

        content = [];
        if (box.Length < Overhead || box[0] != Version) return false;

        var opened = new byte[box.Length - Overhead];
        Span<byte> associated = stackalloc byte[AssociatedSize];
        WriteAssociated(associated, purpose, address);
        using var cipher = new AesGcm(key, TagSize);
        try
        {
            cipher.Decrypt(box.Slice(1, NonceSize), box[(1 + NonceSize)..^TagSize], box[^TagSize..], opened, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            // The library's only way to answer no.
            return false;
        }

        content = opened;
        return true;
    }

    private static void WriteAssociated(Span<byte> destination, SealPurpose purpose, Address address)
    {
        "SecuTicket sealed box"u8.CopyTo(destination);
        destination[^(Address.Size + 2)] = Version;
        destination[^(Address.Size + 1)] = (byte)purpose;
        address.Span.CopyTo(destination[^Address.Size..]);
    }
}
