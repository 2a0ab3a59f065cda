using System.ComponentModel.DataAnnotations;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>What every transaction's body has. Exactly the fields sent are signed, but for <c>hmac</c> and <c>signatures</c>.</summary>
public abstract record TransactionDocument
{
    /// <summary>The account that signs, <c>0x</c> and 40 hex digits (EIP-55 or all lower case).</summary>
    [RegularExpression(Forms.Address)]
    public required string Sender { get; init; }

    /// <summary>16..64 of A–Z a–z 0–9 _ -, the sender's choice, random: makes two otherwise equal wishes two transactions.</summary>
    [RegularExpression(Forms.Nonce)]
    public required string Nonce { get; init; }

    /// <summary>Unix seconds after which the transaction may no longer be included; at most 30 days ahead.</summary>
    [Range(1, Forms.MaxInteger)]
    public required long ValidUntil { get; init; }

    /// <summary>The operation; may be left out on a route of one operation, and is signed all the same.</summary>
    public string? Type { get; init; }

    /// <summary>The chain's id as in <c>GET /info</c>; may be left out on a route of one operation, and is signed all the same.</summary>
    public string? ChainId { get; init; }

    /// <summary>64 hex digits: HMAC-SHA256 of the canonical payload (RFC 8785) under the secret of an account kept by this node. Instead of <c>signatures</c>.</summary>
    [RegularExpression(Forms.Digest)]
    public string? Hmac { get; init; }

    /// <summary>Signatures of the canonical payload by keys the holders keep, the sender's first. Instead of <c>hmac</c>.</summary>
    public IReadOnlyList<SignatureDocument>? Signatures { get; init; }
}

/// <summary>One signature over a transaction's canonical payload: by a key, or by a passkey.</summary>
public sealed record SignatureDocument
{
    /// <summary><c>p256</c>: ECDSA on P-256 with SHA-256. <c>webauthn</c>: an assertion of a passkey on P-256 (algorithm −7), the transaction id as challenge.</summary>
    [RegularExpression("^(p256|webauthn)$")]
    public required string Scheme { get; init; }

    /// <summary>The SEC1 uncompressed point: <c>04</c> and 128 hex digits.</summary>
    [RegularExpression("^04[0-9a-fA-F]{128}$")]
    public required string PublicKey { get; init; }

    /// <summary>Hex of r‖s or of DER.</summary>
    public required string Signature { get; init; }

    /// <summary>With <c>webauthn</c>: the assertion's <c>authenticatorData</c> in hex, 37 to 255 bytes.</summary>
    [RegularExpression("^([0-9a-fA-F]{2}){37,255}$")]
    public string? AuthenticatorData { get; init; }

    /// <summary>With <c>webauthn</c>: the assertion's <c>clientDataJSON</c> in base64url without padding, 1 to 1,024 bytes.</summary>
    [RegularExpression("^[A-Za-z0-9_-]{2,1366}$")]
    public string? ClientDataJson { get; init; }
}

/// <summary>The written forms the documents share.</summary>
internal static class Forms
{
    /// <summary>An account.</summary>
    public const string Address = "^0x[0-9a-fA-F]{40}$";

    /// <summary>An event's or a ticket's id.</summary>
    public const string Id = "^[0-9a-f]{32}$";

    /// <summary>A nonce.</summary>
    public const string Nonce = "^[A-Za-z0-9_-]{16,64}$";

    /// <summary>A hash or an HMAC.</summary>
    public const string Digest = "^[0-9a-fA-F]{64}$";

    /// <summary>An identity's commitment, which is compared as it stands.</summary>
    public const string Commitment = "^[0-9a-f]{64}$";

    /// <summary>2^53 − 1, the largest integer JSON carries everywhere.</summary>
    public const long MaxInteger = 9_007_199_254_740_991;
}
