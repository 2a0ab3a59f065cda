using System.Globalization;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Chain;

/// <summary>A part of the chain.</summary>
/// <typeparam name="T">What is read of each block.</typeparam>
/// <param name="Items">Oldest first.</param>
/// <param name="NextFrom">Index of the block after it; null when it ends with the tip.</param>
internal sealed record ChainPart<T>(IReadOnlyList<T> Items, long? NextFrom);

/// <summary>Reads parts of the stored chain, bounded in items and in bytes.</summary>
/// <param name="store">Where blocks are.</param>
/// <param name="spec">The chain's specification.</param>
/// <param name="snapshot">Which tip the chain has.</param>
internal sealed class ChainReader(IBlockStore store, ChainSpec spec, NodeSnapshot snapshot)
{
    /// <summary>Most bytes of blocks in an answer; the rest of 4 MiB is for what surrounds them. One block is given whatever its size.</summary>
    public const long MaxAnswerSize = (4 * 1024 * 1024) - 1024;

    /// <summary>The block of our branch with an index, or one with a hash, on our branch or not.</summary>
    /// <param name="id">An index in decimal digits, or a hash, 64 lower-case hex digits.</param>
    /// <returns>The block as it is stored, <c>invalid_field</c>: the text is neither, or <c>not_found</c>.</returns>
    public Verdict<StoredBlock> Find(string id)
    {
        StoredBlock? stored;
        if (Hash256.TryParse(id, out var hash)) stored = store.FindBlock(hash);
        else if (TryReadIndex(id, out var index)) stored = index <= snapshot.Tip.Index ? store.FindBlock(index) : null;
        else return PathValue.Malformed("id", "a block's index in decimal digits or its hash, 64 lower-case hex digits");

        return stored is null ? PathValue.NotFound($"block {id}") : stored;
    }

    /// <summary>Reads an index: decimal digits without sign or leading zeros.</summary>
    public static bool TryReadIndex(string text, out long index) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index <= CanonicalJson.MaxInteger && text == index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whole blocks.</summary>
    /// <param name="from">Index of the first one; null for the last <paramref name="limit"/>.</param>
    /// <param name="limit">The most.</param>
    public Verdict<ChainPart<Block>> ReadBlocks(long? from, int limit)
    {
        var items = new List<Block>();
        var (size, nextFrom) = (0L, (long?)null);
        foreach (var stored in from is { } first ? Forwards(first, limit) : Backwards())
        {
            if (from is { } start && stored.Index > start + items.Count) return Gone(start + items.Count);

            nextFrom = stored.Index;
            if (items.Count == limit) break;
            if (!ReadBlock(stored).TryGet(out var block, out var refusal)) return refusal;

            size += SizeOf(block);
            if (items.Count > 0 && size > MaxAnswerSize) break;

            items.Add(block);
            nextFrom = null;
        }

        if (from is not null) return new ChainPart<Block>(items, nextFrom);

        items.Reverse();
        return new ChainPart<Block>(items, null);
    }

    /// <summary>Headers with their seals.</summary>
    /// <param name="from">Index of the first one; null for the last <paramref name="limit"/>.</param>
    /// <param name="limit">The most.</param>
    public Verdict<ChainPart<(BlockHeader Header, TransactionSignature? Seal)>> ReadHeaders(long? from, int limit)
    {
        var items = new List<(BlockHeader Header, TransactionSignature? Seal)>();
        var first = from ?? Math.Max(snapshot.Tip.Index + 1 - limit, 0);
        foreach (var stored in store.ReadHeaders(first, limit + 1).TakeWhile(stored => stored.Index <= snapshot.Tip.Index))
        {
            if (stored.Index > first + items.Count) return Gone(first + items.Count);
            if (items.Count == limit) return new ChainPart<(BlockHeader Header, TransactionSignature? Seal)>(items, stored.Index);
            if (!ReadHeader(stored).TryGet(out var header, out var refusal)) return refusal;

            items.Add(header);
        }

        return new ChainPart<(BlockHeader Header, TransactionSignature? Seal)>(items, null);
    }

    /// <summary>The block that a stored one holds.</summary>
    /// <returns>The block, or <c>storage_failed</c>: its bytes were changed.</returns>
    public Verdict<Block> ReadBlock(StoredBlock stored)
    {
        if (!Block.Decode(stored.Bytes.Span, spec.MaxBlockTransactions).TryGet(out var block, out var refusal)) return Damaged(stored.Index, refusal.Detail);

        return block.Hash == stored.Hash ? block : Damaged(stored.Index, $"its hash is {block.Hash} now.");
    }

    /// <summary>At least the bytes of a block in an answer.</summary>
    internal static long SizeOf(Block block)
    {
        var size = 640L;
        foreach (var transaction in block.Transactions.Span) size += 128 + transaction.Payload.Canonical.Length + SignatureContract.SizeOf(transaction.Signatures);
        return size;
    }

    private static Verdict<(BlockHeader Header, TransactionSignature? Seal)> ReadHeader(StoredHeader stored)
    {
        var bytes = stored.Bytes.Span;
        if (bytes.Length < BlockHeader.Size) return Damaged(stored.Index, "It is cut short.");
        if (!BlockHeader.Decode(bytes[..BlockHeader.Size]).TryGet(out var header, out var refusal)) return Damaged(stored.Index, refusal.Detail);
        if (!TransactionSignature.ReadList(bytes[BlockHeader.Size..], out _).TryGet(out var seal, out refusal)) return Damaged(stored.Index, refusal.Detail);

        return header.Hash == stored.Hash ? (header, seal.Count > 0 ? seal[0] : null) : Damaged(stored.Index, $"its hash is {header.Hash} now.");
    }

    // One more than asked for says whether something follows. The store may be a block ahead of the snapshot.
    private IEnumerable<StoredBlock> Forwards(long from, int limit) => store.ReadChain(from, limit + 1).TakeWhile(stored => stored.Index <= snapshot.Tip.Index);

    // Along the links, so that a reorganisation meanwhile mixes no branches: what left ours is still there.
    private IEnumerable<StoredBlock> Backwards()
    {
        var hash = snapshot.Tip.Hash;
        while (store.FindBlock(hash) is { } stored)
        {
            yield return stored;
            if (stored.Index == 0 || stored.Bytes.Length < BlockHeader.Size || !BlockHeader.Decode(stored.Bytes.Span[..BlockHeader.Size]).TryGet(out var header, out _)) yield break;

            hash = header.Previous;
        }
    }

    private static Refusal Gone(long index) => Damaged(index, "it is gone.");

    private static Refusal Damaged(long index, string why) => new(
        "storage_failed", $"Block {index} is not on the disk as it was written: {why} GET /chain/validate names the first such block.", RefusalKind.Transient);
}
