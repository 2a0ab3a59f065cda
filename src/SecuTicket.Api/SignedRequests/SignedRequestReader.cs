using System.Buffers.Text;
using Microsoft.AspNetCore.Http.Features;
using SecuTicket.Api.Limits;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;

namespace SecuTicket.Api.SignedRequests;

/// <summary>Says who sent a request that is no transaction: reads and checks <c>Authorization: SecuTicket &lt;base64url of a JSON object&gt;</c>.</summary>
/// <remarks>
/// The token names the method, the path with its query, the body, the chain, the node and the moment, so that it is good for this one request and for no
/// other. On a write it is good once: a token seen on its way must not undo what its sender did since.
/// </remarks>
/// <param name="node">The node, for its accounts, its verifier and its name.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="used">The tokens of the last writes.</param>
public sealed class SignedRequestReader(TicketNode node, TimeProvider clock, UsedTokens used)
{
    /// <summary>How far a token's <c>at</c> may lie from the node's clock, either way, in seconds.</summary>
    public const int GoodForSeconds = 60;

    /// <summary>How long a token must be remembered: it is good from a minute before its moment to a minute after it, in whole seconds.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds((2 * GoodForSeconds) + 1);

    /// <summary>Most bytes of a token's JSON.</summary>
    public const int MaxTokenSize = 8 * 1024;

    /// <summary>The token's <c>type</c>, so that what is signed for a request can never be taken for a transaction.</summary>
    public const string TypeName = "request";

    private const string SchemePrefix = "SecuTicket ";

    /// <summary>Whether a request brings a token at all, right or wrong: for the routes that take requests without one too.</summary>
    public static bool IsGiven(HttpRequest request) =>
        request.Headers.Authorization.Any(static header => header is not null && (header + " ").StartsWith(SchemePrefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who sent a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, empty where there is none; the fields in it are judged before.</param>
    /// <param name="mayNot">Why the sender may not ask this; null when it may. The token of a request that is refused so is not used up: that nothing came of it needs no remembering, and anybody can send such.</param>
    /// <returns>The sender; or <c>signature_missing</c>, <c>signature_invalid</c>, <c>unknown_account</c>, what <paramref name="mayNot"/> says, and on a write <c>token_used</c>.</returns>
    public Verdict<Address> Read(HttpRequest request, RequestBody body, Func<Address, Refusal?>? mayNot = null)
    {
        if (!TokenOf(request).TryGet(out var signed, out var refusal)) return refusal;
        if (!ReadClaims(signed.Fields).TryGet(out var claims, out refusal)) return refusal;
        if (Contradiction(claims, request, body.Memory.Span) is { } contradiction) return Wrong(contradiction);

        var canonical = CanonicalJson.Write(signed.Fields);
        if (Prove(claims.Sender, canonical, signed) is { IsAccepted: false, Refusal: var unproven }) return unproven;
        if (mayNot?.Invoke(claims.Sender) is { } refused) return refused;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && used.Use(TokenId(canonical, signed)) is { IsAccepted: false, Refusal: var again }) return again;

        return claims.Sender;
    }

    private static Verdict<SignedBody> TokenOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(SchemePrefix, StringComparison.OrdinalIgnoreCase))
            return new Refusal(RefusalCodes.SignatureMissing, "This request must say who asks: Authorization: SecuTicket and the base64url of a signed JSON object.");

        var text = header.AsSpan(SchemePrefix.Length).Trim();
        if (text.Length > Base64Url.GetEncodedLength(MaxTokenSize)) return Wrong($"it is longer than {MaxTokenSize} bytes");
        if (!Base64Url.IsValid(text)) return Wrong("it is not base64url");
        if (!CanonicalJson.Parse(Base64Url.DecodeFromChars(text), MaxTokenSize).TryGet(out var json, out var refusal)) return Wrong(refusal.Detail);
        if (!SignedBody.From(json, maxSignatures: 1).TryGet(out var signed, out refusal)) return Wrong(refusal.Detail);
        if (signed.Hmac is null == signed.Signatures is null)
            return signed.Hmac is null ? new Refusal(RefusalCodes.SignatureMissing, "The token has neither hmac nor signatures.") : Wrong("it has both hmac and signatures, exactly one is expected");

