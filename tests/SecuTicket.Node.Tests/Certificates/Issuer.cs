using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecuTicket.Node.Tests.Certificates;

/// <summary>Somebody with a certificate and its key, who may issue others and revoke them. Made with .NET alone; linked into the API's tests too.</summary>
internal sealed class Issuer : IDisposable
{
    /// <summary>A moment at which everything made without other words is in force; the API's test clock stands there.</summary>
    public static readonly DateTimeOffset Now = new(2027, 6, 15, 18, 0, 0, TimeSpan.Zero);

    private static long _serial = 0x7000_0000;

    private readonly AsymmetricAlgorithm _key;

    private Issuer(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public byte[] Der => Certificate.RawData;

    private X509SignatureGenerator Generator => _key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, Padding) : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);

    /// <summary>How it signs with an RSA key.</summary>
    public RSASignaturePadding Padding { get; init; } = RSASignaturePadding.Pkcs1;

    /// <summary>A self-signed one.</summary>
    public static Issuer Root(string name, Terms? terms = null) => Make(name, null, terms ?? new Terms(IsAuthority: true));

    public Issuer Authority(string name, Terms? terms = null) => Make(name, this, terms ?? new Terms(IsAuthority: true));

    public Issuer Issue(string name, Terms? terms = null) => Make(name, this, terms ?? new Terms());

    /// <summary>A list in DER that takes certificates back.</summary>
    public byte[] Revoke(IEnumerable<Issuer> revoked, DateTimeOffset? thisUpdate = null, DateTimeOffset? nextUpdate = null, Issuer? signedBy = null)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var one in revoked) list.AddEntry(one.Certificate, Now.AddDays(-1), X509RevocationReason.KeyCompromise);
        var identifier = X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(Certificate.SubjectName, Certificate.SerialNumberBytes.Span);
        return list.Build(Certificate.SubjectName, (signedBy ?? this).Generator, 1, nextUpdate ?? Now.AddDays(7), HashAlgorithmName.SHA256, identifier, thisUpdate ?? Now.AddDays(-1));
    }

    /// <summary>Signs text, as <c>openssl dgst -sha256 -sign</c> does.</summary>
    public byte[] Sign(string text) => Sign(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public byte[] Sign(byte[] data, HashAlgorithmName digest, DSASignatureFormat format) =>
        _key is RSA rsa ? rsa.SignData(data, digest, Padding) : ((ECDsa)_key).SignData(data, digest, format);

    public string PrivatePem() => _key.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static Issuer Make(string name, Issuer? by, Terms terms)
    {
        var key = terms.Key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName($"O=Test, CN={name}");
        var request = key is RSA rsa ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(terms.IsAuthority, false, 0, critical: true));
        if ((terms.Usage ?? (terms.IsAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature)) is var usage and not X509KeyUsageFlags.None)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        if (terms.Elsewhere is { } url) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([$"{url}ocsp"], [$"{url}issuer.cer"]));
        if (terms.Elsewhere is { } lists) request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{lists}list.crl"]));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var serial = BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(Interlocked.Increment(ref _serial)));
        return new Issuer(request.Create(by?.Certificate.SubjectName ?? subject, terms.IsWeak ? new Sha1Generator(by!._key) : by?.Generator ?? new Issuer(null!, key).Generator, terms.From ?? Now.AddYears(-1), terms.To ?? Now.AddYears(1), serial), key) { Padding = terms.Padding ?? RSASignaturePadding.Pkcs1 };
    }

    /// <summary>What is unusual about a certificate.</summary>
    public sealed record Terms(DateTimeOffset? From = null, DateTimeOffset? To = null, bool IsAuthority = false, X509KeyUsageFlags? Usage = null, AsymmetricAlgorithm? Key = null, RSASignaturePadding? Padding = null)
    {
        /// <summary>Where, it says, its issuer and its lists can be had; ends with a slash.</summary>
        public string? Elsewhere { get; init; }

        /// <summary>Whether its issuer signs it with SHA-1.</summary>
        public bool IsWeak { get; init; }
    }

    // .NET signs nothing with SHA-1 by itself any more. RFC 3279, 2.2.3.
    private sealed class Sha1Generator(AsymmetricAlgorithm key) : X509SignatureGenerator
    {
        // With RSA it is PSS, whose parameters are empty where they are SHA-1 (RFC 4055, 3.1).
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => key is RSA
            ? [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, 0x30, 0x00]
            : [0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key is RSA rsa
            ? rsa.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pss)
            : ((ECDsa)key).SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
