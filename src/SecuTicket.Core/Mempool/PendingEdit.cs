using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Mempool;

/// <summary>Admissions to a <see cref="PendingSet"/> one after the other, which copy each part of its maps once; for one thread.</summary>
public sealed class PendingEdit
{
    private readonly MempoolLimits _limits;
    private readonly Draft _draft;
    private readonly TrieEdit<Hash256, PendingTransaction> _byId;
    private readonly TrieEdit<Ordinal, PendingTransaction> _inOrder;
    private readonly TrieEdit<Address, int> _perSender;
    private PendingSet? _set;
    private long _firstExpiry;

    internal PendingEdit(PendingSet set)
    {
        (_set, _limits) = (set, set.Limits);
        _draft = new Draft(set.State);
        (_byId, _inOrder, _perSender) = (set.ById.Edit(), set.InOrder.Edit(), set.PerSender.Edit());
        (Size, NextSequence, _firstExpiry) = (set.Size, set.NextSequence, set.FirstExpiry);
    }

    /// <summary>How many wait now.</summary>
    public int Count => _byId.Count;

    /// <summary>Bytes of their stored form.</summary>
    public long Size { get; private set; }

    /// <summary>The sequence that the next one gets.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Whether a transaction waits now.</summary>
    public bool Contains(in Hash256 id) => _byId.Contains(id);

    /// <summary>Admits a transaction, or says which rule or limit refuses it; then nothing has changed.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="context">The next block's index and the admission's time.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    public Verdict<PendingTransaction> Admit(VerifiedTransaction transaction, RuleContext context, long now) =>
        RefuseFull(transaction) is { } full ? full : Admit(transaction, context, now, NextSequence);

    /// <summary>The set as it is now; the edit may go on, and copies again what it changes.</summary>
    /// <returns>The set that it began with or gave before, when nothing was admitted since.</returns>
    public PendingSet ToSet() => _set ??= new PendingSet
    {
        Limits = _limits,
        State = _draft.Ledger.ToState(),
        ById = _byId.ToTrie(),
        InOrder = _inOrder.ToTrie(),
        FirstExpiry = _firstExpiry,
        PerSender = _perSender.ToTrie(),
        Size = Size,
        NextSequence = NextSequence,
    };

    // What was acknowledged is not asked for limits again.
    internal void Readmit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence, List<RejectedTransaction> rejected)
    {
        if (!Admit(transaction, context, admittedAt, sequence).TryGet(out _, out var refusal)) rejected.Add(new RejectedTransaction(transaction, refusal));
    }

    private Verdict<PendingTransaction> Admit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence)
    {
        if (_byId.Contains(transaction.Id)) return new Refusal(RefusalCodes.TransactionExists, $"Transaction {transaction.Id} waits already.");
        if (LedgerRules.Apply(_draft, transaction, context with { BlockIndex = PendingSet.Waiting + sequence }).Refusal is { } refusal) return refusal;

        var pending = new PendingTransaction(transaction, sequence, admittedAt, _draft.Effects());
        var sender = transaction.Payload.Sender;
        _set = null;
        _byId.Set(transaction.Id, pending);
        _inOrder.Set(new Ordinal(sequence), pending);
        _firstExpiry = Math.Min(_firstExpiry, transaction.Payload.ValidUntil);
        _perSender.Set(sender, _perSender.Find(sender) + 1);
        Size += transaction.Transaction.Size;
        NextSequence = Math.Max(NextSequence, sequence + 1);
        return pending;
    }

    private Refusal? RefuseFull(VerifiedTransaction transaction)
    {
        if (Count >= _limits.MaxCount || Size + transaction.Transaction.Size > _limits.MaxSize)
            return new Refusal(RefusalCodes.PoolFull, $"{Count} transactions wait already: try again when the next block is sealed.", RefusalKind.Transient);
        if (_perSender.Find(transaction.Payload.Sender) >= _limits.MaxPerAccount)
            return new Refusal(RefusalCodes.PoolFull, $"{_limits.MaxPerAccount} transactions of {transaction.Payload.Sender} wait already: try again when the next block is sealed.", RefusalKind.Transient);

        return null;
    }
}
