using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography;

/// <summary>SHA-256 (FIPS 180-4) of one text, by whatever costs least here.</summary>
internal static class Sha256
{
    /// <summary>Writes the digest of a text: 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> text, Span<byte> digest32)
    {
        if (LibcryptoSha256.IsAvailable) LibcryptoSha256.Hash(text, digest32);
        else SHA256.HashData(text, digest32);
    }
}
