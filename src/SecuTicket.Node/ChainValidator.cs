using SecuTicket.Core.Chain;
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
/// <param name="verifier">Checks signatures; null leaves that out.</param>
/// <param name="clock">Tells the time that block times are compared with.</param>
public sealed class ChainValidator(ChainSpec spec, ISealVerifier seals, TransactionVerifier? verifier, TimeProvider clock)
{
    /// <summary>Code of a chain that is valid while the ledger kept beside it is not what its blocks give.</summary>
    public const string StateMismatch = "state_mismatch";

    /// <summary>Times that a check begins, at the most, when the chain is reorganised under it.</summary>
    public const int MaxTries = 3;

    /// <summary>Checks all blocks.</summary>
    /// <param name="store">Where the blocks are. It is read a batch at a time and never while blocks are judged: a read kept open keeps what was erased in the write-ahead log.</param>
    /// <param name="held">The chain that the node works with: the stored branch must end with its tip or go beyond it, and give its ledger.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="progress">Hears now and then how far it is; from the start again when the chain was reorganised.</param>
    /// <returns>What was found; <c>not_ready</c> (Transient) when the chain was reorganised under each of <see cref="MaxTries"/> tries.</returns>
    public Verdict<ChainValidation> Validate(IBlockStore store, Func<Blockchain> held, CancellationToken cancellation, Action<ReplayProgress>? progress = null)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (Try(store, held, progress, cancellation) is { } found) return found;
        }

        return new Refusal("not_ready", $"The chain was reorganised {MaxTries} times while it was checked: ask again.", RefusalKind.Transient);
    }

    // Null when the chain was reorganised between two reads.
    private ChainValidation? Try(IBlockStore store, Func<Blockchain> held, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var replay = ChainReplay.FromGenesis(spec, seals, verifier, clock);
        var (chain, metTip) = (held(), false);
        for (var batch = Batch.Read(store, null); batch is not null; batch = Batch.Read(store, batch.Blocks[^1]))
        {
            var inOrder = batch.Blocks.TakeWhile((stored, i) => stored.Index == replay.Next + i).ToArray();
            var fault = replay.Add([.. inOrder.Select(stored => stored.Bytes)], (i, _) => RefuseKept(inOrder[i], replay) ?? RefuseLedger(replay, chain, ref metTip), cancellation);
            progress?.Invoke(replay.Progress);
            if (fault is not null) return new ChainValidation(fault.Index, fault.Index, fault.Refusal);
            if (inOrder.Length < batch.Blocks.Count) return Invalid(replay.Next, RefusalCodes.InvalidLink, $"The next stored block has index {batch.Blocks[inOrder.Length].Index}.");
            if (batch.IsDamagedAfter) return Invalid(replay.Next, RefusalCodes.InvalidBlock, $"What is stored as block {replay.Next} can not be read as one: restore the data directory or let the node sync anew.");
            if (!batch.IsLast) continue;
            if (!metTip && held().Tip.Hash != chain.Tip.Hash) return null;

            return replay.Next > chain.Tip.Header.Index
                ? new ChainValidation(replay.Next, null, null)
                : Invalid(replay.Next, RefusalCodes.InvalidLink, $"The chain ends before block {replay.Next}, the node's tip is block {chain.Tip.Header.Index}.");
        }

        return null;
    }

    private static Refusal? RefuseKept(StoredBlock stored, ChainReplay replay)
    {
        var tip = replay.Chain.Tip;
        if (stored.Hash != tip.Hash) return new Refusal(RefusalCodes.InvalidBlock, $"It is kept under the hash {stored.Hash}, its own is {tip.Hash}.");

        return stored.Weight == tip.Weight ? null : new Refusal(RefusalCodes.InvalidBlock, $"It is kept with a weight of {stored.Weight}, its branch has {tip.Weight}.");
    }

    private static Refusal? RefuseLedger(ChainReplay replay, Blockchain held, ref bool metTip)
    {
        if (replay.Chain.Tip.Hash != held.Tip.Hash) return null;

        metTip = true;
        return LedgerState.SameContent(replay.Chain.Ledger, held.Ledger)
            ? null
            : new Refusal(StateMismatch, "The ledger that is kept is not the one that the blocks give: restore the data directory or let the node sync anew.");
    }

    private static ChainValidation Invalid(long index, string code, string detail) => new(index, index, new Refusal(code, detail));

    /// <summary>Blocks read at once.</summary>
    /// <param name="Blocks">The blocks.</param>
    /// <param name="IsLast">Whether the branch ends with them.</param>
    /// <param name="IsDamagedAfter">Whether what follows can not be read: they are judged before that is told.</param>
    private sealed record Batch(IReadOnlyList<StoredBlock> Blocks, bool IsLast, bool IsDamagedAfter)
    {
        /// <summary>Reads the blocks after <paramref name="last"/>; null when that is on the branch no more.</summary>
        /// <remarks>The one judged last is read again by the same read: so none of another branch is taken for one that follows it.</remarks>
        /// <exception cref="StorageException">The disk does not answer. One that answers, but not with a block, is a finding like any other.</exception>
        public static Batch? Read(IBlockStore store, StoredBlock? last)
        {
            var blocks = new List<StoredBlock>();
            var size = 0L;
            try
            {
                using var source = store.ReadChain(last?.Index ?? 0).GetEnumerator();
                if (last is not null && !(source.MoveNext() && source.Current.Index == last.Index && source.Current.Hash == last.Hash)) return null;

                while (blocks.Count < ChainReplay.BatchBlocks && size < ChainReplay.BatchSize)
                {
                    if (!source.MoveNext()) return new Batch(blocks, true, false);

                    blocks.Add(source.Current);
                    size += source.Current.Bytes.Length;
                }
            }
            catch (StorageException damage) when (damage.Fault == StorageFault.Damaged)
            {
                return new Batch(blocks, true, true);
            }

            return new Batch(blocks, false, false);
        }
    }
}
