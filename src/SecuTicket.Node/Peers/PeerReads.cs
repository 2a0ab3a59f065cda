using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Peers;

/// <summary>Answers what a peer may read: the tip, headers, blocks whole and in short, transactions of a block, addresses. Thread-safe.</summary>
/// <param name="snapshot">The last durable state.</param>
/// <param name="store">Where the blocks are.</param>
/// <param name="addresses">Nodes that were reached of late, the best first.</param>
public sealed class PeerReads(Func<NodeSnapshot> snapshot, IBlockStore store, Func<IReadOnlyList<PeerAddress>> addresses)
{
    private readonly HeaderReader _headers = new(store);

    /// <summary>Our tip.</summary>
    public PeerTip Tip
    {
        get
        {
            var tip = snapshot().Chain.Tip;
            return new PeerTip(tip.Header.Index, tip.Weight, tip.Hash);
        }
    }

    private ChainSpec Spec => snapshot().Chain.Spec;

    /// <summary>Answers a request that asks for something and tells nothing.</summary>
    /// <returns>The answer; <c>not_found</c> (Transient) for a block that is not here; <c>malformed_message</c> for places that the block has not.</returns>
    /// <exception cref="ArgumentException">The request is of another kind.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public Verdict<PeerAnswer> Answer(PeerRequest request) => request switch
    {
        PeerRequest.GetTip => ReadTip(),
        PeerRequest.GetAddresses => new PeerAnswer.Addresses([.. addresses().Take(PeerLimits.Addresses)]),
        PeerRequest.GetHeaders headers => _headers.Read(headers),
        PeerRequest.GetBlocks blocks => Blocks(blocks),
        PeerRequest.GetCompactBlock compact => Find(compact.Hash) is { } block ? new PeerAnswer.Compact(CompactBlock.Of(block)) : NotHere(compact.Hash),
        PeerRequest.GetBlockTransactions transactions => Transactions(transactions),
        _ => throw new ArgumentException($"{request.GetType().Name} asks for nothing that is read.", nameof(request)),
    };

    // The chain in memory keeps no seals. Without the header a caller asks for it.
    private PeerAnswer.Tip ReadTip()
    {
        var tip = Tip;
        var stored = store.ReadHeaders(tip.Height, 1).FirstOrDefault(header => header.Hash == tip.Hash);
        return new PeerAnswer.Tip(tip, stored is not null && SealedHeader.Read(stored.Bytes.Span, out _).TryGet(out var header, out _) ? header : null);
    }

    private Verdict<PeerAnswer> Blocks(PeerRequest.GetBlocks request)
    {
        var blocks = new List<Block>();
        var size = 0L;
        foreach (var hash in request.Hashes)
        {
            if (Find(hash) is not { } block || (blocks.Count > 0 && size + block.Size > PeerLimits.BlockBytes)) break;

            blocks.Add(block);
            size += block.Size;
            if (size >= PeerLimits.BlockBytes) break;
        }

        return blocks.Count > 0 ? new PeerAnswer.Blocks([.. blocks]) : NotHere(request.Hashes[0]);
    }

    private Verdict<PeerAnswer> Transactions(PeerRequest.GetBlockTransactions request)
    {
        if (Find(request.Hash) is not { } block) return NotHere(request.Hash);

        var found = new Transaction[request.Places.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var place = request.Places[i];
            if (place >= block.Transactions.Count || place < (i == 0 ? 0 : request.Places[i - 1] + 1))
                return new Refusal(PeerCodec.MalformedMessage, $"Place {place} was asked for: the block has {block.Transactions.Count} transactions, and places must rise.");

            found[i] = block.Transactions[place];
        }

        return new PeerAnswer.Transactions(new EquatableArray<Transaction>(found));
    }

    // What our own rules refused, and what the disk gives back as another block, would be held against us.
    private Block? Find(Hash256 hash) =>
        snapshot().Chain.Find(hash) is not { Invalid: true }
        && store.FindBlock(hash) is { } stored
        && Block.Decode(stored.Bytes.Span, Spec.MaxBlockTransactions).TryGet(out var block, out _)
        && block.Hash == hash
            ? block
            : null;

    private static Refusal NotHere(Hash256 hash) => new(RefusalCodes.NotFound, $"Block {hash} is not here.", RefusalKind.Transient);
}
