using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>The first block of a replay that is not valid.</summary>
/// <param name="Index">The index that it should have had.</param>
/// <param name="Refusal">What is wrong with it.</param>
public sealed record ReplayFault(long Index, Refusal Refusal);

/// <summary>Where a replay stands.</summary>
/// <param name="Tip">Header of the last valid block.</param>
/// <param name="Weight">The work in the chain up to it.</param>
/// <param name="Blocks">Blocks replayed, genesis included where the replay began with it.</param>
/// <param name="Transactions">Transactions in them.</param>
public sealed record ReplayProgress(BlockHeader Tip, UInt128 Weight, long Blocks, long Transactions);

/// <summary>Builds a chain anew from the bytes of its blocks, whatever they come from, and believes nothing of them: form, hashes, links, times, work, signatures, every rule.</summary>
/// <remarks>Signatures, which cost most, are checked in parallel for all blocks that come together; which threads check what changes no answer. Not thread-safe.</remarks>
/// <param name="start">The chain that the blocks go on from.</param>
/// <param name="verifier">Checks signatures.</param>
/// <param name="clock">Tells the time that block times are compared with.</param>
/// <param name="fromGenesis">Whether the first block to come is genesis, which must then be the specification's.</param>
public sealed class ChainReplay(Blockchain start, TransactionVerifier verifier, TimeProvider clock, bool fromGenesis = false)
{
    /// <summary>Most blocks that should come together: enough for all cores, little to hold.</summary>
    public const int BatchBlocks = 64;

    /// <summary>Most bytes of blocks that should come together; one block is whatever it is.</summary>
    public const long BatchSize = 4 * 1024 * 1024;

    private long _blocks;
    private long _transactions;

    /// <summary>The chain so far.</summary>
    public Blockchain Chain { get; private set; } = start;

    /// <summary>The index of the block that comes next.</summary>
    public long Next => fromGenesis && _blocks == 0 ? 0 : Chain.Tip.Header.Index + 1;

    /// <summary>Where it stands.</summary>
    public ReplayProgress Progress => new(Chain.Tip.Header, Chain.Tip.Weight, _blocks, _transactions);

    /// <summary>A replay that begins with genesis.</summary>
    public static ChainReplay FromGenesis(ChainSpec spec, ISealVerifier seals, TransactionVerifier verifier, TimeProvider clock) => new(Blockchain.Start(spec, seals), verifier, clock, fromGenesis: true);

    /// <summary>Adds the next blocks, up to the first that is not valid.</summary>
    /// <param name="blocks">Their stored form, in order.</param>
    /// <param name="added">Called after each valid one with its place among <paramref name="blocks"/> and what it did, null for genesis; may refuse it all the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first that is not valid; null when all are.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public ReplayFault? Add(IReadOnlyList<ReadOnlyMemory<byte>> blocks, Func<int, ConnectedBlock?, Refusal?>? added = null, CancellationToken cancellation = default)
    {
        var checks = new CheckedBlock[blocks.Count];
        Parallel.For(0, blocks.Count, new ParallelOptions { CancellationToken = cancellation }, i => checks[i] = Check(blocks[i]));
        for (var i = 0; i < checks.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var index = Next;
            if (!(index == 0 ? Begin(blocks[i]) : Extend(checks[i])).TryGet(out var step, out var refusal)) return new ReplayFault(index, refusal);

            Chain = step.Chain;
            _blocks++;
            _transactions += checks[i].Block.Value.Transactions.Count;
            if (added?.Invoke(i, step.Connected) is { } fault) return new ReplayFault(index, fault);
        }

        return null;
    }

    private CheckedBlock Check(ReadOnlyMemory<byte> bytes)
    {
        var block = Block.Decode(bytes.Span, Chain.Spec.MaxBlockTransactions);
        return new CheckedBlock(block, block.IsAccepted ? BlockChecks.Verify(block.Value, verifier) : block.Refusal);
    }

    private Verdict<Step> Begin(ReadOnlyMemory<byte> bytes) => bytes.Span.SequenceEqual(Chain.Spec.Genesis.Encode())
        ? new Step(Chain, null)
        : new Refusal(RefusalCodes.InvalidBlock, $"It is not the genesis of chain «{Chain.Spec.ChainId}».");

    private Verdict<Step> Extend(CheckedBlock check)
    {
        if (!check.Block.TryGet(out var block, out var refusal)) return refusal;
        if (block.Header.Previous != Chain.Tip.Hash) return new Refusal(RefusalCodes.InvalidLink, $"It names {block.Header.Previous} as the block before it, that is {Chain.Tip.Hash}.");
        if (!check.Verified.TryGet(out var verified, out refusal)) return refusal;

        var update = Chain.Add(verified, clock.GetUtcNow().ToUnixTimeMilliseconds(), NoArchive.Instance);
        return update.Verdict.Refusal is { } refused ? refused : new Step(update.Chain, update.Connected[0]);
    }

    private readonly record struct CheckedBlock(Verdict<Block> Block, Verdict<VerifiedBlock> Verified);

    private sealed record Step(Blockchain Chain, ConnectedBlock? Connected);

    // A chain that only ever grows at its tip never looks back.
    private sealed class NoArchive : IBlockArchive
    {
        public static NoArchive Instance { get; } = new();

        public ArchivedBlock Find(Hash256 hash) => throw new InvalidOperationException("Nothing is reorganised while replaying.");
    }
}
