namespace SecuTicket.Api.Streaming;

/// <summary>Event <c>block</c>: a block joined our branch.</summary>
/// <param name="Index">Blocks before it.</param>
/// <param name="Hash">64 hex digits.</param>
/// <param name="PreviousHash">Hash of the block before.</param>
/// <param name="Timestamp">RFC 3339 UTC with milliseconds.</param>
/// <param name="Sealer">Who got the reward.</param>
/// <param name="Transactions">How many transactions it holds.</param>
/// <param name="Weight">The work in the chain with it, a decimal string.</param>
public sealed record BlockEvent(long Index, string Hash, string PreviousHash, string Timestamp, string Sealer, int Transactions, string Weight);

/// <summary>Event <c>transaction</c>: a transaction was admitted, confirmed or rejected.</summary>
/// <param name="TransactionId">64 hex digits.</param>
/// <param name="Type">Its type.</param>
/// <param name="Status"><c>pending</c>, <c>confirmed</c> or <c>rejected</c>.</param>
/// <param name="BlockIndex">Index of its block, when it is confirmed.</param>
/// <param name="Code">Why it was rejected, as a stable code, when it was.</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record TransactionEvent(string TransactionId, string Type, string Status, long? BlockIndex, string? Code, string? Detail);

/// <summary>Event <c>reorganisation</c>: blocks left our branch and others took their place; a <c>block</c> for each of those follows.</summary>
/// <param name="Depth">How many left.</param>
/// <param name="FormerTip">Hash of the tip before.</param>
/// <param name="Tip">Hash of the tip after.</param>
public sealed record ReorganisationEvent(int Depth, string FormerTip, string Tip);

/// <summary>Event <c>fork_too_deep</c>: a heavier branch was refused because it leaves ours too far back; an operator must decide.</summary>
/// <param name="Block">Hash of its last block, 64 hex digits.</param>
/// <param name="Detail">What was found.</param>
public sealed record ForkTooDeepEvent(string Block, string Detail);
