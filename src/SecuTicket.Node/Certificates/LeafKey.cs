using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Certificates;

/// <summary>The key of an organiser's certificate: which kinds are taken, and whether it signed an account's address.</summary>
/// <remarks>Asked of the key itself: a certificate gives out none whose usage does not suit, and what its usage is worth is for <see cref="ChainJudge"/> to say.</remarks>
public static class LeafKey
{
    /// <summary>Smallest RSA key, in bits.</summary>
    public const int MinRsaBits = 2_048;

    /// <summary>Largest RSA key, in bits: checking costs time, and anyone may ask for it.</summary>
    public const int MaxRsaBits = 8_192;

    /// <summary>Smallest ECDSA key of an issuer, in bits.</summary>
    public const int MinEllipticBits = 256;

    /// <summary>Most bytes of a signature: an RSA key's own size.</summary>
    public const int MaxSignatureBytes = MaxRsaBits / 8;

    // RFC 5480, 2.1.1.1.
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";

    // RFC 3279, 2.3.
    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string EllipticKey = "1.2.840.10045.2.1";

    /// <summary>What makes a certificate's key unusable here; null when nothing does.</summary>
    /// <exception cref="CryptographicException">The key can not be read.</exception>
    public static string? Refuse(X509Certificate2 leaf)
    {
        switch (leaf.PublicKey.Oid.Value)
        {
            case RsaKey:
                using (var rsa = leaf.PublicKey.GetRSAPublicKey()!)
                    return rsa.KeySize is >= MinRsaBits and <= MaxRsaBits ? null : $"its RSA key has {rsa.KeySize} bits, {MinRsaBits} to {MaxRsaBits} are taken";
            case EllipticKey when CurveOf(leaf) is P256 or P384:
                leaf.PublicKey.GetECDsaPublicKey()!.Dispose();
                return null;
            default:
                return "its key is none of ECDSA over P-256 or P-384 and RSA";
        }
    }

    /// <summary>Whether a key is so short that others can sign in its name: RSA below <see cref="MinRsaBits"/>, ECDSA below <see cref="MinEllipticBits"/>.</summary>
    /// <param name="certificate">An issuer's. What a leaf's key must be is for <see cref="Refuse"/> to say.</param>
    /// <exception cref="CryptographicException">The key can not be read.</exception>
    public static bool IsShort(X509Certificate2 certificate)
    {
        using var rsa = certificate.PublicKey.GetRSAPublicKey();
        using var ecdsa = certificate.PublicKey.GetECDsaPublicKey();
        return rsa?.KeySize < MinRsaBits || ecdsa?.KeySize < MinEllipticBits;
    }

    /// <summary>Whether the certificate's key signed the address: its EIP-55 text, its lower-case text or its 20 bytes.</summary>
    /// <param name="leaf">A certificate that <see cref="Refuse"/> found nothing against.</param>
    /// <param name="address">The account.</param>
    /// <param name="signature">ECDSA: DER, or r ‖ s; with SHA-256, with a P-384 key also SHA-384. RSA: PKCS #1 v1.5 or PSS, with SHA-256.</param>
    public static bool HasSigned(X509Certificate2 leaf, in Address address, byte[] signature)
    {
        var text = address.ToString();
        byte[][] spellings = [Encoding.ASCII.GetBytes(text), Encoding.ASCII.GetBytes(text.ToLowerInvariant()), address.Span.ToArray()];
        if (leaf.PublicKey.Oid.Value == RsaKey)
        {
            using var rsa = leaf.PublicKey.GetRSAPublicKey()!;
            return spellings.Any(spelling => rsa.VerifyData(spelling, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                || rsa.VerifyData(spelling, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        }

        using var ecdsa = leaf.PublicKey.GetECDsaPublicKey()!;
        HashAlgorithmName[] digests = CurveOf(leaf) == P384 ? [HashAlgorithmName.SHA256, HashAlgorithmName.SHA384] : [HashAlgorithmName.SHA256];
        return spellings.Any(spelling => digests.Any(digest => VerifyEither(ecdsa, spelling, signature, digest)));
    }

    private static bool VerifyEither(ECDsa key, byte[] data, byte[] signature, HashAlgorithmName digest) =>
        key.VerifyData(data, signature, digest, DSASignatureFormat.Rfc3279DerSequence)
        || (signature.Length == 2 * ((key.KeySize + 7) / 8) && key.VerifyData(data, signature, digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    private static string? CurveOf(X509Certificate2 leaf)
    {
        try
        {
            return leaf.PublicKey.EncodedParameters is { } parameters ? AsnDecoder.ReadObjectIdentifier(parameters.RawData, AsnEncodingRules.DER, out _) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
