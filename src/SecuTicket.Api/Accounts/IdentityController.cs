using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Accounts;

/// <summary>What holders chose to say of themselves: sealed in this node's vault, never on the chain, and theirs to erase.</summary>
/// <param name="node">The node.</param>
/// <param name="owners">Says whether the account itself asks.</param>
/// <param name="limits">Sizes of bodies.</param>
/// <param name="clock">Tells the time.</param>
[ApiController]
[Route("/accounts/{address}/identity")]
[Tags("Accounts")]
public sealed class IdentityController(TicketNode node, OwnerRequests owners, IOptions<LimitOptions> limits, TimeProvider clock) : ControllerBase
{
    /// <summary>Keeps an identity in place of an earlier one, which is erased; answers the commitment that a ticket may carry</summary>
    [HttpPut]
    [SignedRequest]
    [JsonBody<IdentityDocument>]
    [Refuses("not_account_owner", "vault_full", "storage_failed")]
    [ProducesResponseType<IdentityOpeningContract>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Put(string address)
    {
        if (!(await owners.ReadAsync(Request, address, limits.Value.Json, ReadIdentity)).TryGet(out var asked, out var refusal)) return new ProblemResult(refusal);
        if (!node.Accounts.Identities.Put(asked.Owner, asked.Said).TryGet(out var opening, out refusal)) return new ProblemResult(refusal);

        // Who has the salt can try names against the commitment.
        Response.Headers.CacheControl = "no-store";
        return new JsonAnswer<IdentityOpeningContract>(new IdentityOpeningContract(opening.Commitment.ToString(), opening.Salt.ToString()), ApiJson.Default.IdentityOpeningContract);
    }

    /// <summary>The identity kept of an account, for the account itself</summary>
    [HttpGet]
    [SignedRequest]
    [Refuses("not_account_owner")]
    [ProducesResponseType<RawJson>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Find(string address)
    {
        if (!(await owners.ReadAsync(Request, address, limits.Value.OptionalJson)).TryGet(out var owner, out var refusal)) return new ProblemResult(refusal);
        if (!node.Accounts.Identities.Find(owner).TryGet(out var identity, out refusal)) return new ProblemResult(refusal);

        Response.Headers.CacheControl = "no-store";
        return new JsonAnswer<RawJson>(new RawJson(CanonicalJson.Write(identity)), ApiJson.Default.RawJson);
    }

    /// <summary>Erases the identity kept of an account, its key and its salt; answers a signed receipt</summary>
    [HttpDelete]
    [SignedRequest]
    [Refuses("not_account_owner", "storage_failed")]
    [ProducesResponseType<ErasureReceiptContract>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Erase(string address)
    {
        if (!(await owners.ReadAsync(Request, address, limits.Value.OptionalJson)).TryGet(out var owner, out var refusal)) return new ProblemResult(refusal);
        if (!node.Accounts.Identities.Erase(owner).TryGet(out var commitment, out refusal)) return new ProblemResult(refusal);

        var receipt = new ErasureReceipt(owner, commitment, TimeText.OfMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()), node.Spec.ChainId, node.Self);
        if (!node.Accounts.Sign(node.Self, receipt.Digest()).TryGet(out var signature, out refusal)) return new ProblemResult(refusal);

        var contract = new ErasureReceiptContract(
            ErasureReceipt.TypeName,
            receipt.Address.ToString(),
            receipt.Commitment.ToString(),
            receipt.ErasedAt,
            receipt.ChainId,
            receipt.Node.ToString(),
            new SignatureContract("p256", signature.PublicKey.ToString(), signature.Signature.ToString()));
        return new JsonAnswer<ErasureReceiptContract>(contract, ApiJson.Default.ErasureReceiptContract);
    }

    private static Verdict<JsonValue> ReadIdentity(RequestBody body)
    {
        if (!CanonicalJson.ParseAny(body.Memory.Span).TryGet(out var identity, out var refusal)) return refusal;

        if (identity.Kind != JsonKind.Object) return new Refusal(RefusalCodes.MalformedJson, "The body must be a JSON object: the identity itself.");

        // Of the canonical form, whatever a client escapes and however it spaces.
        return IdentityCommitment.Canonical(identity).Refusal is { } unfit ? unfit : identity;
    }
}
