using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuTicket.Node.Certificates;

/// <summary>What a bundle was found to be worth, and in which time that stays so.</summary>
/// <param name="Standing">The finding.</param>
/// <param name="From">From when it holds.</param>
/// <param name="Until">When it must be judged anew: something in it begins or ends then.</param>
public sealed record Judgement(CertificateStanding Standing, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Judges a bundle against trust anchors at a moment. Asks nobody: no downloads of certificates or lists (RFC 5280, sections 6.1 and 6.3).</summary>
/// <remarks>Of several faults the worst is told: untrusted, then revoked, expired, unverified. What no anchor vouches for says nothing, not even that it is over.</remarks>
public static class ChainJudge
{
    /// <summary>Judges.</summary>
    /// <param name="bundle">The leaf and the intermediates to build with; roots among them are not believed.</param>
    /// <param name="anchors">Whom to believe.</param>
    /// <param name="now">The moment; whole seconds count.</param>
    /// <param name="requireLists">Whether an issuer without a revocation list leaves its certificates unverified.</param>
    public static Judgement Judge(CertificateBundle bundle, TrustAnchors anchors, DateTimeOffset now, bool requireLists)
    {
        now = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var given = bundle.Certificates.Select(X509CertificateLoader.LoadCertificate).ToArray();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors.Roots);
        chain.ChainPolicy.ExtraStore.AddRange(given[1..]);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        X509Certificate2[] path = [];
        try
        {
            var (status, detail) = Assess(chain, given[0], out path, anchors, now, requireLists);
            var standing = new CertificateStanding(
                status,
                given[0].GetNameInfo(X509NameType.SimpleName, forIssuer: false),
                given[0].GetNameInfo(X509NameType.SimpleName, forIssuer: true),
                EndOf(given[0]),
                given[0].SerialNumber,
                detail,
                Confirmed: false);
            DateTimeOffset[] turns = [.. given.Concat(path).SelectMany(TurnsOf), .. path.SelectMany(one => anchors.ListsFor(one).SelectMany(TurnsOf))];
            return new Judgement(
                standing, turns.Where(turn => turn <= now).DefaultIfEmpty(DateTimeOffset.MinValue).Max(), turns.Where(turn => turn > now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min());
        }
        finally
        {
            foreach (var one in path.Concat(given)) one.Dispose();
        }
    }

    private static (CertificateStatus Status, string? Detail) Assess(X509Chain chain, X509Certificate2 leaf, out X509Certificate2[] path, TrustAnchors anchors, DateTimeOffset now, bool requireLists)
    {
        path = [];
        try
        {
            chain.Build(leaf);
            path = [.. chain.ChainElements.Select(element => element.Certificate)];
            return Assess(chain, path, anchors, now, requireLists);
        }
        catch (CryptographicException fault)
        {
            return (CertificateStatus.Untrusted, $"Its chain can not be judged: {fault.Message.TrimEnd('.')}.");
        }
    }

    private static (CertificateStatus Status, string? Detail) Assess(X509Chain chain, X509Certificate2[] path, TrustAnchors anchors, DateTimeOffset now, bool requireLists)
    {
        var faults = chain.ChainElements.SelectMany(element => element.ChainElementStatus).Concat(chain.ChainStatus).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (DistrustOf(faults & ~(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested), path) is { } distrust) return (CertificateStatus.Untrusted, distrust);

        var doubts = path.Zip(path.Skip(1)).Select(pair => DoubtAbout(pair.First, pair.Second, anchors, now, requireLists)).OfType<(CertificateStatus Status, string? Detail)>().ToArray();
        if (doubts.FirstOrDefault(doubt => doubt.Status == CertificateStatus.Revoked) is { Detail: not null } revoked) return revoked;
        if (path.FirstOrDefault(one => StartOf(one) > now || EndOf(one) < now) is { } outside)
            return (CertificateStatus.Expired, StartOf(outside) > now ? $"The certificate of «{NameOf(outside)}» is not valid before {StartOf(outside):u}." : $"The certificate of «{NameOf(outside)}» was valid until {EndOf(outside):u}.");

        return doubts.FirstOrDefault() is { Detail: not null } doubt ? doubt : (CertificateStatus.Verified, null);
    }

    private static string? DistrustOf(X509ChainStatusFlags faults, X509Certificate2[] path)
    {
        if (faults.HasFlag(X509ChainStatusFlags.UntrustedRoot)) return path.Length == 1 ? "It is self-signed, and no trust anchor of this node." : $"Its root «{NameOf(path[^1])}» is no trust anchor of this node.";
        if (faults.HasFlag(X509ChainStatusFlags.PartialChain)) return $"No chain leads from it to a trust anchor of this node: the certificate of «{path[^1].GetNameInfo(X509NameType.SimpleName, true)}» is missing.";
        if (faults != X509ChainStatusFlags.NoError) return $"Its chain breaks a rule of X.509: {faults}.";
        if (path.SkipLast(1).FirstOrDefault(one => !RevocationList.IsStrong(one)) is { } weak) return $"The certificate of «{NameOf(weak)}» is signed with an algorithm that is not believed: {weak.SignatureAlgorithm.FriendlyName}.";
        if (path.Skip(1).SkipLast(1).FirstOrDefault(LeafKey.IsShort) is { } issuer) return $"The key of «{NameOf(issuer)}» is too short to be believed.";

        const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        return path[0].Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && (usage.KeyUsages & Signing) == 0 ? "Its key is not for signing: key usage has neither digitalSignature nor nonRepudiation." : null;
    }

    private static (CertificateStatus Status, string? Detail)? DoubtAbout(X509Certificate2 certificate, X509Certificate2 issuer, TrustAnchors anchors, DateTimeOffset now, bool requireLists)
    {
        var lists = anchors.ListsFor(certificate).ToArray();
        var signed = lists.Where(list => list.Unknown is null && list.IsSignedBy(issuer)).ToArray();
        if (signed.Any(list => list.Lists(certificate.SerialNumberBytes))) return (CertificateStatus.Revoked, $"«{NameOf(issuer)}» revoked the certificate of «{NameOf(certificate)}».");
        if (signed.Any(list => list.ThisUpdate <= now && now <= list.NextUpdate)) return null;
        if (signed.Length > 0) return Unsure(issuer, "is out of date");
        if (lists.Length > 0) return Unsure(issuer, lists.FirstOrDefault(list => list.Unknown is not null) is { } unknown ? $"can not be judged: it has {unknown.Unknown}" : "is not signed by it");
        if (anchors.UnreadableLists.Count > 0) return Unsure(issuer, $"may be the file «{anchors.UnreadableLists[0]}», which can not be read");

        return requireLists ? Unsure(issuer, "is not here, and this node demands one") : null;
    }

    private static (CertificateStatus Status, string? Detail) Unsure(X509Certificate2 issuer, string why) => (CertificateStatus.Unverified, $"The revocation list of «{NameOf(issuer)}» {why}.");

    private static string NameOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    // .NET shows them in local time.
    private static DateTimeOffset StartOf(X509Certificate2 certificate) => certificate.NotBefore.ToUniversalTime();

    private static DateTimeOffset EndOf(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime();

    // The last second is still good.
    private static DateTimeOffset[] TurnsOf(X509Certificate2 certificate) => [StartOf(certificate), After(EndOf(certificate))];

    private static DateTimeOffset[] TurnsOf(RevocationList list) => list.NextUpdate is { } end ? [list.ThisUpdate, After(end)] : [list.ThisUpdate];

    // RFC 5280, 4.1.2.5: a certificate without an end says 99991231235959Z.
    private static DateTimeOffset After(DateTimeOffset end) => end >= DateTimeOffset.MaxValue.AddSeconds(-1) ? DateTimeOffset.MaxValue : end.AddSeconds(1);
}
