using System.Collections.Immutable;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>All that an <see cref="InMemoryBlockStore"/> keeps, after some commit.</summary>
internal sealed record InMemoryChain(ChainSpec Spec, LedgerState Ledger)
{
    public ImmutableDictionary<long, HeldBlock> Branch { get; init; } = ImmutableDictionary<long, HeldBlock>.Empty;

    public ImmutableDictionary<Hash256, long> Indexes { get; init; } = ImmutableDictionary<Hash256, long>.Empty;

    public ImmutableDictionary<Hash256, HeldBlock> Side { get; init; } = ImmutableDictionary<Hash256, HeldBlock>.Empty;

    public ImmutableSortedDictionary<long, StoredPending> Pending { get; init; } = ImmutableSortedDictionary<long, StoredPending>.Empty;

    public ImmutableDictionary<Hash256, long> PendingById { get; init; } = ImmutableDictionary<Hash256, long>.Empty;

    public ImmutableDictionary<Hash256, long> Confirmed { get; init; } = ImmutableDictionary<Hash256, long>.Empty;

    public ImmutableDictionary<Hash256, (long Number, StoredTransaction Transaction)> Rejected { get; init; } = ImmutableDictionary<Hash256, (long Number, StoredTransaction Transaction)>.Empty;

    public ImmutableDictionary<TicketId, ImmutableList<StoredTicketChange>> TicketChanges { get; init; } = ImmutableDictionary<TicketId, ImmutableList<StoredTicketChange>>.Empty;

    public ImmutableDictionary<Address, ImmutableList<StoredAccountTransaction>> AccountTransactions { get; init; } = ImmutableDictionary<Address, ImmutableList<StoredAccountTransaction>>.Empty;

    public ImmutableDictionary<EventId, ImmutableList<StoredAttendance>> Attendance { get; init; } = ImmutableDictionary<EventId, ImmutableList<StoredAttendance>>.Empty;

    public ImmutableDictionary<EventId, ImmutableList<StoredResale>> Resales { get; init; } = ImmutableDictionary<EventId, ImmutableList<StoredResale>>.Empty;

    private long NextSequence { get; init; }

    private long NextRejection { get; init; }

    private long Tip => Branch.Count - 1;

    public static InMemoryChain Of(ChainSpec spec)
    {
        var genesis = new HeldBlock(spec.Genesis, 0, null);
        return new InMemoryChain(spec, LedgerState.Genesis(spec))
        {
            Branch = ImmutableDictionary<long, HeldBlock>.Empty.Add(0, genesis),
            Indexes = ImmutableDictionary<Hash256, long>.Empty.Add(genesis.Block.Hash, 0),
        };
    }

    public StoredNode ToNode()
    {
        var oldest = Tip - Blockchain.Kept(Spec);
        var recent = new List<ChainNode>();
        for (var index = Math.Max(oldest, 0); index <= Tip; index++) recent.Add(new ChainNode(Branch[index].Block.Header, Branch[index].Weight));
        recent.AddRange(Side.Values
            .Where(block => block.Block.Header.Index >= oldest)
            .OrderBy(block => block.Block.Header.Index).ThenBy(block => block.Block.Hash)
            .Select(block => new ChainNode(block.Block.Header, block.Weight)));
        return new StoredNode(recent, Branch[Tip].Block.Hash, Ledger, [.. Pending.Values], NextSequence) { Rejected = [.. Rejected.Values.OrderByDescending(one => one.Number).Take(StoredNode.MaxRejected).Select(one => one.Transaction)] };
    }

    public (HeldBlock Block, bool OnBranch)? Find(Hash256 hash) =>
        Indexes.TryGetValue(hash, out var index) ? (Branch[index], true) : Side.TryGetValue(hash, out var side) ? (side, false) : null;

