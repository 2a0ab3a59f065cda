using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>How a gate proves that a receipt is its own.</summary>
public abstract record ReceiptProof
{
    private ReceiptProof()
    {
    }

    /// <summary>ECDSA P-256 with the receipt's hash as digest: of a gate that keeps its key.</summary>
    /// <param name="Key">The gate's key.</param>
    /// <param name="Value">Raw r ‖ s, low s.</param>
    public sealed record P256(PublicKey Key, Signature Value) : ReceiptProof;

    /// <summary>HMAC-SHA256 of the receipt's canonical form under the account's secret: of a gate whose key the node keeps.</summary>
    /// <param name="Tag">32 bytes.</param>
    public sealed record Hmac(Hash256 Tag) : ReceiptProof;
}

/// <summary>A receipt and the proof beside it: the six fields that <c>POST /gate/receipts</c> takes.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Proof">The proof; not part of the receipt's hash, so nobody but the gate can change that.</param>
public sealed record SignedReceipt(GateReceipt Receipt, ReceiptProof Proof)
{
    /// <summary>Most receipts of one upload.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>Reads the six fields. <c>ticket_id</c> may be null or left out where the code is unreadable; DER and high s are read and made canonical, as at every edge.</summary>
    /// <param name="fields">The receipt's object.</param>
    /// <param name="scope">Whose it is: what stands around the receipts.</param>
    public static SignedReceipt Read(FieldReader fields, GateScope scope)
    {
        var ticket = ReadTicket(fields);
        var at = fields.Integer("at", 0, Operation.MaxMoment);
        var word = fields.Text("result", 1, 32, char.IsAscii, "characters");
        if (!GateResultWords.TryParse(word, out var result) && word.Length > 0) fields.Refuse("result", $"Expected one of: {string.Join(", ", GateResultWords.All)}.");
        var code = fields.Text("code", 0, GateReceipt.MaxCodeLength, GateReceipt.IsPrintable, "printable ASCII characters");
        if (!Hash256.TryParse(TextOf(fields, "previous"), out var previous)) fields.Refuse("previous", "Expected 64 lower-case hex digits: the hash of the receipt before, zeros for the first.");
        fields.Any("signature");
        var proof = fields.OptionalObject("signature", ReadProof) ?? new ReceiptProof.Hmac(default);
        return new SignedReceipt(new GateReceipt(scope, ticket, at, result, code, previous), proof);
    }

    /// <summary>Whether the gate that the receipt names signed it.</summary>
    /// <returns>Accepted or <c>signature_invalid</c>; a <see cref="ReceiptProof.Hmac"/> one can be checked by the node that keeps the account only, and is <c>unknown_account</c> here.</returns>
    public Verdict Verify(TransactionVerifier verifier)
    {
        if (Proof is not ReceiptProof.P256 signed) return new Refusal(RefusalCodes.UnknownAccount, "An HMAC can be checked by the node that keeps the account only.");
        if (Address.Of(signed.Key) != Receipt.Scope.Gate)
            return new Refusal(RefusalCodes.SignatureInvalid, $"The receipt is signed by {Address.Of(signed.Key)}, expected the gate {Receipt.Scope.Gate}.");

        return verifier.VerifyDigest(signed.Key, Receipt.Hash, signed.Value)
            ? Verdict.Accepted
            : new Refusal(RefusalCodes.SignatureInvalid, $"The signature is not one of the receipt {Receipt.Hash} by the gate {Receipt.Scope.Gate}.");
    }

    /// <summary>The six fields.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("at", JsonValue.Of(Receipt.At)),
        new("code", JsonValue.Of(Receipt.Code)),
        new("previous", JsonValue.Of(Receipt.Previous.ToString())),
        new("result", JsonValue.Of(GateResultWords.Of(Receipt.Result))),
        new("signature", ToJson(Proof)),
        new("ticket_id", Receipt.Ticket is { } ticket ? JsonValue.Of(ticket.ToString()) : JsonValue.Null),
    ]);

    /// <summary>The body of an upload.</summary>
    /// <param name="scope">Whose receipts.</param>
    /// <param name="receipts">The receipts, <see cref="MaxBatch"/> at most, all of that scope.</param>
    public static JsonValue BodyOf(GateScope scope, IEnumerable<SignedReceipt> receipts)
    {
        var body = JsonValue.Object([new("gate", JsonValue.Of(scope.Gate.ToString())), new("receipts", JsonValue.Array(receipts.Select(static one => one.ToJson())))]);
        return scope.Event is { } id ? body.With("event_id", JsonValue.Of(id.ToString())) : body;
    }

    private static TicketId? ReadTicket(FieldReader fields)
    {
        if (!fields.Has("ticket_id") || fields.Any("ticket_id") is { Kind: JsonKind.Null }) return null;

        return fields.Ticket("ticket_id");
    }

    private static ReceiptProof ReadProof(FieldReader fields)
    {
        var scheme = TextOf(fields, "scheme");
        if (scheme == "hmac-sha256")
        {
            if (!Hash256.TryParse(TextOf(fields, "hmac").ToLowerInvariant(), out var hmac)) fields.Refuse("hmac", "Expected 64 hex digits.");
            return new ReceiptProof.Hmac(hmac);
        }

        if (scheme != "p256")
        {
            // Which fields belong to an unknown scheme is not known either.
            fields.Refuse("scheme", "Expected p256 or hmac-sha256.");
            foreach (var field in (string[])["hmac", "public_key", "signature"]) fields.Has(field);
            return new ReceiptProof.Hmac(default);
        }

        if (!PublicKey.TryParse(TextOf(fields, "public_key"), out var key)) fields.Refuse("public_key", "Expected 04 and 128 hex digits: the SEC1 uncompressed point.");
        if (!Signature.TryParseLenient(TextOf(fields, "signature"), out var value)) fields.Refuse("signature", "Expected the hex digits of r‖s (128) or of DER.");
        return new ReceiptProof.P256(key, value);
    }

    private static JsonValue ToJson(ReceiptProof proof) => proof switch
    {
        ReceiptProof.P256 signed => JsonValue.Object(
        [
            new("public_key", JsonValue.Of(signed.Key.ToString())), new("scheme", JsonValue.Of("p256")), new("signature", JsonValue.Of(signed.Value.ToString())),
        ]),
        ReceiptProof.Hmac tagged => JsonValue.Object([new("hmac", JsonValue.Of(tagged.Tag.ToString())), new("scheme", JsonValue.Of("hmac-sha256"))]),
        _ => throw new ArgumentOutOfRangeException(nameof(proof)),
    };

    private static string TextOf(FieldReader fields, string name) => fields.Any(name) is { Kind: JsonKind.String } value ? value.Text : string.Empty;
}
