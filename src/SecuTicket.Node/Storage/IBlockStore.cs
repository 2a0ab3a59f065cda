using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>What a node keeps: blocks, the ledger at the tip, undo records, pending and rejected transactions, and the indexes that histories are read from.</summary>
/// <remarks>
/// One writer calls <see cref="Load"/> once and <see cref="Commit"/> after it; the reads may be called from any thread at any time and see the last
/// commit. Every failure of the disk is a <see cref="StorageException"/>, after which nothing of the failed commit is there.
/// </remarks>
public interface IBlockStore : IBlockArchive, IDisposable
{
    /// <summary>Everything the node needs to go on; on an empty store it writes the genesis of <paramref name="spec"/> first.</summary>
    /// <exception cref="StorageException">The store is broken, or holds another chain.</exception>
    StoredNode Load(ChainSpec spec);

    /// <summary>Writes all changes, in order, durably and all together or not at all.</summary>
    /// <exception cref="StorageException">Nothing was written.</exception>
    void Commit(IReadOnlyList<StoreChange> changes);

    /// <summary>Prepares the commit of a block that is expected to be the next change of the branch, so that less is left to do then. Nothing of it is visible or durable.</summary>
    /// <remarks>May be called from any thread, also while <see cref="Commit"/> writes admissions. Another change takes it back; whether it is there makes no difference but in time.</remarks>
    /// <exception cref="StorageException">It could not be prepared.</exception>
    void Stage(ConnectedBlock block);

    /// <summary>The block of our branch with <paramref name="index"/>.</summary>
    StoredBlock? FindBlock(long index);

    /// <summary>The block with <paramref name="hash"/>, on our branch or not.</summary>
    StoredBlock? FindBlock(Hash256 hash);

    /// <summary>Index of the block with <paramref name="hash"/>, when it is on our branch; the block is not read.</summary>
    long? FindIndex(Hash256 hash);

    /// <summary>What the block with <paramref name="hash"/> changed; null when it is not on our branch, or so deep that it is not undone any more. The block is not read.</summary>
    LedgerDelta? FindDelta(Hash256 hash);

    /// <summary>Up to <paramref name="limit"/> blocks of our branch from <paramref name="from"/> on, lazily, in order, as one consistent read.</summary>
    IEnumerable<StoredBlock> ReadChain(long from, int limit = int.MaxValue);

    /// <summary>Headers and seals of up to <paramref name="limit"/> blocks of our branch from <paramref name="from"/> on, lazily, in order, as one consistent read that takes no time for what else is in the blocks.</summary>
    IEnumerable<StoredHeader> ReadHeaders(long from, int limit);

    /// <summary>What became of a transaction that was acknowledged or came in a block; null when it was never seen.</summary>
    StoredTransaction? FindTransaction(Hash256 id);

    /// <summary>Changes of a ticket in confirmed blocks after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<StoredTicketChange> TicketHistory(TicketId ticket, HistoryPosition? after, int limit);

    /// <summary>Confirmed transactions that <paramref name="account"/> sent or that changed its money or tickets, before <paramref name="before"/>, newest first, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<StoredAccountTransaction> AccountTransactions(Address account, HistoryPosition? before, int limit);

    /// <summary>Times of the blocks in which tickets of an event were redeemed, with how many, oldest first, at most <paramref name="limit"/> blocks after block <paramref name="afterBlock"/>.</summary>
    IReadOnlyList<StoredAttendance> Attendance(EventId eventId, long afterBlock, int limit);

    /// <summary>Resales of an event's tickets in confirmed blocks after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<StoredResale> Resales(EventId eventId, HistoryPosition? after, int limit);
}
