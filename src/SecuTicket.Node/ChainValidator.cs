using SecuTicket.Core.Blocks;
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

/// <summary>Checks a chain from the bytes on the disk, from genesis on: form, hashes, links, times, work, signatures, and every rule.</summary>
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
    public ChainValidation Validate(IEnumerable<StoredBlock> blocks, BlockHeader tip, LedgerState ledger, CancellationToken cancellation)
    {
        var chain = Blockchain.Start(spec, seals);
        var next = 0L;
        try
        {
            foreach (var stored in blocks)
            {
                cancellation.ThrowIfCancellationRequested();
                if (stored.Index != next) return Invalid(next, RefusalCodes.InvalidLink, $"The next stored block has index {stored.Index}.");

                var step = next == 0 ? CheckGenesis(chain, stored) : Extend(chain, stored);
                if (!step.TryGet(out chain!, out var refusal)) return new ChainValidation(next, next, refusal);
                if (chain.Tip.Hash == tip.Hash && !LedgerState.SameContent(chain.Ledger, ledger))
                    return Invalid(next, StateMismatch, "The ledger that is kept is not the one that the blocks give: restore the data directory or let the node sync anew.");

                next++;
            }
        }
        catch (StorageException damage) when (damage.Fault == StorageFault.Damaged)
        {
            // A disk that answers, but not with a block: that is a finding like any other. One that does not answer stays an error.
            return Invalid(next, RefusalCodes.InvalidBlock, $"What is stored as block {next} can not be read as one: restore the data directory or let the node sync anew.");
        }

        return next > tip.Index
            ? new ChainValidation(next, null, null)
            : Invalid(next, RefusalCodes.InvalidLink, $"The chain ends before block {next}, the node's tip is block {tip.Index}.");
    }

    private Verdict<Blockchain> CheckGenesis(Blockchain chain, StoredBlock stored) =>
        stored.Hash == spec.Genesis.Hash && stored.Weight == chain.Tip.Weight && stored.Bytes.Span.SequenceEqual(spec.Genesis.Encode())
            ? chain
            : new Refusal(RefusalCodes.InvalidBlock, $"The stored genesis is not the one of chain «{spec.ChainId}».");

    private Verdict<Blockchain> Extend(Blockchain chain, StoredBlock stored)
    {
        if (!Block.Decode(stored.Bytes.Span, spec.MaxBlockTransactions).TryGet(out var block, out var refusal)) return refusal;
        if (block.Header.Previous != chain.Tip.Hash) return new Refusal(RefusalCodes.InvalidLink, $"It names {block.Header.Previous} as the block before it, that is {chain.Tip.Hash}.");
        if (!VerifiedBlock.Verify(block, verifier).TryGet(out var verified, out refusal)) return refusal;

        var update = chain.Add(verified, clock.GetUtcNow().ToUnixTimeMilliseconds(), NoArchive.Instance);
        if (update.Verdict.Refusal is { } refused) return refused;
        if (stored.Hash != block.Hash) return new Refusal(RefusalCodes.InvalidBlock, $"It is kept under the hash {stored.Hash}, its own is {block.Hash}.");
        if (stored.Weight != update.Chain.Tip.Weight)
            return new Refusal(RefusalCodes.InvalidBlock, $"It is kept with a weight of {stored.Weight}, its branch has {update.Chain.Tip.Weight}.");

        return update.Chain;
    }

    private static ChainValidation Invalid(long index, string code, string detail) => new(index, index, new Refusal(code, detail));

    // A chain that only ever grows at its tip never looks back.
    private sealed class NoArchive : IBlockArchive
    {
        public static NoArchive Instance { get; } = new();

        public ArchivedBlock Find(Hash256 hash) => throw new InvalidOperationException("Nothing is reorganised while checking.");
    }
}
