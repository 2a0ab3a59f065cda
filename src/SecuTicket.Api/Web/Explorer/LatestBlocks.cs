using SecuTicket.Api.Chain;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Explorer;

/// <summary>What a list says of a block.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Transactions">How many it holds.</param>
public sealed record BlockSummary(BlockHeader Header, int Transactions)
{
    /// <summary>That of a block.</summary>
    public static BlockSummary Of(Block block) => new(block.Header, block.Transactions.Count);
}

/// <summary>The latest blocks, worked out once for each tip, however many look at them as they come.</summary>
/// <remarks>A header does not say how many transactions follow it: somebody must read the block, which may have megabytes.</remarks>
/// <param name="node">The node.</param>
internal sealed class LatestBlocks(TicketNode node)
{
    /// <summary>How many.</summary>
    public const int Count = 10;

    private volatile Known _known = new(default, []);

    /// <summary>The latest, newest first; without those that are not on the disk as they were written.</summary>
    public IReadOnlyList<BlockSummary> Read(NodeSnapshot snapshot)
    {
        var known = _known;
        if (known.Tip == snapshot.Tip.Hash) return known.Blocks;

        var reader = new ChainReader(node.Store, node.Spec, snapshot);
        if (!reader.ReadHeaders(null, Count).TryGet(out var headers, out _)) return [];

        BlockSummary[] blocks = [.. headers.Items.Reverse().Select(item => known.Blocks.FirstOrDefault(block => block.Header.Hash == item.Header.Hash) ?? Read(reader, item.Header.Hash)).OfType<BlockSummary>()];
        _known = new Known(snapshot.Tip.Hash, blocks);
        return blocks;
    }

    private BlockSummary? Read(ChainReader reader, Hash256 hash) => node.Store.FindBlock(hash) is { } stored && reader.ReadBlock(stored).TryGet(out var block, out _) ? BlockSummary.Of(block) : null;

    private sealed record Known(Hash256 Tip, IReadOnlyList<BlockSummary> Blocks);
}
