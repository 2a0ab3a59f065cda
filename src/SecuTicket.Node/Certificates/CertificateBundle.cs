using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Certificates;

/// <summary>A certificate and those that lead from it towards a root, as its holder gave them: read, not yet believed.</summary>
public sealed class CertificateBundle
{
    /// <summary>Most certificates of one bundle.</summary>
    public const int MaxCertificates = 8;

    /// <summary>Most characters of its PEM text.</summary>
    public const int MaxPemLength = 32 * 1024;

    /// <summary>Most characters of the names that are shown, as of every name in this API.</summary>
    public const int MaxNameLength = 200;

    private const string CertificateLabel = "CERTIFICATE";

    private CertificateBundle(IReadOnlyList<byte[]> certificates) => Certificates = certificates;

    /// <summary>The certificates in DER, the organiser's own (the leaf) first.</summary>
    public IReadOnlyList<byte[]> Certificates { get; }

    /// <summary>Reads certificates in PEM (RFC 7468), in any order; text around them is skipped, as openssl writes some.</summary>
    /// <returns>The bundle; or <c>invalid_field</c> for what is no PEM, has another kind of block, too many certificates, or a leaf whose key or name is of no use here.</returns>
    public static Verdict<CertificateBundle> Parse(string pem)
    {
        return BlocksOf(pem).TryGet(out var blocks, out var refusal) ? FromDer(blocks) : refusal;
    }

    /// <summary>A bundle that was accepted before, from its stored form.</summary>
    public static CertificateBundle Restore(ReadOnlySpan<byte> pem) => new(BlocksOf(System.Text.Encoding.ASCII.GetString(pem)).Value);

    /// <summary>The stored form: PEM, the leaf first.</summary>
    public byte[] Encode() => System.Text.Encoding.ASCII.GetBytes(string.Join('\n', Certificates.Select(der => PemEncoding.WriteString(CertificateLabel, der))));

    /// <summary>The leaf, to be disposed.</summary>
    public X509Certificate2 LoadLeaf() => X509CertificateLoader.LoadCertificate(Certificates[0]);

    private static Verdict<List<byte[]>> BlocksOf(string pem)
    {
        if (pem.Length > MaxPemLength) return Invalid($"it has {pem.Length} characters, at most {MaxPemLength} are taken");

        var blocks = new List<byte[]>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (!label.SequenceEqual(CertificateLabel)) return Invalid($"it has a block {label}, only {CertificateLabel} belongs here");
            if (blocks.Count == MaxCertificates) return Invalid($"it has more than {MaxCertificates} certificates");

            blocks.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }

        if (blocks.Count == 0) return Invalid("it has no certificate in PEM");
        return pem.AsSpan().Count("-----BEGIN ") == blocks.Count ? blocks : Invalid("a block of it is cut short or not base64");
    }

    private static Verdict<CertificateBundle> FromDer(List<byte[]> blocks)
    {
        var loaded = new List<X509Certificate2>();
        var at = 0;
        try
        {
            for (; at < blocks.Count; at++)
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(blocks[at]));

                // The platform reads them when asked and not before: kept unread, a wrong one would fail every judgement later.
                _ = (loaded[at].NotBefore, loaded[at].NotAfter);
            }

            // The leaf is the first that issued none of the others: tools write chains in either order.
            at = Math.Max(0, loaded.FindIndex(one => !loaded.Any(other => other != one && IsIssuedBy(other, one))));
            if (RefuseLeaf(loaded[at]) is { } refusal) return refusal;

            return new CertificateBundle([blocks[at], .. blocks.Where((_, i) => i != at)]);
        }
        catch (CryptographicException fault)
        {
            return Invalid($"certificate {at + 1} of {blocks.Count} can not be read ({fault.Message.TrimEnd('.')})");
        }
        finally
        {
            foreach (var one in loaded) one.Dispose();
        }
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer) => certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData);

    private static Refusal? RefuseLeaf(X509Certificate2 leaf)
    {
        if (LeafKey.Refuse(leaf) is { } unusable) return Invalid(unusable);
        foreach (var name in new[] { leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false), leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true) })
        {
            // Shown to people as it is, so nothing in it may turn the writing around or hide.
            if (name.Length is 0 or > MaxNameLength || name.Any(character => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format))
                return Invalid($"the names of its holder and its issuer must have 1 to {MaxNameLength} characters without control characters");
        }

        return null;
    }

    private static Refusal Invalid(string found) => new(RefusalCodes.InvalidField, $"chain: {found}.", Field: "chain");
}
