using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What is signed: the RFC 8785 canonical form of a flat JSON object, and what it says.</summary>
/// <remarks>The object is kept as the sender wrote it (no defaults inserted, addresses in their own case), so its id is what the sender computed.</remarks>
public sealed class Payload
{
    /// <summary>Fewest characters of <c>nonce</c>.</summary>
    public const int MinNonceLength = 16;

    /// <summary>Most characters of <c>nonce</c>.</summary>
    public const int MaxNonceLength = 64;

    /// <summary>Longest time that <c>valid_until</c> may lie ahead of the block, in seconds: 30 days.</summary>
    public const long MaxValiditySeconds = 30 * 24 * 3600;

    private Payload(byte[] canonical, in Hash256 id, string chainId, in Address sender, long validUntil, Operation operation)
    {
        Canonical = canonical;
        Id = id;
        ChainId = chainId;
        Sender = sender;
        ValidUntil = validUntil;
        Operation = operation;
    }

    /// <summary>The canonical bytes, at most 64 KiB.</summary>
    public ReadOnlyMemory<byte> Canonical { get; }

    /// <summary>SHA-256 of the canonical bytes: the transaction's id and the digest its signatures sign.</summary>
    public Hash256 Id { get; }

    /// <summary>The chain it is meant for.</summary>
    public string ChainId { get; }

    /// <summary>Who wishes it; the zero address for a <see cref="Reward"/>, which nobody signs.</summary>
    public Address Sender { get; }

    /// <summary>Unix seconds after which no block may hold it, inclusive.</summary>
    public long ValidUntil { get; }

    /// <summary>What is wished.</summary>
    public Operation Operation { get; }

    /// <summary>Reads a payload that somebody sent, in any JSON writing.</summary>
    /// <returns>The payload, or <c>missing_field</c>, <c>unknown_field</c>, <c>invalid_field</c>, <c>too_large</c> with all fields at fault; <c>malformed_json</c> when it is too deep.</returns>
    public static Verdict<Payload> From(JsonValue json)
    {
        if (json.Depth > CanonicalJson.MaxDepth) return new Refusal(RefusalCodes.MalformedJson, $"A payload is at most {CanonicalJson.MaxDepth} deep, this one is {json.Depth}.");

        var canonical = CanonicalJson.Write(json);
        return canonical.Length > CanonicalJson.MaxSize
            ? new Refusal(RefusalCodes.TooLarge, $"A payload takes at most {CanonicalJson.MaxSize} bytes in canonical form, this one takes {canonical.Length}.")
            : Read(FieldReader.Of(json), canonical, Hash256.Sha256(canonical));
    }

    /// <summary>Reads the stored and peer form: exactly the canonical bytes.</summary>
    /// <returns>The payload, or the refusals of <see cref="From"/> and <c>not_canonical</c>.</returns>
    public static Verdict<Payload> Decode(ReadOnlySpan<byte> canonical) => Decode(canonical, null);

    /// <summary>As <see cref="Decode(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="canonical">The canonical bytes.</param>
    /// <param name="chainId">The chain that they are likely for: a text that is the same is not made again.</param>
    internal static Verdict<Payload> Decode(ReadOnlySpan<byte> canonical, string? chainId) =>
        Decode(canonical, new ReadAhead(canonical.Length <= CanonicalJson.MaxSize ? Hash256.Sha256(canonical) : default, default), chainId);

    /// <summary>As <see cref="Decode(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="canonical">The canonical bytes.</param>
    /// <param name="ahead">What is known of them.</param>
    /// <param name="chainId">The chain that they are likely for: a text that is the same is not made again.</param>
    internal static Verdict<Payload> Decode(ReadOnlySpan<byte> canonical, in ReadAhead ahead, string? chainId)
    {
        // What can be read without a tree needs none; what is wrong with anything else, the tree tells.
        if (canonical.Length <= CanonicalJson.MaxSize)
        {
            var owned = canonical.ToArray();
            if (FlatObject.Read(owned) is { } flat && Read(FieldReader.Of(flat, ahead.Sender), owned, ahead.Id, chainId) is { IsAccepted: true } payload) return payload;
        }

        return CanonicalJson.ParseCanonical(canonical).TryGet(out var json, out var refusal) ? Read(FieldReader.Of(json), canonical.ToArray(), ahead.Id) : refusal;
    }

