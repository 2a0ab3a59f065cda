using System.ComponentModel.DataAnnotations;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>A new event; the sender is its organiser.</summary>
public sealed record CreateEventDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "create_event";

    /// <inheritdoc/>
    public static string Example =>
        $$"""
        {
          "name": "Midsummer Night",
          "venue": "Harbour Stage",
          "sessions": [{ "date": "2027-06-15", "time": "19:00" }, { "date": "2027-06-16", "time": "19:00" }],
          "time_zone": "Europe/Paris",
          "gates": ["{{ExampleIds.Gate}}"],
          "resale": { "resale": "capped", "max_price_percent": 110, "commission_percent": 5 }
        }
        """;

    /// <summary>1..200 characters.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>1..200 characters.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Venue { get; init; }

    /// <summary>1..366 of them; tickets name theirs by its index, from 0.</summary>
    [MinLength(1), MaxLength(366)]
    public required IReadOnlyList<SessionDocument> Sessions { get; init; }

    /// <summary>An IANA time zone, such as <c>Europe/Paris</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Accounts that may sell officially, beside the organiser.</summary>
    public IReadOnlyList<string>? Sellers { get; init; }

    /// <summary>Accounts that may redeem tickets.</summary>
    public IReadOnlyList<string>? Gates { get; init; }

    /// <summary>The account whose signature an official sale needs beside the seller's; the organiser when left out.</summary>
    [RegularExpression(Forms.Address)]
    public string? EventKey { get; init; }

    /// <summary>Unix seconds before which nothing is bought; official sellers may sell before.</summary>
    [Range(0, Operation.MaxMoment)]
    public long? SaleOpensAt { get; init; }

    /// <summary>The rules every node holds holders and resellers to.</summary>
    public ResaleDocument? Resale { get; init; }
}

/// <summary>One performance.</summary>
public sealed record SessionDocument
{
    /// <summary>ISO date, one that exists.</summary>
    [RegularExpression(@"^\d{4}-\d{2}-\d{2}$")]
    public required string Date { get; init; }

    /// <summary>Hour and minute.</summary>
    [RegularExpression(@"^([01]\d|2[0-3]):[0-5]\d$")]
    public required string Time { get; init; }
}

/// <summary>What holders may do with their tickets. Left out: giving allowed, resale at face value, no commission, return at 100 %.</summary>
public sealed record ResaleDocument
{
    /// <summary>Giving away: <c>allowed</c> or <c>forbidden</c>.</summary>
    [RegularExpression("^(allowed|forbidden)$")]
    public string? Transfer { get; init; }

    /// <summary><c>forbidden</c>, <c>face_value</c>, <c>capped</c> or <c>free</c>.</summary>
    [RegularExpression("^(forbidden|face_value|capped|free)$")]
    public string? Resale { get; init; }

    /// <summary>The cap, in percent of the face price, 0..1000; for <c>capped</c>.</summary>
    [Range(0, 1000)]
    public int? MaxPricePercent { get; init; }

    /// <summary>Taken from each resale, in percent of the price paid, 0..100, rounded down.</summary>
    [Range(0, 100)]
    public int? CommissionPercent { get; init; }

    /// <summary>Who gets the commission; the organiser when left out.</summary>
    [RegularExpression(Forms.Address)]
    public string? CommissionTo { get; init; }

    /// <summary>The only accounts that may resell; anyone when left out.</summary>
    public IReadOnlyList<string>? Resellers { get; init; }

    /// <summary>How often a ticket may be resold.</summary>
    [Range(0, Forms.MaxInteger)]
    public long? MaxResales { get; init; }

    /// <summary>Unix seconds from which tickets may be resold.</summary>
    [Range(0, Operation.MaxMoment)]
    public long? OpensAt { get; init; }

    /// <summary>Unix seconds until which tickets may be resold.</summary>
    [Range(0, Operation.MaxMoment)]
    public long? ClosesAt { get; init; }

