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
    /// <summary>What a header costs who asks for it, in bytes: more than it has, for each is looked up.</summary>
    public const int HeaderCost = 512;

    /// <summary>Most bytes of blocks that are kept because they were asked for of late.</summary>
    public const long KeptBytes = 8L * 1024 * 1024;

    private readonly HeaderReader _headers = new(store);
    private readonly RecentBlocks _recent = new(KeptBytes);

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
    /// <param name="request">What is asked.</param>
    /// <param name="cost">Bytes that had to be read for it, to be charged to the caller: a few bytes of a block cost the whole block.</param>
    /// <returns>The answer; <c>not_found</c> (Transient) for a block that is not here; <c>malformed_message</c> for places that the block has not.</returns>
    /// <exception cref="ArgumentException">The request is of another kind.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public Verdict<PeerAnswer> Answer(PeerRequest request, out long cost)
    {
        cost = 0;
        switch (request)
        {
            case PeerRequest.GetTip:
                return ReadTip();
            case PeerRequest.GetAddresses:
                return new PeerAnswer.Addresses([.. addresses().Take(PeerLimits.Addresses)]);
            case PeerRequest.GetHeaders wanted:
                var headers = _headers.Read(wanted);
                cost = headers.Items.Count * (long)HeaderCost;
                return headers;
            case PeerRequest.GetBlocks blocks:
                return Blocks(blocks, ref cost);
            case PeerRequest.GetCompactBlock compact:
                return Find(compact.Hash, ref cost) is { } block ? new PeerAnswer.Compact(CompactBlock.Of(block)) : NotHere(compact.Hash);
            case PeerRequest.GetBlockTransactions transactions:
                return Transactions(transactions, ref cost);
            default:
                throw new ArgumentException($"{request.GetType().Name} asks for nothing that is read.", nameof(request));
        }
    }

    // The chain in memory keeps no seals. Without the header a caller asks for it.
    private PeerAnswer.Tip ReadTip()
    {
        var tip = Tip;
        var stored = store.ReadHeaders(tip.Height, 1).FirstOrDefault(header => header.Hash == tip.Hash);
        return new PeerAnswer.Tip(tip, stored is not null && SealedHeader.Read(stored.Bytes.Span, out _).TryGet(out var header, out _) ? header : null);
    }

    private Verdict<PeerAnswer> Blocks(PeerRequest.GetBlocks request, ref long cost)
    {
        var blocks = new List<ReadOnlyMemory<byte>>();
        var size = 0L;
        foreach (var hash in request.Hashes)
        {
            if (FindBytes(hash) is not { } block) break;

            cost += block.Length;
            if (blocks.Count > 0 && size + block.Length > PeerLimits.BlockBytes) break;

            blocks.Add(block);
            size += block.Length;
            if (size >= PeerLimits.BlockBytes) break;
        }

        return blocks.Count > 0 ? new PeerAnswer.StoredBlocks(blocks) : NotHere(request.Hashes[0]);
    }

    private Verdict<PeerAnswer> Transactions(PeerRequest.GetBlockTransactions request, ref long cost)
    {
        if (Find(request.Hash, ref cost) is not { } block) return NotHere(request.Hash);

        var found = new Transaction[request.Places.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var place = request.Places[i];
            if (place >= block.Transactions.Count || place < (i == 0 ? 0 : request.Places[i - 1] + 1))
                return new Refusal(PeerRefusals.MalformedMessage, $"Place {place} was asked for: the block has {block.Transactions.Count} transactions, and places must rise.");

            found[i] = block.Transactions[place];
        }

        return new PeerAnswer.Transactions(new EquatableArray<Transaction>(found));
    }

    // What our own rules refused, and what the disk gives back as another block, would be held against us.
    private bool IsGiven(in Hash256 hash) => snapshot().Chain.Find(hash) is not { Invalid: true };

    // Whoever asks checks all of a block before it believes any of it: here the header shows that it is the one that was asked for.
    private ReadOnlyMemory<byte>? FindBytes(Hash256 hash)
    {
        if (!IsGiven(hash)) return null;
        if (_recent.Find(hash) is { } recent) return recent.Encode();
        if (store.FindBlock(hash) is { Bytes: var bytes } && bytes.Length > BlockHeader.Size && Hash256.Sha256(bytes.Span[..BlockHeader.Size]) == hash) return bytes;

        return null;
    }

    private Block? Find(Hash256 hash, ref long cost)
    {
        if (!IsGiven(hash)) return null;

        var found = _recent.Find(hash) ?? (store.FindBlock(hash) is { } stored && Block.Decode(stored.Bytes.Span, Spec.MaxBlockTransactions).TryGet(out var block, out _) && block.Hash == hash ? block : null);
        if (found is null) return null;

        _recent.Keep(found);
        cost += found.Size;
        return found;
    }

    private static Refusal NotHere(Hash256 hash) => new(RefusalCodes.NotFound, $"Block {hash} is not here.", RefusalKind.Transient);
}
