using System.Collections.Immutable;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>A block store that lives as long as its object: for tests, and for simulated nodes, which "restart" by loading it again.</summary>
/// <remarks>Its content is one immutable value that a commit replaces at its end, so a commit that throws changes nothing and readers never wait.</remarks>
/// <param name="beforeCommit">Called with the changes before each commit is applied; what it throws, the commit throws, and nothing is written.</param>
public sealed class InMemoryBlockStore(Action<IReadOnlyList<StoreChange>>? beforeCommit = null) : IBlockStore
{
    private readonly Lock _writing = new();
    private volatile InMemoryChain? _content;

    private InMemoryChain Held => _content ?? throw new InvalidOperationException("The store has to be loaded before it is used.");

    /// <inheritdoc/>
    public StoredNode Load(ChainSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        lock (_writing)
        {
            var content = _content ??= InMemoryChain.Of(spec);
            if (content.Spec.Genesis.Hash != spec.Genesis.Hash)
            {
                throw new StorageException(
                    StorageFault.NotOurs,
                    $"The store holds «{content.Spec.ChainId}» with genesis {content.Spec.Genesis.Hash}; the node was started for «{spec.ChainId}» with genesis {spec.Genesis.Hash}. "
                    + "Start it with that chain's specification; nothing was changed.");
            }

            return content.ToNode();
        }
    }

    /// <inheritdoc/>
    public void Stage(ConnectedBlock block)
    {
        // In memory nothing is faster for being prepared.
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_writing)
        {
            var content = Held;
            beforeCommit?.Invoke(changes);
            _content = changes.Aggregate(content, static (held, change) => held.With(change));
        }
    }

    /// <inheritdoc/>
    public StoredBlock? FindBlock(long index) => Held.Branch.TryGetValue(index, out var block) ? block.ToStored(true) : null;

    /// <inheritdoc/>
    public StoredBlock? FindBlock(Hash256 hash) => Held.Find(hash) is { } found ? found.Block.ToStored(found.OnBranch) : null;

    /// <inheritdoc/>
    public long? FindIndex(Hash256 hash) => Held.Indexes.TryGetValue(hash, out var index) ? index : null;

    /// <inheritdoc/>
    public LedgerDelta? FindDelta(Hash256 hash) => Held.Find(hash)?.Block.Delta;

    /// <inheritdoc/>
    public ArchivedBlock Find(Hash256 hash)
    {
        var (block, _) = Held.Find(hash) ?? throw new InvalidOperationException($"Block {hash} is not in the store.");
        return new ArchivedBlock(block.Block, block.Delta);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredBlock> ReadChain(long from, int limit = int.MaxValue)
    {
        var content = Held;
        for (var index = Math.Max(from, 0); limit > 0 && content.Branch.TryGetValue(index, out var block); index++, limit--) yield return block.ToStored(true);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredHeader> ReadHeaders(long from, int limit) =>
        ReadChain(from, limit).Select(static block => new StoredHeader(block.Index, block.Hash, block.Bytes[..Math.Min(block.Bytes.Length, StoredHeader.MaxSize)]));

    /// <inheritdoc/>
    public StoredTransaction? FindTransaction(Hash256 id)
    {
        var content = Held;
        if (content.Confirmed.TryGetValue(id, out var index))
            return new StoredTransaction(content.Branch[index].Block.Transactions.First(transaction => transaction.Id == id), TransactionStatus.Confirmed, index);
        if (content.PendingById.TryGetValue(id, out var sequence)) return new StoredTransaction(content.Pending[sequence].Transaction, TransactionStatus.Pending, null);

        return content.Rejected.TryGetValue(id, out var rejected) ? rejected.Transaction : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTicketChange> TicketHistory(TicketId ticket, HistoryPosition? after, int limit) =>
        [.. Lines(Held.TicketChanges, ticket).Where(line => after is not { } from || IsAfter(line.Position, from)).Take(limit)];

    /// <inheritdoc/>
    public IReadOnlyList<StoredAccountTransaction> AccountTransactions(Address account, HistoryPosition? before, int limit) =>
        [.. Lines(Held.AccountTransactions, account).Reverse().Where(line => before is not { } to || IsAfter(to, line.Position)).Take(limit)];

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttendance> Attendance(EventId eventId, long afterBlock, int limit) =>
        [.. Lines(Held.Attendance, eventId).Where(line => line.BlockIndex > afterBlock).Take(limit)];

    /// <inheritdoc/>
    public IReadOnlyList<StoredResale> Resales(EventId eventId, HistoryPosition? after, int limit) =>
        [.. Lines(Held.Resales, eventId).Where(line => after is not { } from || IsAfter(line.Position, from)).Take(limit)];

    /// <summary>Nothing to free: the content stays, as a disk's does.</summary>
    public void Dispose()
    {
    }

    private static bool IsAfter(HistoryPosition position, HistoryPosition other) => (position.BlockIndex, position.Position).CompareTo((other.BlockIndex, other.Position)) > 0;

    private static ImmutableList<TLine> Lines<TKey, TLine>(ImmutableDictionary<TKey, ImmutableList<TLine>> histories, TKey key)
        where TKey : notnull => histories.GetValueOrDefault(key) ?? [];
}
