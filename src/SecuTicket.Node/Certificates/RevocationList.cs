using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuTicket.Node.Certificates;

/// <summary>A certificate revocation list (RFC 5280, section 5): who issued it, when it is good, which serial numbers it takes back.</summary>
/// <remarks>Read without being believed: <see cref="IsSignedBy"/> says whether an issuer made it. Of the signed bytes only their digest is kept, for lists may be large.</remarks>
public sealed class RevocationList
{
    private const string Pss = "1.2.840.113549.1.1.10";

    // RFC 5758, 3.2; RFC 4055, 5.
    private static readonly Dictionary<string, (HashAlgorithmName Digest, bool IsRsa)> Algorithms = new()
    {
        ["1.2.840.10045.4.3.2"] = (HashAlgorithmName.SHA256, false),
        ["1.2.840.10045.4.3.3"] = (HashAlgorithmName.SHA384, false),
        ["1.2.840.10045.4.3.4"] = (HashAlgorithmName.SHA512, false),
        ["1.2.840.113549.1.1.11"] = (HashAlgorithmName.SHA256, true),
        ["1.2.840.113549.1.1.12"] = (HashAlgorithmName.SHA384, true),
        ["1.2.840.113549.1.1.13"] = (HashAlgorithmName.SHA512, true),
    };

    // RFC 8017, B.1: the digests that a PSS signature may name.
    private static readonly Dictionary<string, HashAlgorithmName> Digests = new()
    {
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    private readonly HashSet<BigInteger> _serials = [];
    private byte[] _digest = [];
    private byte[] _signature = [];
    private HashAlgorithmName _digestName;
    private RSASignaturePadding? _padding;

    private RevocationList()
    {
    }

    /// <summary>The issuer's distinguished name in DER, as hex: what certificates are matched by.</summary>
    public string Issuer { get; private set; } = string.Empty;

    /// <summary>From when it is good.</summary>
    public DateTimeOffset ThisUpdate { get; private set; }

    /// <summary>Until when it is good, inclusive; null when it does not say, as RFC 5280 demands it should.</summary>
    public DateTimeOffset? NextUpdate { get; private set; }

    /// <summary>What in it can not be understood and must not be passed over (a critical extension, an algorithm); null for nothing.</summary>
    public string? Unknown { get; private set; }

    /// <summary>Whether a certificate is signed with one of the algorithms that are believed of lists too: ECDSA or RSA with SHA-256 or better.</summary>
    /// <exception cref="AsnContentException">It is no certificate.</exception>
    public static bool IsStrong(X509Certificate2 certificate)
    {
        // RFC 5280, 4.1: what is signed, and then how.
        var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        whole.ReadEncodedValue();
        return AlgorithmOf(whole.ReadSequence(), out _) is not null;
    }

    /// <summary>The key under which a distinguished name is looked up.</summary>
    public static string KeyOf(X500DistinguishedName name) => Convert.ToHexStringLower(name.RawData);

    /// <summary>Reads a list in DER; null when it is none.</summary>
    public static RevocationList? Parse(ReadOnlyMemory<byte> der)
    {
        try
        {
            var list = new RevocationList();
            list.Read(der);
            return list;
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether it takes back this serial number (big-endian, as a certificate shows it).</summary>
    public bool Lists(ReadOnlyMemory<byte> serial) => _serials.Contains(new BigInteger(serial.Span, isUnsigned: false, isBigEndian: true));

    /// <summary>Whether the key of this certificate signed it, and may sign lists.</summary>
    public bool IsSignedBy(X509Certificate2 issuer)
    {
        if (issuer.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign)) return false;

        using var rsa = issuer.PublicKey.GetRSAPublicKey();
        using var ecdsa = issuer.PublicKey.GetECDsaPublicKey();
        return _padding is not null
            ? rsa?.VerifyHash(_digest, _signature, _digestName, _padding) == true
            : _digest.Length > 0 && ecdsa?.VerifyHash(_digest, _signature, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    private void Read(ReadOnlyMemory<byte> der)
    {
        var whole = new AsnReader(der, AsnEncodingRules.DER);
        var outer = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        var signed = outer.PeekEncodedValue();
        ReadBody(outer.ReadSequence(), outer.PeekEncodedValue());
        if (AlgorithmOf(outer.ReadSequence(), out var id) is var (digest, padding)) (_digestName, _padding) = (digest, padding);
        else Unknown ??= $"an algorithm {id}";
        _signature = outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();
        if (_digestName.Name is not null) _digest = CryptographicOperations.HashData(_digestName, signed.Span);
    }

    private void ReadBody(AsnReader body, ReadOnlyMemory<byte> algorithm)
    {
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) body.ReadInteger();
        if (!body.ReadEncodedValue().Span.SequenceEqual(algorithm.Span)) throw new AsnContentException("The two algorithms of the list differ.");
        Issuer = Convert.ToHexStringLower(body.ReadEncodedValue().Span);
        ThisUpdate = ReadTime(body);
        if (IsTime(body)) NextUpdate = ReadTime(body);
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var revoked = body.ReadSequence();
            while (revoked.HasData) ReadEntry(revoked.ReadSequence());
        }

        var extensions = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (body.HasData) ReadExtensions(body.ReadSequence(extensions).ReadSequence());
        body.ThrowIfNotEmpty();
    }

    private void ReadEntry(AsnReader entry)
    {
        _serials.Add(entry.ReadInteger());
        ReadTime(entry);
        if (entry.HasData) ReadExtensions(entry.ReadSequence());
        entry.ThrowIfNotEmpty();
    }

    // RFC 5280, 5.2: a list with a critical extension that is not understood (a delta, a list of some reasons or some certificates only, of other issuers) decides nothing.
    private void ReadExtensions(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean()) Unknown ??= $"a critical extension {id}";
            extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
        }
    }

    // Null for one that is not believed. A PSS signature names its digest beside it, and SHA-1 by naming none (RFC 4055, 3.1).
    private static (HashAlgorithmName Digest, RSASignaturePadding? Padding)? AlgorithmOf(AsnReader algorithm, out string id)
    {
        id = algorithm.ReadObjectIdentifier();
        if (Algorithms.TryGetValue(id, out var known)) return (known.Digest, known.IsRsa ? RSASignaturePadding.Pkcs1 : null);

        return id == Pss && algorithm.HasData && Digests.TryGetValue(ReadPssDigest(algorithm.ReadSequence()), out var digest) ? (digest, RSASignaturePadding.Pss) : null;
    }

    private static string ReadPssDigest(AsnReader parameters)
    {
        var digest = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(digest) ? parameters.ReadSequence(digest).ReadSequence().ReadObjectIdentifier() : string.Empty;
    }

    private static bool IsTime(AsnReader reader) =>
        reader.HasData && (reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) || reader.PeekTag().HasSameClassAndValue(Asn1Tag.GeneralizedTime));

    // RFC 5280, 4.1.2.5.1: two digits of a year mean 1950 to 2049.
    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(twoDigitYearMax: 2049) : reader.ReadGeneralizedTime();
}