    /// <summary>The reward of block <paramref name="blockIndex"/>.</summary>
    public static Payload OfReward(string chainId, Address recipient, long amount, long blockIndex) => From(JsonValue.Object(
    [
        new("amount", JsonValue.Of(amount)),
        new("block_index", JsonValue.Of(blockIndex)),
        new("chain_id", JsonValue.Of(chainId)),
        new("recipient", JsonValue.Of(recipient.ToString())),
        new("type", JsonValue.Of(Reward.TypeName)),
    ])).Value;

    private static Verdict<Payload> Read(FieldReader fields, byte[] canonical, in Hash256 id, string? likelyChain = null)
    {
        var type = fields.Text("type", 1, 32, char.IsAscii, "characters", OperationTypes.Words);
        var chainId = fields.Text("chain_id", 1, 64, static character => character is > ' ' and <= '~', "printable ASCII characters", new ReadOnlySpan<string?>(in likelyChain));
        var signed = type != Reward.TypeName;
        var sender = signed ? fields.Account("sender") : default;
        if (signed) fields.CheckText("nonce", MinNonceLength, MaxNonceLength, IsNonceCharacter, "characters of A-Z, a-z, 0-9, _ and -");
        var validUntil = signed ? fields.Integer("valid_until", 0, CanonicalJson.MaxInteger) : CanonicalJson.MaxInteger;
        var operation = ReadOperation(type, fields);
        if (operation is null)
        {
            // Without a known type nothing can be said about the other fields but those that all have.
            if (!fields.Has("type")) return fields.FinishEarly();

            return new Refusal(RefusalCodes.InvalidField, $"type: expected one of {string.Join(", ", OperationTypes.All)}.", Field: "type");
        }

        return fields.Finish() is { } refusal ? refusal : new Payload(canonical, id, chainId, sender, validUntil, operation);
    }

    private static bool IsNonceCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';

    private static Operation? ReadOperation(string type, FieldReader fields) => type switch
    {
        CreateEvent.TypeName => CreateEvent.Read(fields),
        UpdateEvent.TypeName => UpdateEvent.Read(fields),
        IssueTickets.TypeName => IssueTickets.Read(fields),
        SellTicket.TypeName => SellTicket.Read(fields),
        PurchaseTicket.TypeName => PurchaseTicket.Read(fields),
        TransferTicket.TypeName => TransferTicket.Read(fields),
        ListTicket.TypeName => ListTicket.Read(fields),
        UnlistTicket.TypeName => UnlistTicket.Read(fields),
        ReturnTicket.TypeName => ReturnTicket.Read(fields),
        RedeemTicket.TypeName => RedeemTicket.Read(fields),
        RevokeTicket.TypeName => RevokeTicket.Read(fields),
        CancelEvent.TypeName => CancelEvent.Read(fields),
        TransferCoins.TypeName => TransferCoins.Read(fields),
        TopUp.TypeName => TopUp.Read(fields),
        Record.TypeName => Record.Read(fields),
        Stake.TypeName => Stake.Read(fields),
        Unstake.TypeName => Unstake.Read(fields),
        Vote.TypeName => Vote.Read(fields),
        Report.TypeName => Report.Read(fields),
        Reward.TypeName => Reward.Read(fields),
        _ => null,
    };
}

/// <summary>The types a client may send.</summary>
public static class OperationTypes
{
    /// <summary>All of them, in the order of the design's table.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CreateEvent.TypeName, UpdateEvent.TypeName, IssueTickets.TypeName, SellTicket.TypeName, PurchaseTicket.TypeName, TransferTicket.TypeName,
        ListTicket.TypeName, UnlistTicket.TypeName, ReturnTicket.TypeName, RedeemTicket.TypeName, RevokeTicket.TypeName, CancelEvent.TypeName,
        TransferCoins.TypeName, TopUp.TypeName, Record.TypeName, Stake.TypeName, Unstake.TypeName, Vote.TypeName, Report.TypeName,
    ];

    /// <summary>The types of payloads, those first that most have.</summary>
    internal static ReadOnlySpan<string?> Words => WordArray;

    private static readonly string[] WordArray = [PurchaseTicket.TypeName, .. All, Reward.TypeName];
}
