using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Sales;

/// <summary>An official sale on its way to two signatures: exactly the body of <c>POST /tickets/sell</c>, with those it has so far.</summary>
/// <remarks>
/// The seller is the payload's <c>sender</c>. Which account holds the event's key only the ledger knows, so offline whoever signs and is not the
/// seller signs as the event's key. Either may sign first; in the file the seller's signature stands first, as the contract asks.
/// </remarks>
internal sealed class Sale
{
    private readonly JsonValue _fields;
    private readonly Payload _payload;
    private readonly TransactionSignature? _sellers;
    private readonly TransactionSignature? _eventKeys;

    private Sale(JsonValue fields, Payload payload, TransactionSignature? sellers, TransactionSignature? eventKeys)
    {
        _fields = fields;
        _payload = payload;
        _sellers = sellers;
        _eventKeys = eventKeys;
    }

    /// <summary>What is sold to whom.</summary>
    public SellTicket Terms => (SellTicket)_payload.Operation;

    /// <summary>Who sells.</summary>
    public Address Seller => _payload.Sender;

    /// <summary>The chain it is for.</summary>
    public string ChainId => _payload.ChainId;

    /// <summary>Unix seconds after which no block may hold it.</summary>
    public long ValidUntil => _payload.ValidUntil;

    /// <summary>The transaction's id: what both sign.</summary>
    public Hash256 Id => _payload.Id;

    /// <summary>Whether the seller has signed.</summary>
    public bool HasSeller => _sellers is not null;

    /// <summary>Who has signed as the event's key, or null.</summary>
    public Address? EventKey => _eventKeys is { } signature ? Address.Of(signature.Key) : null;

    /// <summary>A sale that nobody has signed yet.</summary>
    /// <returns>The sale, or the refusals of <see cref="Payload.From"/>.</returns>
    public static Verdict<Sale> Draft(JsonValue payload) => Payload.From(payload).TryGet(out var read, out var refusal) ? Of(payload, read, []) : refusal;

    /// <summary>Reads the file form and checks every signature in it.</summary>
    /// <returns>The sale, or <c>not_verified</c> naming whose signature is wrong; other refusals say what the file is instead.</returns>
    public static Verdict<Sale> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!CanonicalJson.Parse(utf8).TryGet(out var json, out var refusal)) return NoSale(refusal.Detail);
        if (!SignedBody.From(json, TransactionSignature.MaxCount).TryGet(out var signed, out refusal)) return NoSale(refusal.Detail);
        if (signed.Hmac is not null) return NoSale("It is signed with an account's secret (hmac); the signatures carried here are those of keys.");
        if (!Payload.From(signed.Fields).TryGet(out var payload, out refusal)) return NoSale(refusal.Detail) with { Faults = refusal.Faults };

        return Of(signed.Fields, payload, signed.Signatures ?? []);
    }

    /// <summary>The file form: canonical JSON and a line feed.</summary>
    public byte[] Write() => [.. CanonicalJson.Write(Body()), (byte)'\n'];

    /// <summary>The body of <c>POST /tickets/sell</c>.</summary>
    public JsonValue Body()
    {
        var signatures = new List<JsonValue>();
        if (_sellers is { } seller) signatures.Add(SignedBody.Write(seller));
        if (_eventKeys is { } eventKey) signatures.Add(SignedBody.Write(eventKey));
        return _fields.With("signatures", JsonValue.Array(signatures));
    }

    /// <summary>This sale with a wallet's signature too.</summary>
    /// <returns>The sale, or <c>not_verified</c> when the wallet, or another one in its place, has signed already.</returns>
    public Verdict<Sale> With(Wallet wallet)
    {
        var signature = new TransactionSignature(SignatureScheme.P256, wallet.PublicKey, wallet.SignDigest(Id));
        if (wallet.Address == Seller)
        {
            return HasSeller
                ? Refuse($"The seller {Seller} has signed already. If this wallet holds the event's key too, nothing is missing: ticket sell --post. Else the event's key signs, with its own wallet.")
                : new Sale(_fields, _payload, signature, _eventKeys);
        }

        if (EventKey is { } other)
            return Refuse(other == wallet.Address ? $"The event's key {other} has signed already; {Missing()}." : $"{other} has signed as the event's key already; {wallet.Address} can not sign in its place, and is not the seller {Seller}.");

        return new Sale(_fields, _payload, _sellers, signature);
    }

    /// <summary>Whether it can be posted: the seller's signature is there. Where the seller holds the event's key one is enough, which the node knows.</summary>
    public Verdict Complete() => HasSeller ? Verdict.Accepted : new Refusal(RefusalCodes.SignatureMissing, $"The signature of the seller {Seller} is missing; the one of the event's key {EventKey} is there.");

    /// <summary>Whose signatures are there and whose are missing, in words.</summary>
    public string Missing() => (HasSeller, EventKey) switch
    {
        (true, { }) => "both signatures are there",
        (true, null) => "the signature of the event's key is missing, unless the seller holds it",
        (false, { }) => $"the signature of the seller {Seller} is missing",
        _ => "nobody has signed yet",
    };

    private static Verdict<Sale> Of(JsonValue fields, Payload payload, EquatableArray<TransactionSignature> signatures)
    {
        if (payload.Operation is not SellTicket) return NoSale($"It is a {payload.Operation.Type}.");

        using var keys = new P256Verifier(TransactionSignature.MaxCount);
        var verifier = new TransactionVerifier(keys);
        TransactionSignature? sellers = null, eventKeys = null;
        foreach (var signature in signatures)
        {
            var signer = Address.Of(signature.Key);
            var isSeller = signer == payload.Sender;
            var who = isSeller ? $"of the seller {signer}" : $"of {signer}, in the place of the event's key,";
            if (!verifier.Verify(signature, payload.Id).IsAccepted)
                return Refuse($"The signature {who} is wrong: the sale was changed after it was signed, or it belongs to another one.");
            if ((isSeller ? sellers : eventKeys) is not null)
                return Refuse(isSeller ? $"The seller {signer} signed twice." : $"Two signatures, of {Address.Of(eventKeys!.Value.Key)} and {signer}, stand in the place of the event's key; the seller {payload.Sender} has not signed.");

            if (isSeller) sellers = signature;
            else eventKeys = signature;
        }

        return new Sale(fields, payload, sellers, eventKeys);
    }

    private static Refusal NoSale(string why) => new(FailureCodes.File, $"This is no sale as ticket sell --out writes it. {why}");

    private static Refusal Refuse(string sentence) => new(FailureCodes.NotVerified, sentence);
}