        return signed;
    }

    private static Verdict<Claims> ReadClaims(JsonValue json)
    {
        var fields = FieldReader.Of(json);
        var claims = new Claims(
            fields.Text("type", 1, 32, char.IsAscii, "characters"),
            fields.Text("method", 1, 32, char.IsAscii, "characters"),
            fields.Text("path", 1, MaxTokenSize, static _ => true, "characters"),
            fields.Account("sender"),
            fields.Integer("at", 0, CanonicalJson.MaxInteger),
            fields.Text("body_sha256", 2 * Hash256.Size, 2 * Hash256.Size, char.IsAsciiHexDigit, "hex digits"),
            fields.Text("chain_id", 1, 64, static _ => true, "characters"),
            fields.Account("node"));

        // Two equal requests within one second are two all the same.
        fields.OptionalText("nonce", Payload.MinNonceLength, Payload.MaxNonceLength, static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-', "characters of A-Z, a-z, 0-9, _ and -");
        return fields.Finish() is { } fault ? Wrong(fault.Detail) : claims;
    }

    private string? Contradiction(Claims claims, HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (claims.Type != TypeName) return $"type: expected {TypeName}, found {claims.Type}";
        if (claims.Method != request.Method) return $"method: it is for {claims.Method}, the request is {request.Method}";
        if (claims.Path != PathOf(request)) return $"path: it is for another path or query than {PathOf(request)}";
        if (claims.ChainId != node.Spec.ChainId) return $"chain_id: it is for chain {claims.ChainId}, this is {node.Spec.ChainId}";
        if (claims.Node != node.Self) return $"node: it is for node {claims.Node}, this is {node.Self}";

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Math.Abs(claims.At - now) > GoodForSeconds) return $"at: it is good for {GoodForSeconds} s about {claims.At}, the node's clock shows {now}";

        return claims.BodyDigest.Equals(Hash256.Sha256(body).ToString(), StringComparison.OrdinalIgnoreCase) ? null : "body_sha256: it is for another body";
    }

    private Verdict Prove(Address sender, byte[] canonical, SignedBody signed)
    {
        if (signed.Hmac is { } hmac) return node.Accounts.VerifyHmac(sender, canonical, hmac);

        var signature = signed.Signatures!.Value[0];
        if (Address.Of(signature.Key) != sender) return Wrong($"its signature is by {Address.Of(signature.Key)}, expected the sender {sender}");

        return node.Verifier.Verify(signature, Hash256.Sha256(canonical)) is { IsAccepted: false, Refusal: var refusal }
            ? Wrong($"its signature is not one of SHA-256 of the token's canonical form without signatures: {refusal.Detail}")
            : Verdict.Accepted;
    }

    // Nobody but the signer can make another signature of the same, so what is signed twice is two tokens; an hmac of the same is the same.
    private static Hash256 TokenId(byte[] canonical, SignedBody signed)
    {
        if (signed.Signatures is not { } signatures) return Hash256.Sha256(canonical);

        var bytes = new byte[canonical.Length + TransactionSignature.ListSize(signatures.Span)];
        canonical.CopyTo(bytes, 0);
        TransactionSignature.WriteList(signatures.Span, bytes.AsSpan(canonical.Length));
        return Hash256.Sha256(bytes);
    }

    // As it was sent: what a client escapes is its own choice, and it signs what it sends.
    private static string PathOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw ? raw : request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + request.QueryString.ToUriComponent();

    private static Refusal Wrong(string found) => new(RefusalCodes.SignatureInvalid, $"The token of the Authorization header is wrong: {found.TrimEnd('.')}.");

    private sealed record Claims(string Type, string Method, string Path, Address Sender, long At, string BodyDigest, string ChainId, Address Node);
}
