using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;

namespace SecuTicket.Cli.Client;

/// <summary>Makes the payloads that are signed.</summary>
public static class Draft
{
    /// <summary>How long a transaction may wait for its block when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultValidity = TimeSpan.FromHours(1);

    private const int NonceBytes = 16;

    /// <summary>A payload: the given fields and the common ones.</summary>
    /// <param name="type">The operation.</param>
    /// <param name="chainId">The chain.</param>
    /// <param name="sender">Who signs first.</param>
    /// <param name="validUntil">Unix seconds.</param>
    /// <param name="fillRandom">Where the nonce comes from: 32 hex digits.</param>
    /// <param name="fields">The operation's own fields.</param>
    public static JsonValue Of(string type, string chainId, Address sender, long validUntil, FillRandom fillRandom, IEnumerable<JsonMember> fields) => JsonValue.Object(
    [
        .. fields,
        new("type", JsonValue.Of(type)),
        new("chain_id", JsonValue.Of(chainId)),
        new("sender", JsonValue.Of(sender.ToString())),
        new("nonce", NonceOf(fillRandom)),
        new("valid_until", JsonValue.Of(validUntil)),
    ]);

    /// <summary>What makes two otherwise equal wishes two.</summary>
    /// <param name="fillRandom">Where it comes from: 32 hex digits.</param>
    public static JsonValue NonceOf(FillRandom fillRandom)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        fillRandom(nonce);
        return JsonValue.Of(Convert.ToHexStringLower(nonce));
    }

    /// <summary>A payload with signatures beside it: the body of a POST.</summary>
    public static JsonValue WithSignatures(JsonValue payload, params IEnumerable<JsonValue> signatures) => payload.With("signatures", JsonValue.Array(signatures));
}
