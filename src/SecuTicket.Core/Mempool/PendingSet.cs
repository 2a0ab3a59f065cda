using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Mempool;

/// <summary>A transaction that was admitted and waits for a block.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Sequence">Its place in the order of admission.</param>
/// <param name="AdmittedAt">When it was admitted, in milliseconds since 1970.</param>
/// <param name="Effects">What it changed in the state with all earlier ones applied.</param>
public sealed record PendingTransaction(VerifiedTransaction Transaction, long Sequence, long AdmittedAt, TransactionEffects Effects)
{
    /// <summary>Its id.</summary>
    public Hash256 Id => Transaction.Id;
}

/// <summary>A transaction that had been acknowledged and can not be confirmed any more.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Refusal">Why.</param>
public sealed record RejectedTransaction(VerifiedTransaction Transaction, Refusal Refusal);

/// <summary>What waits for a block, in the order of admission, and the ledger as it will be: an immutable value.</summary>
/// <remarks>
/// Each one is judged by the same rules as in a block, on the confirmed state with all earlier ones applied: of a thousand buyers of one seat the
/// first is admitted and the others hear at once that it is gone.
/// </remarks>
public sealed class PendingSet
{
    private PendingSet()
    {
    }

    /// <summary>How much may wait.</summary>
    public required MempoolLimits Limits { get; init; }

    /// <summary>The confirmed ledger with everything that waits applied.</summary>
    public required LedgerState State { get; init; }

    /// <summary>What waits, by id.</summary>
    public Trie<Hash256, PendingTransaction> ById { get; private init; } = Trie<Hash256, PendingTransaction>.Empty;

    /// <summary>What waits, in the order of admission.</summary>
    public Trie<Ordinal, PendingTransaction> InOrder { get; private init; } = Trie<Ordinal, PendingTransaction>.Empty;

    /// <summary>How many wait.</summary>
    public int Count => ById.Count;

    /// <summary>Bytes of their stored form.</summary>
    public long Size { get; private init; }

    /// <summary>The sequence that the next one gets.</summary>
    public long NextSequence { get; private init; }

    /// <summary>What waits, by the end of its validity in unix seconds.</summary>
    public Trie<NumberedHash, Present> ByExpiry { get; private init; } = Trie<NumberedHash, Present>.Empty;

    private Trie<Address, int> PerSender { get; init; } = Trie<Address, int>.Empty;

    /// <summary>Nothing waits.</summary>
    /// <param name="limits">How much may wait.</param>
    /// <param name="confirmed">The ledger at the tip.</param>
    /// <param name="nextSequence">The sequence that the first one gets.</param>
    public static PendingSet Empty(MempoolLimits limits, LedgerState confirmed, long nextSequence = 0) => new() { Limits = limits, State = confirmed, NextSequence = nextSequence };

    /// <summary>Admits a transaction, or says which rule or limit refuses it.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="context">The next block's index and the admission's time.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    public Verdict<PendingSet> Admit(VerifiedTransaction transaction, RuleContext context, long now)
    {
        return RefuseFull(transaction) is { } full ? full : Admit(transaction, context, now, NextSequence);
    }

    private Verdict<PendingSet> Admit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence)
    {
        if (ById.Contains(transaction.Id)) return new Refusal(RefusalCodes.TransactionExists, $"Transaction {transaction.Id} waits already.");
        if (!LedgerRules.Apply(State, transaction, context).TryGet(out var outcome, out var refusal)) return refusal;

        var pending = new PendingTransaction(transaction, sequence, admittedAt, outcome.Effects);
        var sender = transaction.Payload.Sender;
        return new PendingSet
        {
            Limits = Limits,
            State = outcome.State,
            ById = ById.Set(transaction.Id, pending),
            InOrder = InOrder.Set(new Ordinal(sequence), pending),
            ByExpiry = ByExpiry.Set(new NumberedHash(transaction.Payload.ValidUntil, transaction.Id), default),
            Size = Size + transaction.Transaction.Size,
            NextSequence = Math.Max(NextSequence, sequence + 1),
            PerSender = PerSender.Set(sender, PerSender.Find(sender) + 1),
        };
    }

    /// <summary>What still waits after the tip moved or time went on, judged anew on the state there; limits are not asked again of what was acknowledged.</summary>
    /// <param name="confirmed">The ledger at the tip.</param>
    /// <param name="context">The next block's index and time.</param>
    /// <param name="returning">Transactions of abandoned blocks, oldest first: they go before what waited, and all get new sequences. One that waits still, because its block came and went between two calls, is taken once.</param>
    /// <param name="isConfirmed">Whether a transaction is in one of the blocks that were connected.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    /// <returns>The new set, and those that no longer can be confirmed.</returns>
    public (PendingSet Set, IReadOnlyList<RejectedTransaction> Rejected) Rebase(
        LedgerState confirmed, RuleContext context, IReadOnlyList<VerifiedTransaction> returning, Func<Hash256, bool> isConfirmed, long now)
    {
        var set = Empty(Limits, confirmed, NextSequence);
        var rejected = new List<RejectedTransaction>();
        var done = new HashSet<Hash256>();
        foreach (var transaction in returning)
            if (!isConfirmed(transaction.Id) && done.Add(transaction.Id)) set = set.Readmit(transaction, context, now, set.NextSequence, rejected);
        foreach (var (_, pending) in InOrder)
            if (!isConfirmed(pending.Id) && !done.Contains(pending.Id)) set = set.Readmit(pending.Transaction, context, pending.AdmittedAt, returning.Count > 0 ? set.NextSequence : pending.Sequence, rejected);
        return (set, rejected);
    }

    /// <summary>What a store kept, judged anew.</summary>
    /// <param name="stored">Transactions in the order of admission, with their sequences and times.</param>
    /// <param name="context">The next block's index and time.</param>
    public (PendingSet Set, IReadOnlyList<RejectedTransaction> Rejected) Restore(IEnumerable<(VerifiedTransaction Transaction, long Sequence, long AdmittedAt)> stored, RuleContext context)
    {
        var rejected = new List<RejectedTransaction>();
        var set = stored.Aggregate(this, (set, one) => set.Readmit(one.Transaction, context, one.AdmittedAt, one.Sequence, rejected));
        return (set, rejected);
    }

    private PendingSet Readmit(VerifiedTransaction transaction, RuleContext context, long admittedAt, long sequence, List<RejectedTransaction> rejected)
    {
        if (Admit(transaction, context, admittedAt, sequence).TryGet(out var next, out var refusal)) return next;

        rejected.Add(new RejectedTransaction(transaction, refusal));
        return this;
    }

    private Refusal? RefuseFull(VerifiedTransaction transaction)
    {
        if (Count >= Limits.MaxCount || Size + transaction.Transaction.Size > Limits.MaxSize)
            return new Refusal(RefusalCodes.PoolFull, $"{Count} transactions wait already: try again when the next block is sealed.", RefusalKind.Transient);
        if (PerSender.Find(transaction.Payload.Sender) >= Limits.MaxPerAccount)
            return new Refusal(RefusalCodes.PoolFull, $"{Limits.MaxPerAccount} transactions of {transaction.Payload.Sender} wait already: try again when the next block is sealed.", RefusalKind.Transient);

        return null;
    }
}
