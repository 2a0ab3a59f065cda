using System.ComponentModel.DataAnnotations;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>What a gate did, in order.</summary>
public sealed record ReceiptsDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example =>
        $$"""
        { "gate": "{{ExampleIds.Gate}}", "receipts": [ { "at": 1813000000, "result": "invalid", "code": "something that is no code",
          "previous": "0000000000000000000000000000000000000000000000000000000000000000",
          "signature": { "scheme": "hmac-sha256", "hmac": "0000000000000000000000000000000000000000000000000000000000000000" } } ] }
        """;

    /// <summary>The gate's account.</summary>
    [RegularExpression(Forms.Address)]
    public required string Gate { get; init; }

    /// <summary>The event it works for, where it signs that too.</summary>
    [RegularExpression(Forms.Id)]
    public string? EventId { get; init; }

    /// <summary>Up to 1,000 receipts.</summary>
    [MaxLength(1_000)]
    public required IReadOnlyList<ReceiptDocument> Receipts { get; init; }
}

/// <summary>What a gate found about one scan.</summary>
public sealed record ReceiptDocument
{
    /// <summary>The ticket that the code names; null, or left out, where it can not be read.</summary>
    [RegularExpression(Forms.Id)]
    public string? TicketId { get; init; }

    /// <summary>The gate's clock, in unix seconds.</summary>
    [Range(0, Operation.MaxMoment)]
    public required long At { get; init; }

    /// <summary>A result of <c>POST /gate/scan</c>.</summary>
    public required string Result { get; init; }

    /// <summary>What was scanned: its first 512 characters, ? for what is not printable ASCII.</summary>
    [StringLength(512)]
    public required string Code { get; init; }

    /// <summary>Hash of the receipt before, 64 hex digits; zeros for the first.</summary>
    [RegularExpression("^[0-9a-f]{64}$")]
    public required string Previous { get; init; }

    /// <summary>The gate's proof over the receipt's canonical form, see docs/protocol.md.</summary>
    public required ReceiptProofDocument Signature { get; init; }
}

/// <summary>A gate's signature, or the HMAC of a gate whose key the node keeps.</summary>
public sealed record ReceiptProofDocument
{
    /// <summary><c>p256</c> or <c>hmac-sha256</c>.</summary>
    [RegularExpression("^(p256|hmac-sha256)$")]
    public required string Scheme { get; init; }

    /// <summary>With <c>p256</c>: the SEC1 uncompressed point.</summary>
    public string? PublicKey { get; init; }

    /// <summary>With <c>p256</c>: hex of r‖s or of DER, with the receipt's hash as digest.</summary>
    public string? Signature { get; init; }

    /// <summary>With <c>hmac-sha256</c>: 64 hex digits.</summary>
    [RegularExpression(Forms.Digest)]
    public string? Hmac { get; init; }
}

/// <summary>A device that would be a gate.</summary>
public sealed record PairDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "code": "{{ExampleIds.PairingCode}}", "name": "North entrance" }""";

    /// <summary>The code that the organiser was given; case and hyphens do not matter.</summary>
    [StringLength(32, MinimumLength = 1)]
    public required string Code { get; init; }

    /// <summary>What the device calls itself, for the organiser to see.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }
}

/// <summary>The tickets of an event as a gate without a network knows them; canonical JSON, see docs/protocol.md.</summary>
public sealed record RosterDocument
{
    /// <summary><c>gate_roster</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The chain.</summary>
    public required string ChainId { get; init; }

    /// <summary>The event, 32 hex digits.</summary>
    public required string EventId { get; init; }

    /// <summary>The event itself.</summary>
    public required RosterEventDocument Event { get; init; }

    /// <summary>The account of the node that signs.</summary>
    public required string Node { get; init; }

    /// <summary>Index of the block it is fresh to: give it as <c>since</c> next time.</summary>
    public required long Version { get; init; }

    /// <summary>The same index.</summary>
    public required long Height { get; init; }

    /// <summary>Hash of that block: give it as <c>tip</c> next time.</summary>
    public required string Tip { get; init; }

    /// <summary>Whether it replaces what was known; else its entries changed after <c>since</c>.</summary>
    public required bool Full { get; init; }

    /// <summary>Of changes: the index of the block that they start after.</summary>
    public long? Since { get; init; }

    /// <summary>Of changes: that block's hash.</summary>
    public string? SinceTip { get; init; }

    /// <summary>The tickets.</summary>
    public required IReadOnlyList<RosterEntryDocument> Entries { get; init; }

    /// <summary>The node's signature over the canonical form of the rest.</summary>
    public required SignatureDocument Signature { get; init; }
}

/// <summary>An event, as a gate needs it.</summary>
public sealed record RosterEventDocument
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public required string Venue { get; init; }

    /// <summary>Its performances.</summary>
    public required IReadOnlyList<SessionDocument> Sessions { get; init; }

    /// <summary>IANA name of their time zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Accounts that may let people in.</summary>
    public required IReadOnlyList<string> Gates { get; init; }

    /// <summary>Whether it is cancelled.</summary>
    public required bool Cancelled { get; init; }
}

/// <summary>A ticket, as a gate needs it.</summary>
public sealed record RosterEntryDocument
{
    /// <summary>32 hex digits.</summary>
    public required string TicketId { get; init; }

    /// <summary>Index of the session.</summary>
    public required int Session { get; init; }

    /// <summary>The seat.</summary>
    public required string Seat { get; init; }

    /// <summary>Who has it.</summary>
    public required string Owner { get; init; }

    /// <summary><c>unsold</c>, <c>sold</c>, <c>listed</c>, <c>redeemed</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }

    /// <summary>RFC 3339, with <c>redeemed</c>.</summary>
    public string? RedeemedAt { get; init; }
}
