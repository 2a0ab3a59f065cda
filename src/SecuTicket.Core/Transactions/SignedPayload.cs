using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What a client sent, read and not proven yet: the payload, and the proof beside it.</summary>
/// <param name="Payload">What is signed.</param>
/// <param name="Hmac">HMAC-SHA256 of its canonical form, 32 bytes; null when none was sent.</param>
/// <param name="Signatures">Signatures of its id; null when none were sent.</param>
public readonly record struct SignedPayload(Payload Payload, byte[]? Hmac, EquatableArray<TransactionSignature>? Signatures)
{
    /// <summary>Reads a body in any JSON writing.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="type">The type of a route that implies one, which then may be left out of the body, as may the chain id; null where both must be given.</param>
    /// <param name="chainId">The chain that is implied with it.</param>
    /// <returns>The parts, or the refusals of <see cref="CanonicalJson.Parse"/>, <see cref="SignedBody.From"/> and <see cref="Transactions.Payload.From"/>.</returns>
    public static Verdict<SignedPayload> Read(ReadOnlySpan<byte> utf8, string? type, string chainId)
    {
        if (FlatBody.TryRead(utf8, type, chainId, out var flat)) return flat;
        if (!CanonicalJson.Parse(utf8).TryGet(out var json, out var refusal)) return refusal;
        if (!SignedBody.From(json, TransactionSignature.MaxCount).TryGet(out var body, out refusal)) return refusal;

        return Payload.From(Complete(body.Fields, type, chainId)).TryGet(out var payload, out refusal) ? new SignedPayload(payload, body.Hmac, body.Signatures) : refusal;
    }

    private static JsonValue Complete(JsonValue signed, string? type, string chainId)
    {
        if (type is null) return signed;
        if (signed.Find("type") is null) signed = signed.With("type", JsonValue.Of(type));
        return signed.Find("chain_id") is null ? signed.With("chain_id", JsonValue.Of(chainId)) : signed;
    }
}
