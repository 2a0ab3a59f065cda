using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Organisers;

/// <summary>The X.509 certificate that says who an organiser is.</summary>
/// <param name="certificates">What is kept.</param>
/// <param name="requests">Says who asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Route("/organisers/{address}/certificate")]
[Tags("Events")]
public sealed class CertificatesController(OrganiserCertificates certificates, SignedRequestReader requests, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Who an organiser is, by the certificate of its account, judged now</summary>
    [HttpGet]
    [ProducesResponseType<CertificateContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Find(string address) => PathValue.Address(address).TryGet(out var account, out var refusal) ? Answer(account) : new ProblemResult(refusal);

    /// <summary>Binds a certificate to an account, whose address the certificate's key signed; a signed request by that account confirms it</summary>
    /// <remarks>Without a token it is taken as well, until the account confirms one. The example's certificate is another account's, so it answers `signature_invalid`.</remarks>
    [HttpPut]
    [SignedRequest]
    [JsonBody<CertificateDocument>]
    [Refuses(RefusalCodes.NotOrganiser, OrganiserCertificates.ConfirmedCode, OrganiserCertificates.FullCode)]
    [ProducesResponseType<CertificateContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Put(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);
        if (!(await BodyReader.ReadAsync(Request, limits.Value.Json, HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return new ProblemResult(refusal);

        using (body)
        {
            if (!ObjectBody.Read(body, CertificateBody.Read).TryGet(out var given, out refusal)) return new ProblemResult(refusal);
            if (!CertificateBundle.Parse(given.Chain).TryGet(out var bundle, out refusal)) return new ProblemResult(refusal);

            var confirmed = SignedRequestReader.IsGiven(Request);
            if (confirmed && RefuseSender(account, body) is { } other) return new ProblemResult(other);

            return certificates.Put(account, bundle, given.Signature, confirmed) is { IsAccepted: false, Refusal: var refused } ? new ProblemResult(refused) : Answer(account);
        }
    }

    /// <summary>Takes the certificate of an account away; by that account</summary>
    [HttpDelete]
    [SignedRequest]
    [Refuses(RefusalCodes.NotOrganiser)]
    [ProducesResponseType<CertificateContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete(string address)
    {
        if (!PathValue.Address(address).TryGet(out var account, out var refusal)) return new ProblemResult(refusal);
        if (!(await BodyReader.ReadAsync(Request, limits.Value.OptionalJson, HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return new ProblemResult(refusal);

        using (body)
        {
            if (!ObjectBody.Read(body, static _ => true).TryGet(out _, out refusal)) return new ProblemResult(refusal);
            if (RefuseSender(account, body) is { } other) return new ProblemResult(other);

            return certificates.Remove(account) ? Answer(account) : new ProblemResult(PathValue.NotFound($"certificate for {account}"));
        }
    }

    private Refusal? RefuseSender(Address account, RequestBody body) =>
        requests.Read(Request, body, sender => sender == account ? null : new Refusal(RefusalCodes.NotOrganiser, $"The request is signed by {sender}; the certificate is the one of {account}.")).Refusal;

    private JsonAnswer<CertificateContract> Answer(in Address account) => new(CertificateContract.Of(certificates.StandingOf(account)), ApiJson.Default.CertificateContract);
}