    public InMemoryChain With(StoreChange change) => change switch
    {
        StoreChange.Admitted admitted => Admit(admitted.Pending.Transaction.Transaction, admitted.Pending.Sequence, admitted.Pending.AdmittedAt),
        StoreChange.Rejected rejected => Reject(rejected.Transaction.Transaction.Transaction, rejected.Transaction.Refusal),
        StoreChange.Connected connected => Connect(connected.Block),
        StoreChange.Disconnected disconnected => Disconnect(disconnected.Block),
        StoreChange.Sided sided => Find(sided.Block.Block.Hash) is null
            ? this with { Side = Side.Add(sided.Block.Block.Hash, new HeldBlock(sided.Block.Block.Block, sided.Block.Weight, null)) }
            : this,
        _ => throw new ArgumentException($"{change.GetType().Name} is no change that this store knows.", nameof(change)),
    };

    private InMemoryChain Admit(Transaction transaction, long sequence, long admittedAt)
    {
        var content = WithoutUndecided(transaction.Id);
        return content with
        {
            Pending = content.Pending.Add(sequence, new StoredPending(transaction, sequence, admittedAt)),
            PendingById = content.PendingById.Add(transaction.Id, sequence),
            NextSequence = Math.Max(NextSequence, sequence + 1),
        };
    }

    private InMemoryChain Reject(Transaction transaction, Refusal refusal)
    {
        var content = WithoutUndecided(transaction.Id);
        var rejected = new StoredTransaction(transaction, TransactionStatus.Rejected, null, refusal.Code, refusal.Detail);
        return content with { Rejected = content.Rejected.Add(transaction.Id, (NextRejection, rejected)), NextRejection = NextRejection + 1 };
    }

    private InMemoryChain WithoutUndecided(Hash256 id) => this with
    {
        Pending = PendingById.TryGetValue(id, out var sequence) ? Pending.Remove(sequence) : Pending,
        PendingById = PendingById.Remove(id),
        Rejected = Rejected.Remove(id),
    };

    private InMemoryChain Connect(ConnectedBlock connected)
    {
        var block = connected.Block.Block;
        var index = block.Header.Index;
        if (index != Tip + 1 || block.Header.Previous != Branch[Tip].Block.Hash)
            throw new InvalidOperationException($"Block {index} {block.Hash} does not follow the stored tip, block {Tip}.");

        var content = block.Transactions.Aggregate(this, static (held, transaction) => held.WithoutUndecided(transaction.Id));
        return content with
        {
            Ledger = connected.Outcome.State,
            Branch = Branch.Add(index, new HeldBlock(block, connected.Weight, connected.Outcome.Delta)),
            Indexes = Indexes.Add(block.Hash, index),
            Side = Side.Remove(block.Hash).RemoveRange(Side.Values.Select(side => side.Block).Where(side => side.Header.Index < index - Blockchain.Kept(Spec)).Select(side => side.Hash)),
            Confirmed = Confirmed.AddRange(block.Transactions.Select(transaction => KeyValuePair.Create(transaction.Id, index))),
            TicketChanges = WithLines(TicketChanges, ChangesOf(connected)),
            AccountTransactions = WithLines(AccountTransactions, PartiesOf(connected)),
            Attendance = WithLines(Attendance, RedeemedIn(connected)),
            Resales = WithLines(Resales, ResoldIn(connected)),
        };
    }

    private InMemoryChain Disconnect(DisconnectedBlock disconnected)
    {
        var block = disconnected.Block.Block;
        var index = block.Header.Index;
        if (Tip == 0 || block.Hash != Branch[Tip].Block.Hash) throw new InvalidOperationException($"Block {index} {block.Hash} is not the stored tip, block {Tip}.");

        return this with
        {
            Ledger = disconnected.Delta.Undo(Ledger),
            Branch = Branch.Remove(index),
            Indexes = Indexes.Remove(block.Hash),
            Side = Side.Add(block.Hash, Branch[index] with { Delta = null }),
            Confirmed = Confirmed.RemoveRange(block.Transactions.Select(transaction => transaction.Id)),
            TicketChanges = WithoutBlock(TicketChanges, line => line.Position.BlockIndex == index),
            AccountTransactions = WithoutBlock(AccountTransactions, line => line.Position.BlockIndex == index),
            Attendance = WithoutBlock(Attendance, line => line.BlockIndex == index),
            Resales = WithoutBlock(Resales, line => line.Position.BlockIndex == index),
        };
    }

