using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Chain;

/// <summary>A block's place in the tree.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Weight">Weight of its branch up to and with it.</param>
/// <param name="Invalid">Whether a rule refused it, and with it all that follow.</param>
public sealed record ChainNode(Blocks.BlockHeader Header, UInt128 Weight, bool Invalid = false)
{
    /// <summary>Its hash.</summary>
    public Hash256 Hash => Header.Hash;
}

/// <summary>The recent headers of all branches, ours and those aside: an immutable value.</summary>
/// <remarks>Whoever is kept has its ancestors kept too, down to the oldest index: so a walk back never ends in nothing.</remarks>
internal sealed class BlockTree
{
    private readonly Trie<Hash256, ChainNode> _nodes;
    private readonly Trie<NumberedHash, Present> _byIndex;

    // Those not on our branch, numbered in the order in which they came.
    private readonly Trie<Hash256, long> _aside;
    private readonly long _arrivals;

    private BlockTree(Trie<Hash256, ChainNode> nodes, Trie<NumberedHash, Present> byIndex, Trie<Hash256, long> aside, long arrivals)
    {
        _nodes = nodes;
        _byIndex = byIndex;
        _aside = aside;
        _arrivals = arrivals;
    }

    /// <summary>Headers kept.</summary>
    public int Count => _nodes.Count;

    /// <summary>The smallest index kept.</summary>
    public long Oldest => _byIndex.First().Key.Number;

    /// <summary>The tree of these, our branch being the one that ends with <paramref name="tip"/>.</summary>
    public static BlockTree Of(IEnumerable<ChainNode> recent, Hash256 tip)
    {
        var empty = new BlockTree(Trie<Hash256, ChainNode>.Empty, Trie<NumberedHash, Present>.Empty, Trie<Hash256, long>.Empty, 0);
        var tree = recent.Aggregate(empty, (tree, node) => tree.WithAside(node));
        for (var at = tree.Find(tip); at is not null; at = tree.Find(at.Header.Previous)) tree = tree.WithOurs(at);
        return tree;
    }

    /// <summary>The block with this hash.</summary>
    public ChainNode? Find(in Hash256 hash) => _nodes.Find(hash);

    /// <summary>The headers of a branch, back from <paramref name="node"/>.</summary>
    public Ancestor AncestryOf(ChainNode node) => steps =>
    {
        ChainNode? at = node;
        for (var i = 0; i < steps && at is not null; i++) at = _nodes.Find(at.Header.Previous);
        return at?.Header;
    };

    /// <summary>The tree with a block, new or known, on our branch.</summary>
    public BlockTree WithOurs(ChainNode node) => new(
        _nodes.Set(node.Hash, node), _byIndex.Set(new NumberedHash(node.Header.Index, node.Hash), default), _aside.Remove(node.Hash), _arrivals);

    /// <summary>The tree with a block, new or known, on another branch.</summary>
    public BlockTree WithAside(ChainNode node) => new(
        _nodes.Set(node.Hash, node), _byIndex.Set(new NumberedHash(node.Header.Index, node.Hash), default), _aside.Set(node.Hash, _arrivals), _arrivals + 1);

    /// <summary>The tree without what lies below an index, and with no more blocks aside than there may be.</summary>
    /// <remarks>
    /// Of the branches aside those go that have not grown for longest. To push one out that grows, somebody has to show the work of thousands of blocks while
    /// one is added to it. A quarter goes at once, so that it need not be done for every block.
    /// </remarks>
    /// <param name="oldest">The smallest index that is kept.</param>
    /// <param name="maxAside">Most blocks aside.</param>
    public BlockTree Bounded(long oldest, int maxAside)
    {
        var tree = _byIndex.TakeWhile(entry => entry.Key.Number < oldest).ToArray().Aggregate(this, (tree, entry) => tree.Without(_nodes.Find(entry.Key.Hash)!));
        return tree._aside.Count <= maxAside ? tree : tree.LongestUngrown(tree._aside.Count - (maxAside - (maxAside / 4))).Aggregate(tree, (left, node) => left.Without(node));
    }

    // A block counts as young as the youngest that follows it, so whatever follows a block that goes has gone before.
    private IEnumerable<ChainNode> LongestUngrown(int count)
    {
        var grown = _aside.ToDictionary(entry => entry.Key, entry => entry.Value);
        var leavesFirst = _aside.Select(entry => _nodes.Find(entry.Key)!).OrderByDescending(node => node.Header.Index).ToArray();
        foreach (var node in leavesFirst)
            if (grown.TryGetValue(node.Header.Previous, out var before)) grown[node.Header.Previous] = Math.Max(before, grown[node.Hash]);

        return leavesFirst.OrderBy(node => grown[node.Hash]).Take(count);
    }

    private BlockTree Without(ChainNode node) => new(
        _nodes.Remove(node.Hash), _byIndex.Remove(new NumberedHash(node.Header.Index, node.Hash)), _aside.Remove(node.Hash), _arrivals);
}
