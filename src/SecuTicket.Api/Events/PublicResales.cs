using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Proofs;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Events;

/// <summary>Reads an event's resales page by page, each with the proof that it is in the chain.</summary>
/// <param name="store">Where resales and blocks are.</param>
/// <param name="spec">The chain's specification.</param>
/// <param name="snapshot">Which tip the chain has.</param>
/// <param name="maxReadSize">Most bytes of blocks that are read for one page; one block is read whatever its size.</param>
internal sealed class PublicResales(IBlockStore store, ChainSpec spec, NodeSnapshot snapshot, long maxReadSize = PublicResales.MaxReadSize)
{
    /// <summary>Most bytes of blocks that are read for one page: a proof needs the leaves of its whole block, some hundred milliseconds for so many.</summary>
    public const long MaxReadSize = 16 * 1024 * 1024;

    /// <summary>Reads one page.</summary>
    /// <param name="id">The event.</param>
    /// <param name="limit">The most resales.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <returns>The page, <c>not_ready</c> or <c>storage_failed</c>.</returns>
    public Verdict<Page<PublicResaleContract>> Read(EventId id, int limit, HistoryPlace? after)
    {
        // The store may be a block ahead of the snapshot.
        StoredResale[] found =
        [
            .. store.Resales(id, after is { } place ? new HistoryPosition(place.BlockIndex, place.Position) : null, limit + 1).TakeWhile(resale => resale.Position.BlockIndex <= snapshot.Tip.Index),
        ];
        var items = new List<PublicResaleContract>();
        var size = 0L;
        foreach (var ofBlock in found.Take(limit).GroupBy(resale => resale.Position.BlockIndex))
        {
            if (store.FindBlock(ofBlock.Key) is not { } stored) return ProofReader.Reorganised;

            size += stored.Bytes.Length;
            if (items.Count > 0 && size > maxReadSize) break;
            if (!new ChainReader(store, spec, snapshot).ReadBlock(stored).TryGet(out var block, out var refusal)) return refusal;
            if (!Prove(block, [.. ofBlock]).TryGet(out var proven, out refusal)) return refusal;

            items.AddRange(proven);
        }

        var last = items.Count > 0 && items.Count < found.Length ? found[items.Count - 1].Position : (HistoryPosition?)null;
        return new Page<PublicResaleContract>(items, last is { } end ? new HistoryPlace(end.BlockIndex, end.Position, 0).ToString() : null);
    }

    private static Verdict<EquatableArray<PublicResaleContract>> Prove(Block block, StoredResale[] resales)
    {
        var places = new Dictionary<Hash256, int>();
        for (var i = 0; i < block.Transactions.Count; i++) places[block.Transactions[i].Id] = i;
        if (!Array.TrueForAll(resales, resale => places.ContainsKey(resale.TransactionId))) return ProofReader.Reorganised;

        var paths = MerkleTree.PathsOf(block.Leaves(), [.. resales.Select(resale => places[resale.TransactionId])]);
        return new EquatableArray<PublicResaleContract>([.. resales.Zip(paths, (resale, path) => ContractOf(resale, path, block))]);
    }

    private static PublicResaleContract ContractOf(StoredResale resale, MerklePath path, Block block) => new(
        resale.Price,
        resale.FacePrice,
        resale.Price - resale.FacePrice,
        TimeText.OfMilliseconds(resale.BlockTime),
        resale.Position.BlockIndex,
        resale.TransactionId.ToString(),
        new ResaleProofContract(
            block.Transactions[path.Index].SignaturesHash.ToString(),
            path.Index,
            path.Count,
            MerkleStepContract.Of(path),
            block.Header.TransactionsRoot.ToString(),
            block.Hash.ToString()));
}
