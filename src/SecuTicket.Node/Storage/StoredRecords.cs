using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>What a node goes on from after a start.</summary>
/// <param name="Recent">Headers of all branches that a reorganisation within the specification's limit could touch, the 11 before, and the retarget interval.</param>
/// <param name="Tip">Hash of the tip.</param>
/// <param name="Ledger">The ledger after the tip.</param>
/// <param name="Pending">Transactions that were acknowledged and not decided, in the order of admission.</param>
/// <param name="NextSequence">The sequence that the next admitted transaction gets; larger than any used before.</param>
public sealed record StoredNode(IReadOnlyList<ChainNode> Recent, Hash256 Tip, LedgerState Ledger, IReadOnlyList<StoredPending> Pending, long NextSequence)
{
    /// <summary>Most rejected transactions that are loaded: the latest.</summary>
    public const int MaxRejected = 100_000;

    /// <summary>The latest transactions that were acknowledged and then rejected, so that one posted again hears how it ended.</summary>
    public IReadOnlyList<StoredTransaction> Rejected { get; init; } = [];
}

/// <summary>A pending transaction as it was kept.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Sequence">Its place in the order of admission.</param>
/// <param name="AdmittedAt">When, in milliseconds since 1970.</param>
public sealed record StoredPending(Transaction Transaction, long Sequence, long AdmittedAt);

/// <summary>A block as it was kept, unread: what the disk holds may have been changed.</summary>
/// <param name="Index">The index under which it is kept.</param>
/// <param name="Hash">The hash under which it is kept.</param>
/// <param name="OnBranch">Whether it is on our branch.</param>
/// <param name="Weight">Weight of its branch with it.</param>
/// <param name="Bytes">The stored form: see <see cref="Block.Decode"/>.</param>
public sealed record StoredBlock(long Index, Hash256 Hash, bool OnBranch, UInt128 Weight, ReadOnlyMemory<byte> Bytes);

/// <summary>The start of a stored block.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Bytes">Header ‖ seal as a signature list of none or one, and maybe more of the block: <see cref="MaxSize"/> bytes at the most.</param>
public sealed record StoredHeader(long Index, Hash256 Hash, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes of a header and the largest seal.</summary>
    public static int MaxSize { get; } = BlockHeader.Size + TransactionSignature.ListSize(1);
}

/// <summary>What became of a transaction.</summary>
public enum TransactionStatus
{
    /// <summary>It waits for a block.</summary>
    Pending,

    /// <summary>It is in a block of our branch.</summary>
    Confirmed,

    /// <summary>It was acknowledged and can not be confirmed any more.</summary>
    Rejected,
}

/// <summary>A transaction and what became of it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Status">What became of it.</param>
/// <param name="BlockIndex">Index of its block, when it is confirmed.</param>
/// <param name="Code">Why it was rejected, when it was: a stable code.</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record StoredTransaction(Transaction Transaction, TransactionStatus Status, long? BlockIndex, string? Code = null, string? Detail = null);

/// <summary>A place in a history: a block, and a place in it.</summary>
/// <param name="BlockIndex">Index of the block.</param>
/// <param name="Position">For a ticket's history and for resales, which change of the block; for an account's, which transaction.</param>
public readonly record struct HistoryPosition(long BlockIndex, int Position);

/// <summary>A line of a ticket's history.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Change">What changed.</param>
/// <param name="TransactionId">By which transaction.</param>
/// <param name="BlockTime">The block's timestamp, in milliseconds since 1970.</param>
public sealed record StoredTicketChange(HistoryPosition Position, TicketChange Change, Hash256 TransactionId, long BlockTime);

/// <summary>A line of an account's history.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Transaction">The transaction.</param>
public sealed record StoredAccountTransaction(HistoryPosition Position, Transaction Transaction);

/// <summary>Redemptions of one block.</summary>
/// <param name="BlockIndex">Index of the block.</param>
/// <param name="BlockTime">Its timestamp, in milliseconds since 1970.</param>
/// <param name="Redeemed">Tickets of the event it redeemed.</param>
public sealed record StoredAttendance(long BlockIndex, long BlockTime, int Redeemed);

/// <summary>A ticket bought from its holder.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="TransactionId">By which transaction.</param>
/// <param name="Price">What the buyer paid, in minor units.</param>
/// <param name="FacePrice">The ticket's face price, in minor units.</param>
/// <param name="BlockTime">The block's timestamp, in milliseconds since 1970.</param>
public sealed record StoredResale(HistoryPosition Position, Hash256 TransactionId, long Price, long FacePrice, long BlockTime);
