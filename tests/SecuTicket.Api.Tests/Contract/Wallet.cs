using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Somebody with an account: kept by the node, who has its secret, or not, who has its key. Signs as any client would, from the contract alone.</summary>
public sealed class Wallet : IDisposable
{
    private readonly byte[]? _secret;
    private readonly P256PrivateKey? _key;
    private readonly string _publicKey;
    private readonly string _unique = Guid.NewGuid().ToString("N")[..16];
    private int _count;

    private Wallet(Address address, byte[]? secret, P256PrivateKey? key)
    {
        Address = address;
        _secret = secret;
        _key = key;
        _publicKey = key is null ? string.Empty : PublicKeyOf(key).ToString();
    }

    public Address Address { get; }

    /// <summary>The address as the contract writes it.</summary>
    public string Id => Address.ToString();

    /// <summary>An account that a node keeps.</summary>
    public static Wallet Kept(Address address, string secret) => new(address, Convert.FromHexString(secret), null);

    /// <summary>An account with a key of its own, the same for the same seed; no node needs to know it.</summary>
    public static Wallet Own(string seed) => Own(P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(seed)).Span));

    /// <summary>The exchange authority of the built-in chain.</summary>
    public static Wallet ExchangeAuthority() => Own(P256PrivateKey.FromScalar(DevelopmentChain.ExchangeAuthorityScalar));

    /// <summary>The signed body of a transaction.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="fields">What JSON it has beside the common fields, which it may override; names as the contract writes them.</param>
    /// <param name="now">From which <c>valid_until</c>, a day ahead, is counted.</param>
    /// <param name="others">Who signs it too, with keys of their own.</param>
    public JsonValue Sign(string type, object fields, DateTimeOffset now, params Wallet[] others) => Prove(Payload(type, fields, now), others);

    /// <summary>The payload alone.</summary>
    public JsonValue Payload(string type, object fields, DateTimeOffset now)
    {
        var payload = JsonValue.Object(
        [
            new("type", JsonValue.Of(type)),
            new("chain_id", JsonValue.Of(DevelopmentChain.ChainId)),
            new("sender", JsonValue.Of(Id)),
            new("nonce", JsonValue.Of($"{_unique}-{Interlocked.Increment(ref _count):x8}")),
            new("valid_until", JsonValue.Of(now.AddDays(1).ToUnixTimeSeconds())),
        ]);
        return Json(fields).Members.Aggregate(payload, (json, field) => json.With(field.Name, field.Value));
    }

    /// <summary>The payload with its proof beside it: <c>hmac</c> of a kept account, <c>signatures</c> of all others.</summary>
    public JsonValue Prove(JsonValue payload, params Wallet[] others)
    {
        var canonical = CanonicalJson.Write(payload);
        if (_secret is not null)
        {
            Span<byte> tag = stackalloc byte[32];
            System.Security.Cryptography.HMACSHA256.HashData(_secret, canonical, tag);
            payload = payload.With("hmac", JsonValue.Of(Convert.ToHexStringLower(tag)));
        }

        var signers = _key is null ? others : [this, .. others];
        return signers.Length == 0 ? payload : payload.With("signatures", JsonValue.Array(signers.Select(signer => signer.Signature(canonical))));
    }

    /// <summary>JSON of an anonymous object, or of what is JSON already.</summary>
    public static JsonValue Json(object fields) => fields as JsonValue ?? CanonicalJson.Parse(JsonSerializer.SerializeToUtf8Bytes(fields), int.MaxValue).Value;

    public void Dispose() => _key?.Dispose();

    private static Wallet Own(P256PrivateKey key) => new(Address.Of(PublicKeyOf(key)), null, key);

    private static PublicKey PublicKeyOf(P256PrivateKey key)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        return new PublicKey(point);
    }

    /// <summary>A message with this key and its signature behind it, as evidence holds it: hex.</summary>
    public string State(byte[] message)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        Span<byte> signature = stackalloc byte[64];
        _key!.CopyPublicKey(point);
        _key.Sign(Hash256.Sha256(message).Span, signature);
        return Convert.ToHexStringLower([.. message, .. point, .. signature]);
    }

    private JsonValue Signature(byte[] canonical)
    {
        Span<byte> signature = stackalloc byte[64];
        _key!.Sign(Hash256.Sha256(canonical).Span, signature);
        return JsonValue.Object(
        [
            new("scheme", JsonValue.Of("p256")),
            new("public_key", JsonValue.Of(_publicKey)),
            new("signature", JsonValue.Of(Convert.ToHexStringLower(signature))),
        ]);
    }
}
