using System.Formats.Asn1;

namespace SecuTicket.Cli.Wallets;

/// <summary>Looks into DER just far enough to say what kind of key it holds, and how it is locked.</summary>
internal static class KeyAlgorithm
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>What a PKCS #8 PrivateKeyInfo (RFC 5208) is a key of, in words.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static string OfPkcs8(ReadOnlyMemory<byte> der)
    {
        var key = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger();
        var algorithm = key.ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        return identifier switch
        {
            EcPublicKey when algorithm.HasData && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier) => Curve(algorithm.ReadObjectIdentifier()),
            EcPublicKey => "a key of a curve that is written out instead of named",
            "1.2.840.113549.1.1.1" => "an RSA key",
            "1.3.101.112" => "an Ed25519 key",
            "1.3.101.110" => "an X25519 key",
            _ => $"a key of the algorithm {identifier}",
        };
    }

    /// <summary>Rounds of PBKDF2 of an EncryptedPrivateKeyInfo (RFC 5958 with PBES2 of RFC 8018); null when it is locked in another way.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static long? Rounds(ReadOnlyMemory<byte> der)
    {
        var algorithm = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        if (algorithm.ReadObjectIdentifier() != Pbes2) return null;

        var derivation = algorithm.ReadSequence().ReadSequence();
        if (derivation.ReadObjectIdentifier() != Pbkdf2) return null;

        var parameters = derivation.ReadSequence();
        parameters.ReadOctetString();
        return parameters.TryReadInt64(out var rounds) ? rounds : long.MaxValue;
    }

    private static string Curve(string identifier) => identifier switch
    {
        "1.2.840.10045.3.1.7" => "a P-256 key",
        "1.3.132.0.10" => "a key of the curve secp256k1",
        "1.3.132.0.34" => "a key of the curve P-384",
        "1.3.132.0.35" => "a key of the curve P-521",
        _ => $"a key of the curve {identifier}",
    };
}
