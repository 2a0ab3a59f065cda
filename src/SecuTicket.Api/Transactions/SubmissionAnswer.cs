using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Transactions;

/// <summary>What became of a transaction that was posted.</summary>
/// <param name="TransactionId">Its id, 64 hex digits.</param>
/// <param name="Status"><c>pending</c>, <c>confirmed</c> or <c>rejected</c>.</param>
/// <param name="BlockIndex">The block that it is in or will be in; absent when it was rejected.</param>
/// <param name="Message">The same in a sentence.</param>
public sealed record SubmissionAnswer(string TransactionId, string Status, long? BlockIndex, string Message)
{
    /// <summary>Why it was rejected.</summary>
    public string? Code { get; init; }

    /// <summary>The event that a <c>create_event</c> creates.</summary>
    public string? EventId { get; init; }

    /// <summary>The tickets that an <c>issue_tickets</c> issues, in the order of its seats.</summary>
    public IReadOnlyList<string>? TicketIds { get; init; }
}

/// <summary>A line of a batch's answer whose transaction was refused.</summary>
/// <param name="TransactionId">Its id, when its payload could be read.</param>
/// <param name="Status">Always <c>refused</c>.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record RefusedLine(string? TransactionId, string Status, string Code, string Detail)
{
    /// <summary>The line of a refusal.</summary>
    /// <param name="payload">The payload, when it could be read.</param>
    /// <param name="refusal">Why.</param>
    internal static RefusedLine Of(Payload? payload, Refusal refusal) => new(payload?.Id.ToString(), "refused", refusal.Code, refusal.Detail);
}
