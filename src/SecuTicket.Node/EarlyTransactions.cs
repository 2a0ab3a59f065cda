using System.Collections.Immutable;
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
}
