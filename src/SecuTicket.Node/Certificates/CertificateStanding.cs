namespace SecuTicket.Node.Certificates;

/// <summary>What a certificate is worth here and now.</summary>
public enum CertificateStatus : byte
{
    /// <summary>There is none, or whether it was revoked can not be told.</summary>
    Unverified,

    /// <summary>A chain leads to a trust anchor, all of it is in force, and nothing of it is revoked as far as is known.</summary>
    Verified,

    /// <summary>A certificate of the chain is not valid any more, or not yet.</summary>
    Expired,

    /// <summary>Its issuer, or an issuer of that one, took it back.</summary>
    Revoked,

    /// <summary>No right chain leads to a trust anchor: self-signed, of an unknown root, incomplete, or breaking a rule of X.509.</summary>
    Untrusted,
}

/// <summary>What is said of an organiser's certificate; all but the status is null where there is none.</summary>
/// <param name="Status">What it is worth.</param>
/// <param name="Name">The name it binds to the account (X509NameType.SimpleName: the common name). It says something only when the status is verified.</param>
/// <param name="Issuer">Who issued it, the same way.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Serial">Its serial number, upper-case hex.</param>
/// <param name="Detail">Why it is not verified; null when it is.</param>
/// <param name="Confirmed">Whether the account itself vouched for it with a signed request.</param>
public sealed record CertificateStanding(CertificateStatus Status, string? Name, string? Issuer, DateTimeOffset? NotAfter, string? Serial, string? Detail, bool Confirmed)
{
    /// <summary>Of an account without a certificate.</summary>
    public static CertificateStanding None { get; } = new(CertificateStatus.Unverified, null, null, null, null, "There is no certificate for this account.", false);
}
