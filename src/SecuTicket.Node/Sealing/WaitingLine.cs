using SecuTicket.Core.Mempool;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Sealing;

/// <summary>What waits for a block, as far as it matters for when the block is due.</summary>
/// <param name="set">What waited when it was last told as a whole.</param>
/// <param name="edit">The same with what was admitted since; null for nothing.</param>
public readonly struct WaitingLine(PendingSet set, PendingEdit? edit)
{
    /// <summary>How many transactions.</summary>
    public int Count => edit?.Count ?? set.Count;

    /// <summary>Bytes of their stored form.</summary>
    public long Size => edit?.Size ?? set.Size;

    /// <summary>See <see cref="PendingSet.FirstExpiry"/>.</summary>
    public long FirstExpiry => edit?.FirstExpiry ?? set.FirstExpiry;

    /// <summary>One of the first, by its place in the order of admission, from 0.</summary>
    public PendingTransaction this[int place] => edit is not null ? edit.Waiting.ElementAt(place) : set.InOrder.ElementAt(place).Value;

    /// <summary>How many of what waits a block takes, were all of it as large as they are on the average.</summary>
    /// <param name="spec">What a block holds.</param>
    /// <param name="overhead">Bytes of a block that are none of what waits.</param>
    public long PerBlock(ChainSpec spec, int overhead) => Count == 0 ? spec.MaxBlockTransactions - 1 : Math.Clamp((spec.MaxBlockSize - overhead) / Math.Max(1, Size / Count), 1, spec.MaxBlockTransactions - 1);

    /// <summary>Whether so much waits that it fills half a block.</summary>
    /// <remarks>
    /// The spacing lets more come together for one block. Then it has done that: longer, and a block could not take all that waits, which costs more for each of them (decision 042).
    /// </remarks>
    /// <param name="spec">What a block holds.</param>
    public bool IsCrowded(ChainSpec spec) => 2 * Count >= spec.MaxBlockTransactions || 2 * Size >= spec.MaxBlockSize;
}
