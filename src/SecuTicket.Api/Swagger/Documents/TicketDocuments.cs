using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>New tickets of one session at one price, by the event's organiser.</summary>
public sealed record IssueTicketsDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "issue_tickets";

    /// <inheritdoc/>
    public static string Example => $$"""{ "event_id": "{{ExampleIds.Event}}", "session": 0, "seats": ["A-1", "A-2", "A-3"], "price": 5000 }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string EventId { get; init; }

    /// <summary>Index of the event's session, from 0.</summary>
    [Range(0, 365)]
    public required int Session { get; init; }

    /// <summary>1..1000 different seats, each 1..32 printable ASCII characters.</summary>
    [MinLength(1), MaxLength(1000)]
    public required IReadOnlyList<string> Seats { get; init; }

    /// <summary>Face price in minor units (cents).</summary>
    [Range(0, Forms.MaxInteger)]
    public required long Price { get; init; }
}

/// <summary>An official sale, paid outside the chain; signed by an official seller and by the event's key.</summary>
public sealed record SellTicketDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "sell_ticket";

    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "recipient": "{{ExampleIds.OtherAccount}}", "reference": "{{ExampleIds.Reference}}" }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>Who gets the ticket.</summary>
    [RegularExpression(Forms.Address)]
    public required string Recipient { get; init; }

    /// <summary>What was paid, in minor units.</summary>
    [Range(0, Forms.MaxInteger)]
    public long? Price { get; init; }

    /// <summary>The payment's reference, 1..64 characters.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Reference { get; init; }

    /// <summary>A salted commitment to the holder's identity, 64 hex digits; nothing about anyone can be read from it.</summary>
    [RegularExpression(Forms.Commitment)]
    public string? IdentityCommitment { get; init; }
}

/// <summary>Buys from the organiser or from a resale listing; the ledger moves the money.</summary>
public sealed record PurchaseTicketDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "purchase_ticket";

    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "max_price": 5500 }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>The most the buyer pays, in minor units.</summary>
    [Range(0, Forms.MaxInteger)]
    public required long MaxPrice { get; init; }

    /// <summary>A salted commitment to the holder's identity, 64 hex digits; nothing about anyone can be read from it.</summary>
    [RegularExpression(Forms.Commitment)]
    public string? IdentityCommitment { get; init; }
}

/// <summary>A gift.</summary>
public sealed record TransferTicketDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "transfer_ticket";

    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "recipient": "{{ExampleIds.OtherAccount}}" }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>Who gets the ticket.</summary>
    [RegularExpression(Forms.Address)]
    public required string Recipient { get; init; }

    /// <summary>A salted commitment to the holder's identity, 64 hex digits; nothing about anyone can be read from it.</summary>
    [RegularExpression(Forms.Commitment)]
    public string? IdentityCommitment { get; init; }
}

/// <summary>Offers a ticket for resale.</summary>
public sealed record ListTicketDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "list_ticket";

    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "price": 5500 }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>Asked price in minor units, within the event's cap.</summary>
    [Range(0, Forms.MaxInteger)]
    public required long Price { get; init; }

    /// <summary>The only account that may buy; anyone when left out.</summary>
    [RegularExpression(Forms.Address)]
    public string? Buyer { get; init; }
}

/// <summary>A transaction that names one ticket and nothing else.</summary>
public abstract record OneTicketDocument : TransactionDocument
{
    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>The example of all of them.</summary>
    private protected static string OneTicket => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}" }""";
}

/// <summary>Takes a ticket back from resale.</summary>
public sealed record UnlistTicketDocument : OneTicketDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "unlist_ticket";

    /// <inheritdoc/>
    public static string Example => OneTicket;
}

/// <summary>Gives a ticket back to the organiser, refunded by the event's rule.</summary>
public sealed record ReturnTicketDocument : OneTicketDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "return_ticket";

    /// <inheritdoc/>
    public static string Example => OneTicket;
}

/// <summary>Lets the holder in, once; by a gate of the event.</summary>
public sealed record RedeemTicketDocument : OneTicketDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "redeem_ticket";

    /// <inheritdoc/>
    public static string Example => OneTicket;
}

/// <summary>Takes a ticket away and refunds its face price; by the organiser.</summary>
public sealed record RevokeTicketDocument : OneTicketDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "revoke_ticket";

    /// <inheritdoc/>
    public static string Example => OneTicket;
}

/// <summary>A question: is this account the holder of this ticket, and would it let them in?</summary>
public sealed record VerifyTicketDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "owner": "{{ExampleIds.Account}}" }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>The account that says it holds it.</summary>
    [RegularExpression(Forms.Address)]
    public required string Owner { get; init; }

    /// <summary>Optional, with its salt: what the holder shows of themself, a JSON object up to 16 KiB. Compared with the ticket's commitment and forgotten.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Identity { get; init; }

    /// <summary>The identity's salt: 64 lower-case hex digits.</summary>
    [RegularExpression("^[0-9a-f]{64}$")]
    public string? Salt { get; init; }
}

/// <summary>What a gate read.</summary>
public sealed record ScanDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "code": "{{ExampleIds.GateCode}}", "gate": "{{ExampleIds.Gate}}" }""";

    /// <summary>The text of the code: <c>ST1:</c> and base45.</summary>
    public required string Code { get; init; }

    /// <summary>The gate's account.</summary>
    [RegularExpression(Forms.Address)]
    public required string Gate { get; init; }
}
