using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.World;

/// <summary>An account whose key is at hand.</summary>
internal sealed class Signer : IDisposable
{
    // Every nonce of a run is another one, and as long as those that clients draw.
    private static long _nextNonce;

    private readonly P256PrivateKey _key = P256PrivateKey.Generate();
    private readonly JsonValue _sender;

    private readonly bool _signs;

    /// <param name="signs">False for one whose signatures are zeros: for transactions that are read again and again and never checked, of which there are many.</param>
    public Signer(bool signs = true)
    {
        _signs = signs;
        Span<byte> point = stackalloc byte[Core.Primitives.PublicKey.Size];
        _key.CopyPublicKey(point);
        PublicKey = new PublicKey(point);
        Address = Address.Of(PublicKey);
        _sender = JsonValue.Of(Address.ToString());
    }

    public PublicKey PublicKey { get; }

    public Address Address { get; }

    /// <summary>A transaction with this account's signature.</summary>
    /// <param name="chainId">The chain it is for.</param>
    /// <param name="type">The operation.</param>
    /// <param name="validUntil">Unix seconds.</param>
    /// <param name="fields">The operation's own fields.</param>
    public Transaction Sign(string chainId, string type, long validUntil, params ReadOnlySpan<JsonMember> fields)
    {
        var nonce = $"bench-{Interlocked.Increment(ref _nextNonce):x16}";
        JsonMember[] members =
        [
            new("chain_id", JsonValue.Of(chainId)),
            new("nonce", JsonValue.Of(nonce)),
            new("sender", _sender),
            new("type", JsonValue.Of(type)),
            new("valid_until", JsonValue.Of(validUntil)),
            .. fields,
        ];
        var payload = Payload.From(JsonValue.Object(members)).Value;
        Span<byte> signature = stackalloc byte[Signature.Size];
        signature.Clear();
        if (_signs) _key.Sign(payload.Id.Span, signature);
        return new Transaction(payload, [new TransactionSignature(SignatureScheme.P256, PublicKey, new Signature(signature))]);
    }

    /// <summary>What its holder shows at the gate for a ticket, of the year 2001.</summary>
    public string CodeOf(string chainId, TicketId ticket)
    {
        const uint At = 1_000_000_000;
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(GateCode.Digest(chainId, ticket, At).Span, signature);
        return new GateCode(ticket, At, PublicKey, new Signature(signature)).Format();
    }

    /// <summary>What a client posts for a transaction: the payload's fields and the signatures.</summary>
    public static byte[] BodyOf(Transaction transaction)
    {
        var signature = transaction.Signatures[0];
        var proof = $",\"signatures\":[{{\"scheme\":\"p256\",\"public_key\":\"{signature.Key}\",\"signature\":\"{Convert.ToHexStringLower(signature.Value.Span)}\"}}]}}";
        return [.. transaction.Payload.Canonical.Span[..^1], .. System.Text.Encoding.ASCII.GetBytes(proof)];
    }

    public void Dispose() => _key.Dispose();
}
