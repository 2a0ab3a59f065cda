using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>The messages of a handshake as canonical JSON. A reader leaves fields alone that it does not know: a later version may say more of itself.</summary>
internal static class HandshakeJson
{
    private const int MaxSoftwareLength = 64;
    private const int MaxWeightDigits = 39;

    /// <summary>A hello.</summary>
    public static byte[] Write(PeerHello hello) => CanonicalJson.Write(JsonValue.Object([.. Claims(hello.Self), Member("to", hello.To), Challenge(hello.Challenge)]));

    /// <summary>The answer to a hello.</summary>
    public static byte[] Write(PeerWelcome welcome) =>
        CanonicalJson.Write(JsonValue.Object([.. Claims(welcome.Self), Challenge(welcome.Challenge), Member("signature", welcome.Signature)]));

    /// <summary>A proof.</summary>
    public static byte[] Write(PeerProof proof) => CanonicalJson.Write(JsonValue.Object([Challenge(proof.Challenge), Member("signature", proof.Signature)]));

    /// <summary>The answer to a proof.</summary>
    public static byte[] Write(SessionToken token) => CanonicalJson.Write(JsonValue.Object([Member("session", token.Reveal())]));

    /// <summary>Reads a hello.</summary>
    public static Verdict<PeerHello> ReadHello(ReadOnlySpan<byte> bytes) => Read(bytes, fields => new PeerHello(ReadClaims(fields), ReadAddress(fields, "to", isRequired: true)!, ReadChallenge(fields)));

    /// <summary>Reads the answer to a hello.</summary>
    public static Verdict<PeerWelcome> ReadWelcome(ReadOnlySpan<byte> bytes) =>
        Read(bytes, fields => new PeerWelcome(ReadClaims(fields), ReadChallenge(fields), ReadSignature(fields)));

    /// <summary>Reads a proof.</summary>
    public static Verdict<PeerProof> ReadProof(ReadOnlySpan<byte> bytes) => Read(bytes, fields => new PeerProof(ReadChallenge(fields), ReadSignature(fields)));

    /// <summary>Reads the answer to a proof.</summary>
    public static Verdict<SessionToken> ReadSession(ReadOnlySpan<byte> bytes) => Read(bytes, fields =>
        SessionToken.TryParse(ReadHex(fields, "session", SessionToken.Size), out var token) ? token : default);

    private static Verdict<T> Read<T>(ReadOnlySpan<byte> bytes, Func<FieldReader, T> read)
        where T : notnull
    {
        if (bytes.Length > PeerLimits.HandshakeBytes) return PeerCodec.Malformed($"has {bytes.Length} bytes, at most {PeerLimits.HandshakeBytes} are expected");
        if (!CanonicalJson.ParseCanonical(bytes).TryGet(out var json, out var refusal)) return PeerCodec.Malformed(refusal);

        var fields = FieldReader.Of(json, ignoresOthers: true);
        var value = read(fields);
        return fields.Finish() is { } fault ? PeerCodec.Malformed($"has no right field {fault.Field}") : value;
    }

    private static IEnumerable<JsonMember> Claims(PeerIdentity self)
    {
        yield return Member("chain_id", self.ChainId);
        yield return Member("genesis", self.Genesis);
        yield return Member("key", self.Key);
        if (self.Address is { } address) yield return Member("address", address);
        if (self.Port is { } port) yield return new JsonMember("port", JsonValue.Of(port));
        yield return Member("software", self.Software);
        yield return new JsonMember("tip", JsonValue.Object(
            [new("height", JsonValue.Of(self.Tip.Height)), Member("weight", self.Tip.Weight.ToString(CultureInfo.InvariantCulture)), Member("hash", self.Tip.Hash)]));
    }

    private static JsonMember Challenge(Hash256 challenge) => Member("challenge", challenge);

    private static JsonMember Member(string name, object value) => new(name, JsonValue.Of(value.ToString()!));

    private static PeerIdentity ReadClaims(FieldReader fields)
    {
        var chainId = fields.Text("chain_id", 1, 64, character => character is > ' ' and <= '~', "printable ASCII characters");
        if (!PublicKey.TryParse(ReadHex(fields, "key", PublicKey.UncompressedSize), out var key)) fields.Refuse("key", "Expected the uncompressed form.");
        var address = ReadAddress(fields, "address", isRequired: false);
        var port = (int?)fields.OptionalInteger("port", 1, 65_535);
        if (address is not null && port is not null) fields.Refuse("port", "Expected none beside an address.");
        var software = fields.Text("software", 1, MaxSoftwareLength, character => character is >= ' ' and <= '~', "printable ASCII characters");
        return new PeerIdentity(chainId, ReadHash(fields, "genesis"), key, address, port, fields.Object("tip", ReadTip), software);
    }

    // Null where it is left out, and where a fault was noted.
    private static PeerAddress? ReadAddress(FieldReader fields, string name, bool isRequired)
    {
        var text = isRequired ? fields.Text(name, 1, PeerAddress.MaxLength, char.IsAscii, "characters") : fields.OptionalText(name, 1, PeerAddress.MaxLength, char.IsAscii, "characters");
        if (text is null) return null;
        if (PeerAddress.TryParse(text, out var address) && address.ToString() == text) return address;

        fields.Refuse(name, "Expected an address as it is written.");
        return null;
    }

    private static PeerTip ReadTip(FieldReader fields) => new(fields.Integer("height", 0, CanonicalJson.MaxInteger), ReadWeight(fields), ReadHash(fields, "hash"));

    private static UInt128 ReadWeight(FieldReader fields)
    {
        var text = fields.Text("weight", 1, MaxWeightDigits, char.IsAsciiDigit, "digits");
        if (!UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight.ToString(CultureInfo.InvariantCulture) != text)
            fields.Refuse("weight", "Expected a number below 2^128 without leading zeros.");
        return weight;
    }

    private static Hash256 ReadChallenge(FieldReader fields) => ReadHash(fields, "challenge");

    private static Hash256 ReadHash(FieldReader fields, string name) => Hash256.TryParse(ReadHex(fields, name, Hash256.Size), out var hash) ? hash : default;

    private static Signature ReadSignature(FieldReader fields) => Signature.TryParse(ReadHex(fields, "signature", Signature.Size), out var signature) ? signature : default;

    private static string ReadHex(FieldReader fields, string name, int size) => fields.Text(name, 2 * size, 2 * size, char.IsAsciiHexDigitLower, "lower-case hex digits");
}
