using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Mempool;

/// <summary>Admissions to a <see cref="PendingSet"/> one after the other, which copy each part of its maps once; for one thread.</summary>
public sealed class PendingEdit
{
    private readonly MempoolLimits _limits;
    private readonly LedgerState? _confirmed;
    private readonly Draft _draft;
    private readonly TrieEdit<Hash256, PendingTransaction> _byId;
    private readonly TrieEdit<Ordinal, PendingTransaction> _inOrder;

    // How many of each sender wait; null while so few wait that nobody can have too many.
    private TrieEdit<Address, int>? _perSender;
    private PendingSet? _set;
    private long? _first;

    internal PendingEdit(PendingSet set)
    {
        (_set, _limits, _confirmed) = (set, set.Limits, set.Confirmed);
        _draft = new Draft(set.State, remembers: false);
        (_byId, _inOrder, _perSender) = (set.ById.Edit(), set.InOrder.Edit(), set.PerSender?.Edit());
        (Size, NextSequence, FirstExpiry) = (set.Size, set.NextSequence, set.FirstExpiry);
    }

    /// <summary>How many wait now.</summary>
    public int Count => _byId.Count;

    /// <summary>What waits now, in the order of admission: to be read before the next admission.</summary>
    public IEnumerable<PendingTransaction> Waiting => _inOrder.Entries.Select(static entry => entry.Value);

    /// <summary>See <see cref="PendingSet.FirstExpiry"/>.</summary>
    public long FirstExpiry { get; private set; }

    /// <summary>Bytes of their stored form.</summary>
    public long Size { get; private set; }

    /// <summary>The sequence that the next one gets.</summary>
    public long NextSequence { get; private set; }

    /// <summary>The sequence of the first one that waits; of the next one where none does.</summary>
    /// <remarks>What is admitted comes after all others, so it is looked for once.</remarks>
    public long FirstSequence => Count == 0 ? NextSequence : _first ??= Waiting.First().Sequence;

    /// <summary>A transaction that waits now; null when none has this id.</summary>
    public PendingTransaction? Find(in Hash256 id) => _byId.Find(id);

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
        Confirmed = _confirmed,
        ById = _byId.ToTrie(),
        InOrder = _inOrder.ToTrie(),
        FirstExpiry = FirstExpiry,
        PerSender = _perSender?.ToTrie(),
        Size = Size,
        NextSequence = NextSequence,
    };

    /// <summary>Admits again what was admitted to a set like this one, with all that this one has before it.</summary>
    /// <param name="pending">What was admitted.</param>
    /// <param name="context">The next block's index, and the time of the admission.</param>
    /// <exception cref="InvalidOperationException">It is refused here: the set is another one.</exception>
    public void Repeat(PendingTransaction pending, RuleContext context)
    {
        if (Admit(pending.Transaction, context, pending.AdmittedAt, pending.Sequence).Refusal is { } refusal)
            throw new InvalidOperationException($"Transaction {pending.Id} was admitted and is refused now: {refusal.Code}.");
    }

    // What was acknowledged is not asked for limits again.
    internal void Readmit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence, List<RejectedTransaction> rejected)
    {
        if (!Admit(transaction, context, admittedAt, sequence).TryGet(out _, out var refusal)) rejected.Add(new RejectedTransaction(transaction, refusal));
    }

    // What the state has already.
    internal void Keep(PendingTransaction pending)
    {
        var payload = pending.Transaction.Payload;
        _set = null;
        _byId.Set(payload.Id, pending);
        _inOrder.Set(new Ordinal(pending.Sequence), pending);
        FirstExpiry = Math.Min(FirstExpiry, payload.ValidUntil);
        _perSender?.Set(payload.Sender, _perSender.Find(payload.Sender) + 1);
        Size += pending.Transaction.Transaction.Size;
        NextSequence = Math.Max(NextSequence, pending.Sequence + 1);
    }

    private Verdict<PendingTransaction> Admit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence)
    {
        if (_byId.Contains(transaction.Id)) return new Refusal(RefusalCodes.TransactionExists, $"Transaction {transaction.Id} waits already.");
        if (LedgerRules.Apply(_draft, transaction, context with { BlockIndex = PendingSet.Waiting + sequence }).Refusal is { } refusal) return refusal;

        var pending = new PendingTransaction(transaction, sequence, admittedAt, _draft.Effects()) { Holds = _draft.Holds };
        Keep(pending);
        return pending;
    }

    private Refusal? RefuseFull(VerifiedTransaction transaction)
    {
        if (Count >= _limits.MaxCount || Size + transaction.Transaction.Size > _limits.MaxSize)
            return new Refusal(RefusalCodes.PoolFull, $"{Count} transactions wait already: try again when the next block is sealed.", RefusalKind.Transient);
        if (Count >= _limits.MaxPerAccount && (_perSender ??= CountSenders()).Find(transaction.Payload.Sender) >= _limits.MaxPerAccount)
            return new Refusal(RefusalCodes.PoolFull, $"{_limits.MaxPerAccount} transactions of {transaction.Payload.Sender} wait already: try again when the next block is sealed.", RefusalKind.Transient);

        return null;
    }

    private TrieEdit<Address, int> CountSenders()
    {
        var counts = Trie<Address, int>.Empty.Edit();
        foreach (var (_, pending) in _inOrder.ToTrie())
        {
            var sender = pending.Transaction.Payload.Sender;
            counts.Set(sender, counts.Find(sender) + 1);
        }

        return counts;
    }
}
