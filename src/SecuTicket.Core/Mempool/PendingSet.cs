using SecuTicket.Core.Blocks;
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

    /// <summary>The times of a block in which it does the same as here.</summary>
    internal Period Holds { get; init; }
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
    /// <summary>What stands for a block's index in what only waits: this and the place in the order of admission, beyond any block's.</summary>
    /// <remarks>So no block that is connected makes it look confirmed, and what a ticket owes to a transaction that waits can be told from what it owes to a block.</remarks>
    internal const long Waiting = 1L << 62;

    internal PendingSet()
    {
    }

    /// <summary>How much may wait.</summary>
    public required MempoolLimits Limits { get; init; }

    /// <summary>The confirmed ledger with everything that waits applied. It remembers none of that as seen: <see cref="ById"/> tells what waits.</summary>
    public required LedgerState State { get; init; }

    /// <summary>The confirmed ledger that <see cref="State"/> was made of, with which it shares all that nothing changed that waits; null after a block took a part of what waits out.</summary>
    internal LedgerState? Confirmed { get; init; }

    /// <summary>What waits, by id.</summary>
    public Trie<Hash256, PendingTransaction> ById { get; internal init; } = Trie<Hash256, PendingTransaction>.Empty;

    /// <summary>What waits, in the order of admission.</summary>
    public Trie<Ordinal, PendingTransaction> InOrder { get; internal init; } = Trie<Ordinal, PendingTransaction>.Empty;

    /// <summary>How many wait.</summary>
    public int Count => ById.Count;

    /// <summary>Bytes of their stored form.</summary>
    public long Size { get; internal init; }

    /// <summary>The sequence that the next one gets.</summary>
    public long NextSequence { get; internal init; }

    /// <summary>The earliest end of a validity among those that wait or waited when they were last judged anew, in unix seconds; the largest number when nothing waits.</summary>
    public long FirstExpiry { get; internal init; } = long.MaxValue;

    /// <summary>How many of each sender wait; null when they were not counted.</summary>
    internal Trie<Address, int>? PerSender { get; init; }

    /// <summary>Nothing waits.</summary>
    /// <param name="limits">How much may wait.</param>
    /// <param name="confirmed">The ledger at the tip.</param>
    /// <param name="nextSequence">The sequence that the first one gets.</param>
    public static PendingSet Empty(MempoolLimits limits, LedgerState confirmed, long nextSequence = 0) => On(limits, confirmed, confirmed, nextSequence);

    /// <summary>Begins many changes at once: this set stays as it is.</summary>
    public PendingEdit Edit() => new(this);

    /// <summary>Admits a transaction, or says which rule or limit refuses it.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="context">The next block's index and the admission's time.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    public Verdict<PendingSet> Admit(VerifiedTransaction transaction, RuleContext context, long now)
    {
        var edit = Edit();
        return edit.Admit(transaction, context, now).TryGet(out _, out var refusal) ? edit.ToSet() : refusal;
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
        var edit = Empty(Limits, confirmed, NextSequence).Edit();
        var rejected = new List<RejectedTransaction>();
        var done = new HashSet<Hash256>();
        foreach (var transaction in returning)
            if (!isConfirmed(transaction.Id) && done.Add(transaction.Id)) edit.Readmit(transaction, context, now, edit.NextSequence, rejected);
        foreach (var (_, pending) in InOrder)
            if (!isConfirmed(pending.Id) && !done.Contains(pending.Id)) edit.Readmit(pending.Transaction, context, pending.AdmittedAt, returning.Count > 0 ? edit.NextSequence : pending.Sequence, rejected);
        return (edit.ToSet(), rejected);
    }

    /// <summary>What still waits after a block of exactly those that came first, in their order; null when the block is another one, or did what can not be told apart here: then <see cref="Rebase"/> is to judge.</summary>
    /// <remarks>
    /// Such a block did what the set had applied already, so nothing is applied again. What it costs follows from what came since the block was begun when it took all that waited
    /// then, and from the block otherwise; not from how much waits. Judging all anew cost as
    /// much as a second admission of everything for every block. What time made impossible meanwhile is met when a template is made, which passes it over.
    /// </remarks>
    /// <param name="begun">What waited when the block was begun.</param>
    /// <param name="block">The block, which followed the tip that this set was judged on.</param>
    /// <param name="outcome">What it did.</param>
    public PendingSet? After(PendingSet begun, VerifiedBlock block, BlockOutcome outcome)
    {
        var reward = block.Transactions.Count > 0 ? block.Transactions[0].Payload.Operation as Reward : null;
        var taken = block.Transactions.Span[(reward is null ? 0 : 1)..];
        if (!BeginsWith(taken) || outcome.Delta.Events.Count > 0) return null;
        if (taken.Length == Count) return Empty(Limits, outcome.State, NextSequence);

        // A block changes stakes by itself, whatever its transactions are. The tickets of an issue name its block, whatever became of them since.
        if (outcome.Delta.Stakes is not null || outcome.Delta.Tickets.Any(static change => change.Before is null)) return null;

        return taken.Length == begun.Count ? Since(begun, outcome.State) : Without(taken, reward, outcome.State, outcome.Delta);
    }

    // What came later, on the ledger after a block of all that came before: so both share again what neither changed.
    private PendingSet Since(PendingSet begun, LedgerState confirmed)
    {
        var last = begun.InOrder.Last?.Key.Value ?? -1;
        var state = LedgerDelta.Between(begun.State, State).Onto(confirmed, ticket => ticket.ChangedIn > Waiting + last);
        var later = On(Limits, confirmed, state, NextSequence).Edit();
        foreach (var (_, pending) in last < 0 ? InOrder : InOrder.After(new Ordinal(last))) later.Keep(pending);
        return later.ToSet();
    }

    // A block that could not take all: what it took goes out of the set, which goes on as it is.
    private PendingSet Without(ReadOnlySpan<VerifiedTransaction> taken, Reward? reward, LedgerState confirmed, LedgerDelta delta)
    {
        var state = State.Edit();
        var last = 0L;
        var (byId, inOrder, perSender, size) = (ById.Edit(), InOrder.Edit(), PerSender?.Edit(), Size);
        foreach (var transaction in taken)
        {
            last = byId.Find(transaction.Id)!.Sequence;
            byId.Remove(transaction.Id);
            inOrder.Remove(new Ordinal(last));
            if (perSender is not null) Uncount(perSender, transaction.Payload.Sender);
            size -= transaction.Transaction.Size;
        }

        foreach (ref readonly var change in delta.Tickets.Span)
            if (state.Find(change.Key) is { } ticket && ticket.ChangedIn <= Waiting + last) state.SetTicket(change.Key, ticket, change.After);

        if (reward is not null) LedgerRules.PayReward(state, reward.Recipient, reward.Amount);
        state.RememberAs(confirmed);
        return new PendingSet
        {
            Limits = Limits,
            State = state.ToState(),
            ById = byId.ToTrie(),
            InOrder = inOrder.ToTrie(),
            FirstExpiry = FirstExpiry,
            PerSender = byId.Count < Limits.MaxPerAccount ? null : perSender?.ToTrie(),
            Size = size,
            NextSequence = NextSequence,
        };
    }

    private static void Uncount(TrieEdit<Address, int> perSender, in Address sender)
    {
        if (perSender.Find(sender) is var count and > 1) perSender.Set(sender, count - 1);
        else perSender.Remove(sender);
    }

    private static PendingSet On(MempoolLimits limits, LedgerState confirmed, LedgerState state, long nextSequence) =>
        new() { Limits = limits, State = state, Confirmed = confirmed, NextSequence = nextSequence };

    private bool BeginsWith(ReadOnlySpan<VerifiedTransaction> transactions)
    {
        if (transactions.Length > Count) return false;

        using var waiting = InOrder.GetEnumerator();
        foreach (var transaction in transactions)
            if (!waiting.MoveNext() || waiting.Current.Value.Id != transaction.Id) return false;
        return true;
    }

    /// <summary>What a store kept, judged anew.</summary>
    /// <param name="stored">Transactions in the order of admission, with their sequences and times.</param>
    /// <param name="context">The next block's index and time.</param>
    public (PendingSet Set, IReadOnlyList<RejectedTransaction> Rejected) Restore(IEnumerable<(VerifiedTransaction Transaction, long Sequence, long AdmittedAt)> stored, RuleContext context)
    {
        // Not begun for nothing: an edit asks for maps that a start would else not wait for.
        PendingEdit? edit = null;
        var rejected = new List<RejectedTransaction>();
        foreach (var (transaction, sequence, admittedAt) in stored) (edit ??= Edit()).Readmit(transaction, context, admittedAt, sequence, rejected);
        return (edit?.ToSet() ?? this, rejected);
    }
}
