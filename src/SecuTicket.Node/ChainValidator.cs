using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>What checking a stored chain found.</summary>
/// <param name="Length">Blocks that are valid, genesis included.</param>
/// <param name="FirstInvalidIndex">Index of the first block that is not; null when all are.</param>
/// <param name="Refusal">What is wrong with it.</param>
public sealed record ChainValidation(long Length, long? FirstInvalidIndex, Refusal? Refusal);

/// <summary>Checks a chain from the bytes on the disk, from genesis on, as <see cref="ChainReplay"/> does, and what is kept beside them: hashes, weights, the ledger.</summary>
/// <param name="spec">What the chain's nodes agree on.</param>
/// <param name="seals">Checks seals.</param>
/// <param name="verifier">Checks signatures.</param>
/// <param name="clock">Tells the time that block times are compared with.</param>
public sealed class ChainValidator(ChainSpec spec, ISealVerifier seals, TransactionVerifier verifier, TimeProvider clock)
{
    /// <summary>Code of a chain that is valid while the ledger kept beside it is not what its blocks give.</summary>
    public const string StateMismatch = "state_mismatch";

    /// <summary>Checks all blocks.</summary>
    /// <param name="blocks">The stored branch from genesis on.</param>
    /// <param name="tip">The tip that the node works with: the branch must end there or go beyond it.</param>
    /// <param name="ledger">The ledger that the node works with at that tip.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="progress">Hears now and then how far it is.</param>
    public ChainValidation Validate(IEnumerable<StoredBlock> blocks, BlockHeader tip, LedgerState ledger, CancellationToken cancellation, Action<ReplayProgress>? progress = null)
    {
        var replay = ChainReplay.FromGenesis(spec, seals, verifier, clock);
        try
        {
            foreach (var batch in Batches(blocks))
            {
                var inOrder = batch.TakeWhile((stored, i) => stored.Index == replay.Next + i).ToArray();
                var fault = replay.Add(
                    [.. inOrder.Select(stored => stored.Bytes)],
                    (i, _) => RefuseKept(inOrder[i], replay) ?? RefuseLedger(replay, tip, ledger),
                    cancellation);
                progress?.Invoke(replay.Progress);
                if (fault is not null) return new ChainValidation(fault.Index, fault.Index, fault.Refusal);
                if (inOrder.Length < batch.Count) return Invalid(replay.Next, RefusalCodes.InvalidLink, $"The next stored block has index {batch[inOrder.Length].Index}.");
            }
        }
        catch (StorageException damage) when (damage.Fault == StorageFault.Damaged)
        {
            // A disk that answers, but not with a block: that is a finding like any other. One that does not answer stays an error.
            return Invalid(replay.Next, RefusalCodes.InvalidBlock, $"What is stored as block {replay.Next} can not be read as one: restore the data directory or let the node sync anew.");
        }

        return replay.Next > tip.Index
            ? new ChainValidation(replay.Next, null, null)
            : Invalid(replay.Next, RefusalCodes.InvalidLink, $"The chain ends before block {replay.Next}, the node's tip is block {tip.Index}.");
    }

    // What comes before a block that can not be read is judged before that is told.
    private static IEnumerable<IReadOnlyList<StoredBlock>> Batches(IEnumerable<StoredBlock> blocks)
    {
        using var source = blocks.GetEnumerator();
        var batch = new List<StoredBlock>();
        var size = 0L;
        StorageException? damage = null;
        while (damage is null && TryNext(source, ref damage))
        {
            batch.Add(source.Current);
            size += source.Current.Bytes.Length;
            if (batch.Count < ChainReplay.BatchBlocks && size < ChainReplay.BatchSize) continue;

            yield return batch;
            (batch, size) = ([], 0);
        }

        if (batch.Count > 0) yield return batch;
        if (damage is not null) throw damage;
    }

    private static bool TryNext(IEnumerator<StoredBlock> source, ref StorageException? damage)
    {
        try
        {
            return source.MoveNext();
        }
        catch (StorageException found) when (found.Fault == StorageFault.Damaged)
        {
            damage = found;
            return false;
        }
    }

    private static Refusal? RefuseKept(StoredBlock stored, ChainReplay replay)
    {
        var tip = replay.Chain.Tip;
        if (stored.Hash != tip.Hash) return new Refusal(RefusalCodes.InvalidBlock, $"It is kept under the hash {stored.Hash}, its own is {tip.Hash}.");

        return stored.Weight == tip.Weight ? null : new Refusal(RefusalCodes.InvalidBlock, $"It is kept with a weight of {stored.Weight}, its branch has {tip.Weight}.");
    }

    private static Refusal? RefuseLedger(ChainReplay replay, BlockHeader tip, LedgerState ledger) =>
        replay.Chain.Tip.Hash == tip.Hash && !LedgerState.SameContent(replay.Chain.Ledger, ledger)
            ? new Refusal(StateMismatch, "The ledger that is kept is not the one that the blocks give: restore the data directory or let the node sync anew.")
            : null;

    private static ChainValidation Invalid(long index, string code, string detail) => new(index, index, new Refusal(code, detail));
}