    /// <summary>What a returned ticket refunds.</summary>
    public ReturnDocument? Return { get; init; }
}

/// <summary>What a returned ticket refunds.</summary>
public sealed record ReturnDocument
{
    /// <summary>Percent of the face price, 0..1000.</summary>
    [Range(0, 1000)]
    public int? RefundPercent { get; init; }

    /// <summary>Unix seconds until which tickets may be returned.</summary>
    [Range(0, Operation.MaxMoment)]
    public long? Until { get; init; }
}

/// <summary>An event that will not take place: holders claim their money with <c>return_ticket</c>.</summary>
public sealed record CancelEventDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "cancel_event";

    /// <inheritdoc/>
    public static string Example => $$"""{ "event_id": "{{ExampleIds.Event}}" }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string EventId { get; init; }
}

/// <summary>Whether the node may add the event's signature to its kept sellers' sales.</summary>
public sealed record DelegationDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => """{ "enabled": true }""";

    /// <summary>True to allow it.</summary>
    public required bool Enabled { get; init; }
}

/// <summary>A certificate for an organiser's account.</summary>
public sealed record CertificateDocument : IBodyDocument
{
    private const string ExampleChain =
        "-----BEGIN CERTIFICATE-----\\nMIIBuzCCAWGgAwIBAgIUKyPK4zC85eLqUhBDI+eFSN833U0wCgYIKoZIzj0EAwIw\\nMjEVMBMGA1UECgwMRXhhbXBsZSBIYWxsMRkwFwYDVQQDDBBFeGFtcGx"
        + "lIEhhbGwg\\nTHRkMCAXDTI2MTEyNjExMDAwNloYDzIxMjYxMTAyMTEwMDA2WjAyMRUwEwYDVQQK\\nDAxFeGFtcGxlIEhhbGwxGTAXBgNVBAMMEEV4YW1wbGUgSGFsbCBMdGQwWTATBgcq\\nhkjOPQI"
        + "BBggqhkjOPQMBBwNCAATdkqWv0FEisGGaqCZLPPjroTDMc/PveeKmS8G7\\nAZ7SjG90G0XrrMZKdSlsDWM0z4h3mujX3R47F9UYKt9UUbTmo1MwUTAdBgNVHQ4E\\nFgQUfR8afH5B37gXnMbgnTIzF"
        + "R42tZEwHwYDVR0jBBgwFoAUfR8afH5B37gXnMbg\\nnTIzFR42tZEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAFjGuq\\n5vv2A58P4gObd7ZPnAHs8lhU2Kl/qLn3c6cHWAIhAJg"
        + "lqE9UCMp4uhydlxbVd5YE\\nHuMGZxexzpl6tLRz457B\\n-----END CERTIFICATE-----";

    private const string ExampleSignature = "3045022100cb72594f06ce4da88d9063187a052a7adf24ecfb6bd68962c54060f23279f051022020196b6da26a554908ab2952e39c89de8aa42ae7b86f36de385c576828b198ff";

    /// <inheritdoc/>
    /// <remarks>The key of this certificate signed the address of <see cref="ExampleIds.Account"/> and no other: what binds a name to an account can not be made up here.</remarks>
    public static string Example => $$"""{ "chain": "{{ExampleChain}}", "signature": "{{ExampleSignature}}" }""";

    /// <summary>The organiser's certificate and its intermediates in PEM, up to 8 certificates and 32 KiB.</summary>
    [StringLength(32_768, MinimumLength = 1)]
    public required string Chain { get; init; }

    /// <summary>The certificate's key's signature of the address as text without a line feed, in hex: ECDSA (DER or r‖s) or RSA (PKCS #1 or PSS), with SHA-256. `printf %s 0x… | openssl dgst -sha256 -sign leaf.key | xxd -p -c 0`</summary>
    [RegularExpression("^([0-9A-Fa-f]{2}){1,1024}$")]
    public required string Signature { get; init; }
}
