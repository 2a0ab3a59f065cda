using System.Text.Json.Serialization;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Transactions;

/// <summary>A transaction and what became of it.</summary>
/// <param name="TransactionId">SHA-256 of the canonical payload, 64 hex digits.</param>
/// <param name="Status"><c>pending</c>, <c>confirmed</c> or <c>rejected</c>.</param>
/// <param name="BlockIndex">Index of its block; null unless it is confirmed.</param>
/// <param name="Payload">What was signed, in its canonical form.</param>
/// <param name="Signatures">The signatures beside it, the sender's first.</param>
/// <param name="Final">Whether it is never undone: its block is final.</param>
public sealed record TransactionAnswer(
    string TransactionId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? BlockIndex,
    RawJson Payload,
    IReadOnlyList<SignatureContract> Signatures,
    bool Final)
{
    /// <summary>Why it was rejected, as a stable code; absent unless it was.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was rejected, in a sentence; absent unless it was.</summary>
    public string? Detail { get; init; }

    /// <summary>A transaction as it was kept.</summary>
    /// <param name="stored">The transaction.</param>
    /// <param name="final">Index of the last final block.</param>
    public static TransactionAnswer Of(StoredTransaction stored, long final) =>
        Of(stored.Transaction, stored.Status, stored.BlockIndex, stored is { Status: TransactionStatus.Confirmed, BlockIndex: { } index } && index <= final) with { Code = stored.Code, Detail = stored.Detail };

    /// <summary>A transaction that is in a block or waits for one.</summary>
    public static TransactionAnswer Of(Transaction transaction, TransactionStatus status, long? blockIndex, bool final = false) => new(
        transaction.Id.ToString(),
        TransactionIntake.WordOf(status),
        status == TransactionStatus.Confirmed ? blockIndex : null,
        new RawJson(transaction.Payload.Canonical),
        [.. transaction.Signatures.Select(SignatureContract.Of)],
        final);

    /// <summary>About the bytes of one.</summary>
    public static int SizeOf(Transaction transaction) => 256 + transaction.Payload.Canonical.Length + SignatureContract.SizeOf(transaction.Signatures);
}
