using System.Text.Json.Serialization;
using SecuTicket.Api.Chain;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Organisers;

/// <summary>Which name a certificate binds to an organiser's account, and what that is worth here and now; all but the status is null without a certificate.</summary>
/// <param name="Status"><c>verified</c>, <c>unverified</c>, <c>expired</c>, <c>revoked</c> or <c>untrusted</c>.</param>
/// <param name="Name">The name in the certificate. It says something only when the status is <c>verified</c>.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Serial">Its serial number, upper-case hex.</param>
/// <param name="Detail">Why it is not verified; null when it is.</param>
/// <param name="Confirmed">Whether the account itself vouched for it with a signed request.</param>
public sealed record CertificateContract(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Issuer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NotAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Serial,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Detail,
    bool Confirmed)
{
    /// <summary>As it is shown.</summary>
    public static CertificateContract Of(CertificateStanding standing) => new(
        WordOf(standing.Status),
        standing.Name,
        standing.Issuer,
        standing.NotAfter is { } end ? TimeText.OfMilliseconds(end.ToUnixTimeMilliseconds()) : null,
        standing.Serial,
        standing.Detail,
        standing.Confirmed);

    /// <summary>A status as the contract writes it.</summary>
    public static string WordOf(CertificateStatus status) => status switch
    {
        CertificateStatus.Verified => "verified",
        CertificateStatus.Expired => "expired",
        CertificateStatus.Revoked => "revoked",
        CertificateStatus.Untrusted => "untrusted",
        _ => "unverified",
    };
}
