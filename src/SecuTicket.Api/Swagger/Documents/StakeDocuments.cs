using System.ComponentModel.DataAnnotations;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>Coins put at stake, on a chain of proof of stake. Only an account whose key is some node's forging key makes blocks: another one's turns stay empty.</summary>
public sealed record StakeDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "stake";

    /// <inheritdoc/>
    public static string Example => """{ "amount": 2500, "commitment": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9" }""";

    /// <summary>Minor units, at least 1.</summary>
    [Range(1, Forms.MaxInteger)]
    public required long Amount { get; init; }

    /// <summary>The end of the hash chain from which the account's blocks reveal, 64 hex digits: <c>secuticket forging-key show</c> tells it. With a first stake; later only to begin a new chain.</summary>
    [RegularExpression(Forms.Digest)]
    public string? Commitment { get; init; }
}

/// <summary>Coins taken out of stake.</summary>
public sealed record UnstakeDocument : TransactionDocument, ITransactionDocument
{
    /// <inheritdoc/>
    public static string TransactionType => "unstake";

    /// <inheritdoc/>
    public static string Example => """{ "amount": 2500 }""";

    /// <summary>Minor units, at least 1.</summary>
    [Range(1, Forms.MaxInteger)]
    public required long Amount { get; init; }
}

/// <summary>Two things that one validator signed and nobody may sign both: two headers of one slot, or two votes that contradict.</summary>
public sealed record ReportDocument : TransactionDocument, ITransactionDocument
{
    private const string Statement = "^([0-9a-f]{2}){129,1152}$";

    /// <inheritdoc/>
    public static string TransactionType => "report";

    /// <inheritdoc/>
    public static string Example => $$"""{ "first": "{{new string('0', 616)}}", "second": "{{new string('0', 616)}}" }""";

    /// <summary>One of them, lower-case hex: what was signed (a header's 180 bytes, or a vote's canonical payload), then X, Y, r and s, 32 bytes each. <c>secuticket report</c> makes it.</summary>
    [RegularExpression(Statement)]
    public required string First { get; init; }

    /// <summary>The other, in the same form.</summary>
    [RegularExpression(Statement)]
    public required string Second { get; init; }
}