    private static IEnumerable<(TicketId Key, StoredTicketChange Line)> ChangesOf(ConnectedBlock connected)
    {
        var header = connected.Block.Header;
        var position = 0;
        for (var i = 0; i < connected.Block.Transactions.Count; i++)
        {
            foreach (var change in connected.Outcome.Effects[i].Changes)
                yield return (change.Ticket, new StoredTicketChange(new HistoryPosition(header.Index, position++), change, connected.Block.Transactions[i].Id, header.Timestamp));
        }
    }

    private static IEnumerable<(EventId Key, StoredResale Line)> ResoldIn(ConnectedBlock connected)
    {
        var header = connected.Block.Header;
        var position = 0;
        for (var i = 0; i < connected.Block.Transactions.Count; i++)
        {
            var effects = connected.Outcome.Effects[i];
            if (effects.Resale is { } resale)
                yield return (resale.Event, new StoredResale(new HistoryPosition(header.Index, position), connected.Block.Transactions[i].Id, resale.Price, resale.FacePrice, header.Timestamp));

            position += effects.Changes.Count;
        }
    }

    private static IEnumerable<(Address Key, StoredAccountTransaction Line)> PartiesOf(ConnectedBlock connected) =>
        connected.Block.Transactions.SelectMany((transaction, i) => connected.Outcome.Effects[i].Parties.Select(party =>
            (party, new StoredAccountTransaction(new HistoryPosition(connected.Block.Header.Index, i), transaction.Transaction))));

    private static IEnumerable<(EventId Key, StoredAttendance Line)> RedeemedIn(ConnectedBlock connected) => connected.Outcome.Effects
        .SelectMany(effects => effects.Changes)
        .Where(change => change.Type == RedeemTicket.TypeName)
        .GroupBy(change => connected.Outcome.State.Tickets.Find(change.Ticket)!.Event)
        .Select(group => (group.Key, new StoredAttendance(connected.Block.Header.Index, connected.Block.Header.Timestamp, group.Count())));

    private static ImmutableDictionary<TKey, ImmutableList<TLine>> WithLines<TKey, TLine>(
        ImmutableDictionary<TKey, ImmutableList<TLine>> histories, IEnumerable<(TKey Key, TLine Line)> lines)
        where TKey : notnull
    {
        var changed = histories.ToBuilder();
        foreach (var (key, line) in lines) changed[key] = (changed.GetValueOrDefault(key) ?? []).Add(line);
        return changed.ToImmutable();
    }

    // Only the tip is ever disconnected, so its lines are the last of every history.
    private static ImmutableDictionary<TKey, ImmutableList<TLine>> WithoutBlock<TKey, TLine>(ImmutableDictionary<TKey, ImmutableList<TLine>> histories, Predicate<TLine> isOfBlock)
        where TKey : notnull
    {
        var changed = histories.ToBuilder();
        foreach (var (key, lines) in histories)
        {
            if (!isOfBlock(lines[^1])) continue;
            if (isOfBlock(lines[0])) changed.Remove(key);
            else changed[key] = lines.RemoveAll(isOfBlock);
        }

        return changed.ToImmutable();
    }
}

/// <summary>A block, and what it changed when it is on our branch.</summary>
internal sealed record HeldBlock(Block Block, UInt128 Weight, LedgerDelta? Delta)
{
    public StoredBlock ToStored(bool onBranch) => new(Block.Header.Index, Block.Hash, onBranch, Weight, Block.Encode());
}
