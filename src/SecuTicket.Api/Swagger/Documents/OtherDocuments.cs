using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>A transaction of any type, which it names; beside the common fields it has those of its type.</summary>
public sealed record AnyTransactionDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => TransactionBodyAttribute.AnyType;

    /// <inheritdoc/>
    public static string Example => $$"""{ "type": "transfer", "recipient": "{{ExampleIds.OtherAccount}}", "amount": 100 }""";

    /// <summary>Fields of the type named.</summary>
    [System.Text.Json.Serialization.JsonExtensionData]
    public IDictionary<string, JsonElement>? Fields { get; init; }
}

/// <summary>Coins from one account to another.</summary>
public sealed record TransferDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "transfer";

    /// <inheritdoc/>
    public static string Example => $$"""{ "recipient": "{{ExampleIds.OtherAccount}}", "amount": 100 }""";

    /// <summary>Who gets the coins.</summary>
    [RegularExpression(Forms.Address)]
    public required string Recipient { get; init; }

    /// <summary>Minor units, at least 1.</summary>
    [Range(1, Forms.MaxInteger)]
    public required long Amount { get; init; }
}

/// <summary>A new account whose key the node keeps.</summary>
public sealed record CreateAccountDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "profile": { "name": "{{ExampleIds.Person}}" } }""";

    /// <summary>Optional: name, birth date and the like, as any JSON object. It goes to the node's vault, never on the chain; the same one can not have a second account.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Profile { get; init; }
}

/// <summary>Coins that enter against a payment.</summary>
public sealed record TopUpDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "amount": 20000, "reference": "{{ExampleIds.Reference}}" }""";

    /// <summary>Minor units, at least 1.</summary>
    [Range(1, Forms.MaxInteger)]
    public required long Amount { get; init; }

    /// <summary>The payment's reference, 1..64 characters; each counts once.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Reference { get; init; }
}

/// <summary>Data for a block of its own.</summary>
public sealed record CreateBlockDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => """{ "data": { "note": "hello" } }""";

    /// <summary>Any JSON object up to 4 KiB.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Data { get; init; }
}

/// <summary>Nodes to learn of.</summary>
public sealed record RegisterNodesDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => """{ "nodes": ["http://127.0.0.1:5001"] }""";

    /// <summary>Their addresses; without scheme, http is meant.</summary>
    [MinLength(1), MaxLength(64)]
    public required IReadOnlyList<string> Nodes { get; init; }
}

/// <summary>A body that says nothing.</summary>
public sealed record EmptyDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => "{}";
}
