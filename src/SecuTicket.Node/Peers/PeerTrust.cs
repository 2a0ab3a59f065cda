using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Which certificates of peers are trusted. That a certificate is for the host that was called is always checked.</summary>
public static class PeerTrust
{
    /// <summary>Most bytes of a bundle of roots.</summary>
    public const int MaxBundleBytes = 1024 * 1024;

    /// <summary>Code of a bundle that is of no use.</summary>
    public const string InvalidRoots = "invalid_trusted_roots";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Reads the operator's bundle of roots: certificates in PEM, one after the other.</summary>
    /// <param name="file">Its path.</param>
    /// <returns>The roots; or <c>invalid_trusted_roots</c> when there is none, one is no root, or the file can not be read.</returns>
    public static Verdict<X509Certificate2Collection> ReadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaxBundleBytes) return Useless(file, $"it has {stream.Length} bytes, at most {MaxBundleBytes} are read");

            using var reader = new StreamReader(stream);
            roots.ImportFromPem(reader.ReadToEnd());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Useless(file, $"it can not be read ({fault.Message.TrimEnd('.')})");
        }

        if (roots.Count == 0) return Useless(file, "there is no certificate in PEM in it");
        if (roots.Any(one => !one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData))) return Useless(file, "not every certificate in it is a root");

        return roots;
    }

    /// <summary>How TLS judges a peer.</summary>
    /// <param name="roots">The only roots trusted; null for those of the operating system.</param>
    /// <remarks>A certificate may name places where its issuer or its revocation is found. They are not asked: a peer would choose whom this node calls.</remarks>
    internal static SslClientAuthenticationOptions OptionsFor(X509Certificate2Collection? roots)
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static Refusal Useless(string file, string why) => new(InvalidRoots, $"'{file}' is no bundle of trusted roots: {why}.");
}
