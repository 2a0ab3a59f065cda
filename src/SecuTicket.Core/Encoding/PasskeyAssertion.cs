using System.Buffers.Text;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>What a passkey signed, but for the signature: the authenticator's bytes and the browser's, which holds the challenge.</summary>
/// <remarks>
/// W3C WebAuthn Level 3, section 7.2, without what needs a server that remembers: no counter, no list of credentials (the account <em>is</em> the key), no attestation. Both parts are kept
/// byte for byte, as they were signed: browsers add members of their own to client data, and say that nobody should compare it with a template.
/// </remarks>
/// <param name="AuthenticatorData">SHA-256 of the relying party's id (32 bytes) ‖ flags (1) ‖ counter (4), and extensions where the flags say so.</param>
/// <param name="ClientData">The browser's JSON.</param>
public sealed record PasskeyAssertion(EquatableArray<byte> AuthenticatorData, EquatableArray<byte> ClientData)
{
    /// <summary>Bytes of authenticator data without extensions: 37.</summary>
    public const int MinAuthenticatorDataSize = Hash256.Size + 1 + sizeof(uint);

    /// <summary>Most bytes of authenticator data: 255.</summary>
    public const int MaxAuthenticatorDataSize = 255;

    /// <summary>Most bytes of client data: 1 KiB. Browsers write some 130 and an origin, and 130 more when they remind of that.</summary>
    public const int MaxClientDataSize = 1_024;

    private const string AssertionType = "webauthn.get";
    private const byte UserPresent = 0x01;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte AttestedCredential = 0x40;
    private const byte Extensions = 0x80;
    private const int CborMap = 5;

    /// <summary>SHA-256(authenticator data ‖ SHA-256(client data)): what the key signed.</summary>
    public Hash256 Digest
    {
        get
        {
            Span<byte> signed = stackalloc byte[MaxAuthenticatorDataSize + Hash256.Size];
            AuthenticatorData.Span.CopyTo(signed);
            Hash256.Sha256(ClientData.Span).Span.CopyTo(signed[AuthenticatorData.Count..]);
            return Hash256.Sha256(signed[..(AuthenticatorData.Count + Hash256.Size)]);
        }
    }

    /// <summary>The challenge's text: base64url of 32 bytes, without padding.</summary>
    public static string ChallengeOf(in Hash256 digest) => Base64Url.EncodeToString(digest.Span);

    /// <summary>Reads the hex digits of authenticator data, either case; false for a size that it can not have.</summary>
    public static bool TryParseAuthenticatorData(ReadOnlySpan<char> text, out EquatableArray<byte> value)
    {
        var isSized = text.Length % 2 == 0 && text.Length / 2 is >= MinAuthenticatorDataSize and <= MaxAuthenticatorDataSize;
        var bytes = isSized ? new byte[text.Length / 2] : [];
        value = new EquatableArray<byte>(bytes);
        return isSized && Hex.TryDecodeAnyCase(text, bytes);
    }

    /// <summary>Reads the base64url of client data, without padding; false for more than it may have. What it says is not asked here.</summary>
    public static bool TryParseClientData(ReadOnlySpan<char> text, out EquatableArray<byte> value)
    {
        value = [];
        if (text.IsEmpty || text.Length > Base64Url.GetEncodedLength(MaxClientDataSize) || !Base64Url.IsValid(text, out var size) || size > MaxClientDataSize) return false;

        // Of the texts that decode to the same bytes, the one that browsers write.
        var bytes = Base64Url.DecodeFromChars(text);
        value = new EquatableArray<byte>(bytes);
        return text.SequenceEqual(Base64Url.EncodeToString(bytes));
    }

    /// <summary>Where client data says that the page was; null where it says nothing that can be read.</summary>
    public string? Origin => CanonicalJson.Parse(ClientData.Span, MaxClientDataSize).TryGet(out var client, out _) && client.Kind == JsonKind.Object ? TextOf(client, "origin") : null;

    /// <summary>Hex digits of the authenticator data, lower case.</summary>
    public string AuthenticatorDataText => Convert.ToHexStringLower(AuthenticatorData.Span);

    /// <summary>Base64url of the client data, without padding.</summary>
    public string ClientDataText => Base64Url.EncodeToString(ClientData.Span);

    /// <summary>Checks everything but the signature: type, challenge, where the page was, the relying party, and that somebody was there.</summary>
    /// <param name="challenge">What the holder was to sign: a transaction's id, or the digest of a code or a token.</param>
    /// <returns>Accepted, or <c>signature_invalid</c> with what is wrong.</returns>
    public Verdict Check(in Hash256 challenge)
    {
        if (AuthenticatorData.Count is < MinAuthenticatorDataSize or > MaxAuthenticatorDataSize) return Wrong($"authenticator data has {MinAuthenticatorDataSize} to {MaxAuthenticatorDataSize} bytes, found {AuthenticatorData.Count}");
        if (!CanonicalJson.Parse(ClientData.Span, MaxClientDataSize).TryGet(out var client, out var refusal)) return Wrong($"client data: {refusal.Detail.TrimEnd('.')}");
        if (client.Kind != JsonKind.Object) return Wrong("client data is no JSON object");
        if (TextOf(client, "type") is var type && type != AssertionType) return Wrong($"client data's type is {Shown(type)}, expected {AssertionType}");
        if (TextOf(client, "challenge") is var found && found != ChallengeOf(challenge)) return Wrong($"client data's challenge is {Shown(found)}, expected {ChallengeOf(challenge)}: base64url of {challenge}");
        if (client.Find("crossOrigin") is { Kind: not JsonKind.False }) return Wrong("crossOrigin is not false: the page stood in a frame of another one");
        if (client.Find("topOrigin") is not null) return Wrong("there is a topOrigin: the page stood in a frame of another one");
        if (!WebOrigin.TryParse(TextOf(client, "origin") ?? string.Empty, out var origin))
            return Wrong($"client data's origin is {Shown(TextOf(client, "origin"))}, expected https:// and a domain, or http://localhost");
        if (!origin.BelongsTo(new Hash256(AuthenticatorData.Span[..Hash256.Size]))) return Wrong($"the relying party is neither {origin.Host} nor a domain above it");

        return RefuseFlags() is { } flags ? flags : Verdict.Accepted;
    }

    private Refusal? RefuseFlags()
    {
        var flags = AuthenticatorData[Hash256.Size];
        var rest = AuthenticatorData.Span[MinAuthenticatorDataSize..];
        if ((flags & UserPresent) == 0) return Wrong("nobody was there: the flag UP of authenticator data is not set");
        if ((flags & (BackupEligible | BackedUp)) == BackedUp) return Wrong("authenticator data has the flag BS without BE");
        if ((flags & AttestedCredential) != 0) return Wrong("authenticator data has the flag AT, which assertions have not");

        return (flags & Extensions) == 0 == rest.IsEmpty && (rest.IsEmpty || rest[0] >> 5 == CborMap)
            ? null
            : Wrong("authenticator data has extensions exactly where the flag ED is set, and they are a CBOR map");
    }

    private static string? TextOf(JsonValue client, string name) => client.Find(name) is { Kind: JsonKind.String } value ? value.Text : null;

    private static string Shown(string? text) => text is null ? "missing" : $"«{text}»";

    private static Refusal Wrong(string found) => new(RefusalCodes.SignatureInvalid, $"{found}.");
}
