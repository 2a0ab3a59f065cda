using System.Collections.Immutable;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Transactions that came before the block that they speak of: refused, and tried again when the next blocks are there. An immutable value.</summary>
/// <remarks>A vote is sent the moment its target is there, and is often faster than the target on another way. Nobody waits for an answer to it a second time.</remarks>
/// <param name="Waiting">What waits, and the index of the block for which it came too early, oldest first.</param>
internal sealed record EarlyTransactions(ImmutableQueue<(VerifiedTransaction Transaction, long Index)> Waiting)
{
    /// <summary>Most that wait: as many as the validators of a large chain send for one block.</summary>
    public const int Most = 512;

    /// <summary>How many blocks each waits for.</summary>
    public const int Blocks = 2;

    private int Count { get; init; }

    /// <summary>Nothing.</summary>
    public static EarlyTransactions None { get; } = new(ImmutableQueue<(VerifiedTransaction, long)>.Empty);

    /// <summary>Whether the next block may make good what is refused so.</summary>
    public static bool MayCome(Refusal refusal) => refusal is { Code: RefusalCodes.UnknownCheckpoint, Kind: RefusalKind.Transient };

    /// <summary>With one more; the oldest goes when there are too many.</summary>
    public EarlyTransactions With(VerifiedTransaction transaction, long index) => Count < Most
        ? this with { Waiting = Waiting.Enqueue((transaction, index)), Count = Count + 1 }
        : this with { Waiting = Waiting.Dequeue().Enqueue((transaction, index)) };

    /// <summary>Tries all of them on a new tip.</summary>
    /// <param name="pending">What waits; those that are right now are added.</param>
    /// <param name="context">What the rules look at now.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <param name="isKnown">Whether a transaction came on another way meanwhile.</param>
    /// <returns>What was admitted, and what still came too early.</returns>
    public (IReadOnlyList<PendingTransaction> Admitted, EarlyTransactions Left) Try(PendingEdit pending, RuleContext context, long now, Func<VerifiedTransaction, bool> isKnown)
    {
        var (admitted, left) = (new List<PendingTransaction>(), None);
        foreach (var (transaction, index) in Waiting)
        {
            if (isKnown(transaction)) continue;
            if (pending.Admit(transaction, context, now).TryGet(out var one, out var refusal)) admitted.Add(one);
            else if (MayCome(refusal) && context.BlockIndex < index + Blocks) left = left.With(transaction, index);
        }

        return (admitted, left);
    }
}
