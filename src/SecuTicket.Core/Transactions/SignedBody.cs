using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What a client sent: the fields that are signed, and the proof beside them.</summary>
/// <param name="Fields">The fields that are signed.</param>
/// <param name="Hmac">HMAC-SHA256 of their canonical form, 32 bytes; null when none was sent.</param>
/// <param name="Signatures">Signatures of their canonical form; null when none were sent.</param>
public sealed record SignedBody(JsonValue Fields, byte[]? Hmac, EquatableArray<TransactionSignature>? Signatures)
{
    private const string HmacField = "hmac";
    private const string SignaturesField = "signatures";
    private const string AuthenticatorField = "authenticator_data";
    private const string ClientField = "client_data_json";

    /// <summary>The word of <see cref="SignatureScheme.P256"/>.</summary>
    public const string PlainScheme = "p256";

    /// <summary>The word of <see cref="SignatureScheme.Webauthn"/>.</summary>
    public const string PasskeyScheme = "webauthn";

    /// <summary>Takes the proof out of a JSON object, strictly.</summary>
    /// <param name="json">The object.</param>
    /// <param name="maxSignatures">More are refused.</param>
    /// <returns>The parts, or <c>invalid_field</c>, or of a signature's members <c>missing_field</c> or <c>unknown_field</c>.</returns>
    public static Verdict<SignedBody> From(JsonValue json, int maxSignatures)
    {
        if (json.Kind != JsonKind.Object) return new Refusal(RefusalCodes.MalformedJson, "The body must be a JSON object.");

        byte[]? hmac = null;
        if (json.Find(HmacField) is { } tag)
        {
            hmac = new byte[Hash256.Size];
            if (tag.Kind != JsonKind.String || !Hex.TryDecodeAnyCase(tag.Text, hmac))
                return Invalid(HmacField, "Expected 64 hex digits.");
        }

        EquatableArray<TransactionSignature>? signatures = null;
        if (json.Find(SignaturesField) is { } list)
        {
            if (list.Kind != JsonKind.Array || list.Items.Count > maxSignatures) return Invalid(SignaturesField, $"Expected an array of at most {maxSignatures} signatures.");

            var read = new TransactionSignature[list.Items.Count];
            for (var i = 0; i < read.Length; i++)
            {
                if (!ReadSignature(list.Items[i], $"{SignaturesField}[{i}]").TryGet(out var one, out var refusal)) return refusal;

                read[i] = one;
            }

            if (read.Length > 0) signatures = new EquatableArray<TransactionSignature>(read);
        }

        return new SignedBody(json.Without(HmacField).Without(SignaturesField), hmac, signatures);
    }

    /// <summary>A signature as it stands in <c>signatures</c>.</summary>
    public static JsonValue Write(in TransactionSignature signature)
    {
        var written = JsonValue.Object(
        [
            new("scheme", JsonValue.Of(signature.Assertion is null ? PlainScheme : PasskeyScheme)),
            new("public_key", JsonValue.Of(signature.Key.ToString())),
            new("signature", JsonValue.Of(signature.Value.ToString())),
        ]);
        return signature.Assertion is { } assertion
            ? written.With(AuthenticatorField, JsonValue.Of(assertion.AuthenticatorDataText)).With(ClientField, JsonValue.Of(assertion.ClientDataText))
            : written;
    }

    private static Verdict<TransactionSignature> ReadSignature(JsonValue json, string path)
    {
        if (json.Kind != JsonKind.Object) return Invalid(path, "Expected an object with scheme, public_key and signature.");

        var scheme = json.Find("scheme") is { Kind: JsonKind.String } word ? word.Text : null;
        var isPasskey = scheme == PasskeyScheme;
        string[] names = isPasskey ? ["scheme", "public_key", "signature", AuthenticatorField, ClientField] : ["scheme", "public_key", "signature"];
        if (names.FirstOrDefault(name => json.Find(name) is null) is { } missing) return new Refusal(RefusalCodes.MissingField, $"Missing: {path}.{missing}.", Field: $"{path}.{missing}");
        foreach (var member in json.Members)
            if (!names.Contains(member.Name)) return new Refusal(RefusalCodes.UnknownField, $"Not known here: {path}.{member.Name}.", Field: $"{path}.{member.Name}");

        if (scheme is not (PlainScheme or PasskeyScheme)) return Invalid($"{path}.scheme", $"Expected {PlainScheme} or {PasskeyScheme}.");
        if (json.Find("public_key") is not { Kind: JsonKind.String } keyText || !PublicKey.TryParse(keyText.Text, out var key))
            return Invalid($"{path}.public_key", "Expected 04 and 128 hex digits: the SEC1 uncompressed point.");
        if (json.Find("signature") is not { Kind: JsonKind.String } text || !TryReadSignature(text.Text, out var signature))
            return Invalid($"{path}.signature", "Expected the hex digits of r‖s (128) or of DER.");
        if (!isPasskey) return new TransactionSignature(SignatureScheme.P256, key, signature);

        if (json.Find(AuthenticatorField) is not { Kind: JsonKind.String } authenticatorText || !PasskeyAssertion.TryParseAuthenticatorData(authenticatorText.Text, out var authenticator))
            return Invalid($"{path}.{AuthenticatorField}", $"Expected the hex digits of {PasskeyAssertion.MinAuthenticatorDataSize} to {PasskeyAssertion.MaxAuthenticatorDataSize} bytes.");
        if (json.Find(ClientField) is not { Kind: JsonKind.String } clientText || !PasskeyAssertion.TryParseClientData(clientText.Text, out var client))
            return Invalid($"{path}.{ClientField}", $"Expected base64url, without padding, of 1 to {PasskeyAssertion.MaxClientDataSize} bytes.");

        return new TransactionSignature(SignatureScheme.Webauthn, key, signature, new PasskeyAssertion(authenticator, client));
    }

    // 128 hex digits whose r or s no signature has are well formed and wrong: the verifier's to refuse, as it does any other wrong one.
    private static bool TryReadSignature(string text, out Signature signature) =>
        Signature.TryParseLenient(text, out signature) || Signature.TryParse(text.ToLowerInvariant(), out signature);

    private static Refusal Invalid(string field, string message) => new(RefusalCodes.InvalidField, $"{field}: {message}", Field: field);
}
