using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography;

/// <summary>HMAC-SHA256 (RFC 2104, FIPS 198-1): how an account whose key a node keeps proves that it asked.</summary>
public static class HmacSha256
{
    /// <summary>Bytes of a tag.</summary>
    public const int Size = 32;

    /// <summary>True when <paramref name="tag32"/> is the tag of <paramref name="message"/> under <paramref name="key"/>.</summary>
    /// <remarks>Compared in constant time: how long a wrong tag takes tells nothing about the right one.</remarks>
    /// <returns>False for a wrong tag and for one of another length than 32 bytes.</returns>
    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag32)
    {
        Span<byte> expected = stackalloc byte[Size];
        if (LibcryptoSha256.IsAvailable) LibcryptoSha256.Tag(key, message, expected);
        else HMACSHA256.HashData(key, message, expected);

        return CryptographicOperations.FixedTimeEquals(expected, tag32);
    }
}
