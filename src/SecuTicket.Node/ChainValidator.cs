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
    /// <param name="store">Where the blocks are. It is read a batch at a time, ahead of the blocks that are judged, and no read is kept open meanwhile: one that is keeps what was erased in the write-ahead log.</param>
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
        foreach (var (part, fault) in replay.Run(StoredPart.ReadAll(store), (part, place, _) => RefuseKept(part.Stored[place], replay) ?? RefuseLedger(replay, chain, ref metTip), cancellation))
        {
            progress?.Invoke(replay.Progress);
            if (fault is not null) return new ChainValidation(fault.Index, fault.Index, fault.Refusal);
            if (part.End is not { } end) continue;
            if (end.Stray is { } stray) return Invalid(replay.Next, RefusalCodes.InvalidLink, $"The next stored block has index {stray}.");
            if (end.IsDamaged) return Invalid(replay.Next, RefusalCodes.InvalidBlock, $"What is stored as block {replay.Next} can not be read as one: restore the data directory or let the node sync anew.");
            if (end.IsReorganised || (!metTip && held().Tip.Hash != chain.Tip.Hash)) return null;

            return replay.Next > chain.Tip.Header.Index
                ? new ChainValidation(replay.Next, null, null)
                : Invalid(replay.Next, RefusalCodes.InvalidLink, $"The chain ends before block {replay.Next}, the node's tip is block {chain.Tip.Header.Index}.");
        }

        throw new InvalidOperationException("The last part of a stored chain says how it ends.");
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
}
