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

/// <summary>Blocks of a replay that are read and checked together.</summary>
/// <param name="Blocks">Their stored form, in order.</param>
public record ReplayPart(IReadOnlyList<ReadOnlyMemory<byte>> Blocks);

/// <summary>Where a replay stands.</summary>
/// <param name="Tip">Header of the last valid block.</param>
/// <param name="Weight">The work in the chain up to it.</param>
/// <param name="Blocks">Blocks replayed, genesis included where the replay began with it.</param>
/// <param name="Transactions">Transactions in them.</param>
public sealed record ReplayProgress(BlockHeader Tip, UInt128 Weight, long Blocks, long Transactions);

/// <summary>Builds a chain anew from the bytes of its blocks, whatever they come from, and believes nothing of them: form, hashes, links, times, work, signatures, every rule.</summary>
/// <remarks>
/// Signatures, which cost most, are checked on all cores, and those of the next blocks while the ones before them are applied (<see cref="ReplayAhead{TPart}"/>); which threads check what, and when, changes no answer. Not thread-safe.
/// </remarks>
/// <param name="start">The chain that the blocks go on from.</param>
/// <param name="verifier">Checks signatures; null leaves that out, and everything else is checked all the same.</param>
/// <param name="clock">Tells the time that block times are compared with.</param>
/// <param name="fromGenesis">Whether the first block to come is genesis, which must then be the specification's.</param>
public sealed class ChainReplay(Blockchain start, TransactionVerifier? verifier, TimeProvider clock, bool fromGenesis = false)
{
    /// <summary>Most blocks that should come together: enough for all cores, little to hold.</summary>
    public const int BatchBlocks = 64;

    /// <summary>Most bytes of blocks that should come together; one block is whatever it is.</summary>
    public const long BatchSize = 4 * 1024 * 1024;

    // So many bytes are checked while as many are applied: little enough that nothing is waited for long at the start and the end.
    private const long PartSize = 512 * 1024;

    private long _blocks;
    private long _transactions;

    /// <summary>The chain so far.</summary>
    public Blockchain Chain { get; private set; } = start;

    /// <summary>The index of the block that comes next.</summary>
    public long Next => fromGenesis && _blocks == 0 ? 0 : Chain.Tip.Header.Index + 1;

    /// <summary>Where it stands.</summary>
    public ReplayProgress Progress => new(Chain.Tip.Header, Chain.Tip.Weight, _blocks, _transactions);

    /// <summary>A replay that begins with genesis. Nothing lists tickets while it goes on, so its ledger keeps no order of them.</summary>
    public static ChainReplay FromGenesis(ChainSpec spec, ISealVerifier seals, TransactionVerifier? verifier, TimeProvider clock) => new(Blockchain.Start(spec, seals, isIndexed: false), verifier, clock, fromGenesis: true);

    /// <summary>Adds the next blocks, up to the first that is not valid.</summary>
    /// <param name="blocks">Their stored form, in order.</param>
    /// <param name="added">Called after each valid one with its place among <paramref name="blocks"/> and what it did, null for genesis; may refuse it all the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first that is not valid; null when all are.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public ReplayFault? Add(IReadOnlyList<ReadOnlyMemory<byte>> blocks, Func<int, ConnectedBlock?, Refusal?>? added = null, CancellationToken cancellation = default)
    {
        var place = 0;
        foreach (var (_, fault) in Run(Parts(blocks, static block => block.Length).Select(static part => new ReplayPart(part)), (_, _, block) => added?.Invoke(place++, block), cancellation))
            if (fault is not null) return fault;

        return null;
    }

    /// <summary>Adds the blocks of parts that follow each other, up to the first that is not valid: a few parts are read and checked ahead.</summary>
    /// <param name="parts">The parts, which other threads take one after the other.</param>
    /// <param name="added">Called after each valid block with its part, its place there and what it did, null for genesis; may refuse it all the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Each part once it is added, and the first block of it that is not valid, which ends the run.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public IEnumerable<(TPart Part, ReplayFault? Fault)> Run<TPart>(IEnumerable<TPart> parts, Func<TPart, int, ConnectedBlock?, Refusal?> added, CancellationToken cancellation)
        where TPart : ReplayPart
    {
        using var source = parts.GetEnumerator();
        var ahead = new ReplayAhead<TPart>(source, Chain.Spec.MaxBlockTransactions, verifier, cancellation);
        ahead.Begin();
        try
        {
            while (ahead.Next() is { } next)
            {
                var fault = Apply(next.Part, next.Checks, added, cancellation);
                yield return (next.Part, fault);
                if (fault is not null) yield break;
            }
        }
        finally
        {
            // Nothing of this call goes on after it.
            ahead.End();
        }
    }

    /// <summary>Cuts blocks into parts of some size.</summary>
    internal static IEnumerable<T[]> Parts<T>(IReadOnlyList<T> blocks, Func<T, int> sizeOf)
    {
        for (var (first, next) = (0, 0); next < blocks.Count; first = next)
        {
            for (var size = 0L; next < blocks.Count && size < PartSize; next++) size += sizeOf(blocks[next]);
            yield return [.. blocks.Skip(first).Take(next - first)];
        }
    }

    private ReplayFault? Apply<TPart>(TPart part, CheckedBlock[] checks, Func<TPart, int, ConnectedBlock?, Refusal?> added, CancellationToken cancellation)
        where TPart : ReplayPart
    {
        for (var i = 0; i < checks.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var index = Next;
            if (!(index == 0 ? Begin(part.Blocks[i]) : Extend(checks[i])).TryGet(out var step, out var refusal)) return new ReplayFault(index, refusal);

            Chain = step.Chain;
            _blocks++;
            _transactions += checks[i].Block.Value.Transactions.Count;
            if (added(part, i, step.Connected) is { } fault) return new ReplayFault(index, fault);
        }

        return null;
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

    private sealed record Step(Blockchain Chain, ConnectedBlock? Connected);

    // A chain that only ever grows at its tip never looks back.
    private sealed class NoArchive : IBlockArchive
    {
        public static NoArchive Instance { get; } = new();

        public ArchivedBlock Find(Hash256 hash) => throw new InvalidOperationException("Nothing is reorganised while replaying.");
    }
}
