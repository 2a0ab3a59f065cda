using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Accounts;

/// <summary>Accounts whose keys this node keeps, addresses of keys it does not, and money that enters.</summary>
/// <param name="node">The node.</param>
/// <param name="host">Knows the exchange authority.</param>
/// <param name="own">Makes the node's own transactions.</param>
/// <param name="intake">The way in for transactions.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Route("/accounts")]
[Tags("Accounts")]
public sealed class AccountsController(TicketNode node, NodeHost host, OwnTransactions own, TransactionIntake intake, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Makes an account whose key this node keeps; the secret is shown this once</summary>
    [HttpPost]
    [JsonBody<CreateAccountDocument>(IsOptional = true)]
    [Refuses("account_exists", "accounts_full", "storage_failed")]
    [ProducesResponseType<AccountCreatedContract>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create()
    {
        var read = await ObjectBody.ReadPersonalAsync(Request, limits.Value.OptionalJson, static fields => new Wish(fields.OptionalAnyObject("profile")));
        if (!read.TryGet(out var wish, out var refusal)) return new ProblemResult(refusal);
        if (!node.Accounts.Create(wish.Profile).TryGet(out var created, out refusal)) return new ProblemResult(refusal);

        // The secret is shown once: nothing between here and the client may keep it.
        Response.Headers.CacheControl = "no-store";
        var contract = new AccountCreatedContract(created.Address.ToString(), created.Secret);
        return new JsonAnswer<AccountCreatedContract>(contract, ApiJson.Default.AccountCreatedContract, StatusCodes.Status201Created) { Location = $"/accounts/{created.Address}" };
    }

    /// <summary>The address of a public key, for those without Keccak at hand</summary>
    [HttpGet("derive")]
    [DocumentedQuery("public_key", JsonSchemaType.String, "The SEC1 uncompressed point: 04 and 128 hex digits.", IsRequired = true, Example = ExampleKey)]
    [ProducesResponseType<AddressContract>(StatusCodes.Status200OK)]
    public IActionResult Derive()
    {
        var query = new QueryReader(Request);
        var key = query.Required<PublicKey>("public_key", TryReadPoint, "04 and 128 hex digits: the SEC1 uncompressed form of a point of P-256");
        return query.Problem ?? (IActionResult)new JsonAnswer<AddressContract>(new AddressContract(Address.Of(key).ToString()), ApiJson.Default.AddressContract);
    }

    /// <summary>Brings money in against a payment, signed by the node's exchange authority</summary>
    [HttpPost("{address}/top-up")]
    [AdminOnly]
    [JsonBody<TopUpDocument>]
    [Refuses(RefusalCodes.NotExchangeAuthority, RefusalCodes.ReferenceUsed, RefusalCodes.SupplyExceeded, RefusalCodes.PoolFull, "not_ready", "storage_failed")]
    [ProducesResponseType<SubmissionAnswer>(StatusCodes.Status201Created)]
    public async Task<IActionResult> TopUp(string address)
    {
        var read = await ObjectBody.ReadAsync(Request, limits.Value.Json, static fields => (Amount: fields.Any("amount"), Reference: fields.Any("reference")));
        if (!read.TryGet(out var payment, out var refusal)) return new ProblemResult(refusal);
        if (!PathValue.Address(address).TryGet(out var recipient, out refusal)) return new ProblemResult(refusal);
        if (host.ExchangeAuthority is not { } authority)
            return new ProblemResult(new Refusal(RefusalCodes.NotExchangeAuthority, "This node keeps no key of an exchange authority of its chain: name one with --Node:ExchangeKeyFile=…, or ask a node that does."));

        var made = own.Make(
            authority,
            Core.Transactions.TopUp.TypeName,
            new JsonMember("recipient", JsonValue.Of(recipient.ToString())),
            new JsonMember("amount", payment.Amount),
            new JsonMember("reference", payment.Reference));
        return made.TryGet(out var transaction, out refusal)
            ? await intake.SubmitAsync(transaction, TransactionIntake.WaitOf(Request), HttpContext.RequestAborted)
            : new ProblemResult(refusal);
    }

    // The generator of the group: a key that everyone knows and nobody uses.
    private const string ExampleKey =
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    // An address of no point would be one that nobody can ever sign for.
    private static bool TryReadPoint(ReadOnlySpan<char> text, out PublicKey key)
    {
        if (!PublicKey.TryParse(text, out key)) return false;

        Span<byte> compressed = stackalloc byte[PublicKey.CompressedSize];
        key.WriteCompressed(compressed);
        return PublicKey.TryDecompress(compressed, out var point) && point == key;
    }

    private sealed record Wish(JsonValue? Profile);
}
