using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Certificates;
using X509PublicKey = System.Security.Cryptography.X509Certificates.PublicKey;

namespace SecuTicket.Node.Tests.Certificates;

// S2.6: what a client may send as a certificate, and what counts as its key's consent.
public sealed class CertificateBundleTests : IDisposable
{
    private const string Account = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";

    private readonly Issuer _root = Issuer.Root("Root");

    public static TheoryData<string, string, HashAlgorithmName, DSASignatureFormat> Signatures => new()
    {
        { "P-256", "text", HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence },
        { "P-256", "text", HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation },
        { "P-256", "lower", HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence },
        { "P-256", "bytes", HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence },
        { "P-384", "text", HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence },
        { "P-384", "text", HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation },
        { "RSA", "text", HashAlgorithmName.SHA256, default },
        { "RSA", "bytes", HashAlgorithmName.SHA256, default },
        { "PSS", "lower", HashAlgorithmName.SHA256, default },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_key_consents_in_every_usual_form(string key, string spelling, HashAlgorithmName digest, DSASignatureFormat format)
    {
        using var leaf = _root.Issue("Hall", new Issuer.Terms(Key: KeyOf(key), Padding: key == "PSS" ? RSASignaturePadding.Pss : null));
        Address.TryParse(Account, out var address).Should().BeTrue();
        var data = spelling switch { "text" => Encoding.ASCII.GetBytes(Account), "lower" => Encoding.ASCII.GetBytes(Account.ToLowerInvariant()), _ => address.Span.ToArray() };
        var signature = leaf.Sign(data, digest, format);

        LeafKey.HasSigned(leaf.Certificate, address, signature).Should().BeTrue();
        LeafKey.HasSigned(leaf.Certificate, default, signature).Should().BeFalse("it is of another address");
        LeafKey.HasSigned(_root.Certificate, address, signature).Should().BeFalse("it is by another key");
        signature[^1] ^= 1;
        LeafKey.HasSigned(leaf.Certificate, address, signature).Should().BeFalse();
    }

    [Fact]
    public void A_signature_with_another_digest_or_of_another_length_is_wrong()
    {
        using var leaf = _root.Issue("Hall");
        Address.TryParse(Account, out var address).Should().BeTrue();

        LeafKey.HasSigned(leaf.Certificate, address, leaf.Sign(Encoding.ASCII.GetBytes(Account), HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence)).Should().BeFalse();
        foreach (var length in new[] { 0, 1, 63, 64, 65, 1_024 }) LeafKey.HasSigned(leaf.Certificate, address, new byte[length]).Should().BeFalse();
    }

    [Theory]
    [InlineData("P-521", "none of ECDSA over P-256 or P-384 and RSA")]
    [InlineData("RSA 1024", "1024 bits")]
    public void Keys_of_other_kinds_and_sizes_are_refused(string key, string detail)
    {
        using var leaf = Issuer.Root("Hall", new Issuer.Terms(Key: KeyOf(key)));

        Refused(leaf.Pem).Should().Contain(detail);
    }

    [Theory]
    [InlineData("Hall\u202Edlrow")]
    [InlineData("Hall\u0007")]
    [InlineData("201")]
    public void Names_that_would_deceive_are_refused(string name)
    {
        using var leaf = _root.Issue(name == "201" ? new string('n', CertificateBundle.MaxNameLength + 1) : name);

        Refused(leaf.Pem).Should().Contain("names");
    }

    [Fact]
    public void What_is_no_PEM_of_certificates_is_refused_with_what_was_found()
    {
        using var leaf = _root.Issue("Hall");
        var pem = leaf.Pem;

        Refused("").Should().Contain("no certificate");
        Refused("hello").Should().Contain("no certificate");
        Refused(Convert.ToBase64String(leaf.Der)).Should().Contain("no certificate");
        Refused(pem[..(pem.Length / 2)]).Should().Contain("no certificate");
        Refused(pem + pem[..(pem.Length / 2)]).Should().Contain("cut short");
        Refused(pem + leaf.PrivatePem()).Should().Contain("PRIVATE KEY");
        Refused(PemEncoding.WriteString("CERTIFICATE", leaf.Der.AsSpan()[..^1])).Should().Contain("certificate 1 of 1 can not be read");
        Refused(pem + PemEncoding.WriteString("CERTIFICATE", [0x30, 0x00])).Should().Contain("certificate 2 of 2 can not be read");
        Refused(new string('-', CertificateBundle.MaxPemLength) + pem).Should().Contain("at most 32768");
        Refused(string.Concat(Enumerable.Repeat(pem, CertificateBundle.MaxCertificates + 1))).Should().Contain("more than 8");
        CertificateBundle.Parse(string.Concat(Enumerable.Repeat(pem, CertificateBundle.MaxCertificates))).Value.Certificates.Should().HaveCount(8);
    }

    // The platform takes both for certificates and fails only when it is asked for what is wrong in them: kept, they would fail every later read.
    [Fact]
    public void What_only_looks_like_a_certificate_is_refused_before_it_is_kept()
    {
        using var leaf = _root.Issue("Hall", new Issuer.Terms(To: new DateTimeOffset(2035, 5, 6, 7, 8, 9, TimeSpan.Zero)));
        var endless = leaf.Der;
        "999999999999Z"u8.CopyTo(endless.AsSpan(endless.AsSpan().IndexOf("350506070809Z"u8)));

        Refused(Pem(endless)).Should().Contain("certificate 1 of 1 can not be read");
        Refused(_root.Pem + leaf.Pem + Pem(endless)).Should().Contain("certificate 3 of 3 can not be read");
        Refused(Pem(WithoutCurve(leaf))).Should().Contain("none of ECDSA");
    }

    [Fact]
    public void Text_around_the_blocks_is_skipped_and_the_stored_form_reads_back_with_the_leaf_first()
    {
        using var intermediate = _root.Authority("Intermediate");
        using var leaf = intermediate.Issue("Hall");

        var bundle = CertificateBundle.Parse($"Certificate:\r\n    Data\r\n{_root.Pem}# and\n{intermediate.Pem}\n{leaf.Pem.ReplaceLineEndings("\r\n")}").Value;

        bundle.Certificates.Should().BeEquivalentTo([leaf.Der, _root.Der, intermediate.Der], order => order.WithStrictOrdering());
        CertificateBundle.Restore(bundle.Encode()).Certificates.Should().BeEquivalentTo(bundle.Certificates, order => order.WithStrictOrdering());
    }

    public void Dispose() => _root.Dispose();

    private static string Pem(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der);

    // RFC 5480, 2.1.1: the parameters of an elliptic key must be there.
    private static byte[] WithoutCurve(Issuer issuer)
    {
        var key = issuer.Certificate.PublicKey;
        var (outer, whole) = (new AsnReader(issuer.Der, AsnEncodingRules.DER).ReadSequence(), new AsnWriter(AsnEncodingRules.DER));
        var body = outer.ReadSequence();
        using (whole.PushSequence())
        {
            using (whole.PushSequence())
            {
                while (body.HasData)
                {
                    var part = body.ReadEncodedValue().Span;
                    if (part.SequenceEqual(key.ExportSubjectPublicKeyInfo())) WriteKey(whole, key);
                    else whole.WriteEncodedValue(part);
                }
            }

            while (outer.HasData) whole.WriteEncodedValue(outer.ReadEncodedValue().Span);
        }

        return whole.Encode();
    }

    private static void WriteKey(AsnWriter writer, X509PublicKey key)
    {
        using var info = writer.PushSequence();
        using (writer.PushSequence()) writer.WriteObjectIdentifier(key.Oid.Value!);
        writer.WriteBitString(key.EncodedKeyValue.RawData);
    }

    private static string Refused(string pem)
    {
        var refusal = CertificateBundle.Parse(pem).Refusal!;
        (refusal.Code, refusal.Field).Should().Be(("invalid_field", "chain"));
        return refusal.Detail;
    }

    private static AsymmetricAlgorithm KeyOf(string kind) => kind switch
    {
        "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        "RSA 1024" => RSA.Create(1024),
        _ => RSA.Create(2048),
    };
}
