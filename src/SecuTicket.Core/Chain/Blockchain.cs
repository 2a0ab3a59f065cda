using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Chain;

/// <summary>The tree of the recent blocks, its tip, and the ledger there: an immutable value.</summary>
/// <remarks>
/// The tip is the valid block whose branch weighs most; of equals the one seen first. Kept are the headers that a reorganisation within the limit
/// can touch; bodies and undo records stay in the archive, so memory does not grow with the chain.
/// </remarks>
public sealed class Blockchain
{
    private readonly ISealVerifier _seals;
    private readonly BlockTree _tree;

    private Blockchain(ChainSpec spec, ISealVerifier seals, ChainNode tip, LedgerState ledger, BlockTree tree)
    {
        Spec = spec;
        _seals = seals;
        Tip = tip;
        Ledger = ledger;
        _tree = tree.Bounded(tip.Header.Index - Kept(spec), MaxAside(spec));
        MedianTime = BlockTime.Median(_tree.AncestryOf(tip));
    }

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec { get; }

    /// <summary>The last block of the heaviest valid branch.</summary>
    public ChainNode Tip { get; }

    /// <summary>The ledger after the tip.</summary>
    public LedgerState Ledger { get; }

    /// <summary>Headers kept.</summary>
    public int Count => _tree.Count;

    /// <summary>Median time of the last 11 blocks, in milliseconds: the next block must be later.</summary>
    public long MedianTime { get; }

    /// <summary>Index of the last block that is final, and so no reorganisation undoes anywhere: where there are validators their votes say so, elsewhere the limit of reorganisations.</summary>
    /// <remarks>Not the limit where there are validators: two halves of a network that are apart for so long go beyond it on two branches, and both would call their own final.</remarks>
    public long Final => Spec.Stake is null ? Floor : Ledger.Final;

    /// <summary>Index of the last block that this node undoes no more: because it is final, or because more than the limit of reorganisations lies above it.</summary>
    private long Floor => Math.Max(Tip.Header.Index - Spec.ReorganisationLimit, Ledger.Final);

    /// <summary>Where a branch leaves ours that is not followed for that, in words that go on from «leaves ours».</summary>
    public string BeyondReach => Ledger.Final > 0 && Ledger.Final == Floor ? $"before the final block {Ledger.Final}" : $"more than the reorganisation limit of {Spec.ReorganisationLimit} blocks back";

    /// <summary>Whose turn it is after the tip; null on chains without stakes.</summary>
    public Turns? Turns => Spec.Stake is { } stake ? Ledger.Stakes?.TurnsAfter(stake) : null;

    /// <summary>How far below the tip headers are kept, in blocks, and must be given to <see cref="Restore"/>.</summary>
    /// <remarks>A reorganisation may reach back by its limit, and the checks of the first block after the fork look back further.</remarks>
    public static int Kept(ChainSpec spec) => spec.ReorganisationLimit + LookBack(spec) + 1;

    /// <summary>How many blocks before a block the checks of its header look at, at the most.</summary>
    public static int LookBack(ChainSpec spec) => Math.Max(BlockTime.MedianSpan, spec.Work.RetargetInterval);

    /// <summary>Most headers kept of blocks that are not on our branch, invalid ones among them.</summary>
    /// <remarks>Room for the branch that a reorganisation leaves, the one that it may come to, and others; some megabytes, whatever is offered.</remarks>
    public static int MaxAside(ChainSpec spec) => 4 * Kept(spec);

    /// <summary>The chain that has its genesis only.</summary>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="seals">Checks seals.</param>
    /// <param name="isIndexed">See <see cref="LedgerState.Genesis"/>.</param>
    public static Blockchain Start(ChainSpec spec, ISealVerifier seals, bool isIndexed = true) =>
        Restore(spec, seals, [new ChainNode(spec.Genesis.Header, 0)], spec.Genesis.Hash, LedgerState.Genesis(spec, isIndexed));

    /// <summary>The chain as a store kept it.</summary>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="seals">Checks seals.</param>
    /// <param name="recent">Headers of the blocks of all branches from <see cref="Kept"/> below the tip on.</param>
    /// <param name="tip">Hash of the tip, which is among them.</param>
    /// <param name="ledger">The ledger after the tip.</param>
    public static Blockchain Restore(ChainSpec spec, ISealVerifier seals, IEnumerable<ChainNode> recent, Hash256 tip, LedgerState ledger)
    {
        var tree = BlockTree.Of(recent, tip);
        return new Blockchain(spec, seals, tree.Find(tip) ?? throw new ArgumentException("The tip is not among the recent blocks.", nameof(tip)), ledger, tree);
    }

    /// <summary>The block with <paramref name="hash"/>, if it is one of the recent ones.</summary>
    public ChainNode? Find(in Hash256 hash) => _tree.Find(hash);

    /// <summary>The last block that our branch and the one that ends with <paramref name="node"/>, whose parent is known, have in common; null when it lies further below our tip than a reorganisation may reach.</summary>
    public ChainNode? ForkOf(ChainNode node)
    {
        ChainNode? ours = Tip, theirs = node;
        while (ours is not null && theirs is not null && ours.Hash != theirs.Hash)
        {
            if (theirs.Header.Index > ours.Header.Index) theirs = _tree.Find(theirs.Header.Previous);
            else if (ours.Header.Index <= Final) return null;
            else ours = _tree.Find(ours.Header.Previous);
        }

        // After a reorganisation to a lower tip the limit reaches below what is kept.
        return theirs is null ? null : ours;
    }

    /// <summary>What the rules look at when they judge a transaction for the next block.</summary>
    /// <param name="now">The node's clock, in milliseconds.</param>
    public RuleContext NextContext(long now) => new(Spec, Tip.Header.Index + 1, Math.Max(now, MedianTime)) { Parent = Tip.Hash };

    /// <summary>Whose turn it is after a block, as far as headers show; null on chains without stakes, and where it can not be known.</summary>
    /// <param name="node">A block whose ancestors are known.</param>
    public Turns? TurnsAfter(ChainNode node)
    {
        if (Spec.Stake is not { } stake || Ledger.Stakes is not { } stakes) return null;

        var since = new Stack<BlockHeader>();
        for (ChainNode? at = node; at is not null && at.Header.Index >= Ledger.Final; at = _tree.Find(at.Header.Previous))
        {
            if ((at.Hash == Tip.Hash ? stakes.TurnsAfter(stake) : stakes.TurnsAfter(at.Hash, stake)) is { } turns)
                return since.Aggregate(turns, (turn, header) => turn.After(header, Spec));

            since.Push(at.Header);
        }

        return null;
    }

    /// <summary>Median time of the 11 blocks that end with the one that follows the tip, in milliseconds.</summary>
    /// <param name="next">Its header.</param>
    public long MedianWith(BlockHeader next) => MedianWith(next, _tree.AncestryOf(Tip));

    /// <summary>The header of the next block, all but its transactions and nonce.</summary>
    /// <param name="sealer">Who gets the reward.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    /// <param name="reveal">What the forger reveals, on chains with stakes.</param>
    public BlockHeader NextHeader(Address sealer, long now, Hash256 reveal = default) => new(
        Spec.HeaderVersion,
        Spec.ChainHash,
        Tip.Header.Index + 1,
        Tip.Hash,
        Hash256.Zero,
        reveal,
        Math.Max(now, MedianTime + 1),
        _seals.DifficultyAfter(_tree.AncestryOf(Tip)),
        sealer,
        0);

    /// <summary>Adds a block, in stages: its place, its header after its parent, its size, and, when its branch becomes the heaviest, its transactions.</summary>
    /// <param name="block">The block, its signatures checked.</param>
    /// <param name="now">The node's clock, in milliseconds.</param>
    /// <param name="archive">Bodies and undo records of blocks added before.</param>
    /// <returns>The next chain and what became of the block. A refused block changes nothing but what is remembered of invalid branches.</returns>
    /// <param name="made">The template that it was made of, when it was made here: what applying it gives is then known. One of another block is not looked at.</param>
    public ChainUpdate Add(VerifiedBlock block, long now, IBlockArchive archive, BlockTemplate? made = null)
    {
        if (RefusePlace(block).TryGet(out var parent, out var refusal) is false) return Refused(refusal);
        if (RefuseHeader(block, parent, now) is { } badHeader) return Refused(badHeader);

        var node = new ChainNode(block.Header, parent.Weight + _seals.WeightOf(block.Header));
        if (parent.Invalid) return Abandon([node], new Refusal(RefusalCodes.InvalidParent, $"Its parent {parent.Hash} is invalid."));
        if (parent.Hash == Tip.Hash) return Extend(block, node, made);
        if (node.Weight <= Tip.Weight) return new ChainUpdate(With(_tree.WithAside(node)), Verdict.Accepted, [], [], new SideBlock(block, node.Weight));

        return Reorganise(block, node, archive);
    }

    // Header and template name the same parent, transactions and time, and on nothing else does it depend what a block does.
    private ChainUpdate Extend(VerifiedBlock block, ChainNode node, BlockTemplate? made)
    {
        var applied = made is not null && block.Header with { Nonce = made.Header.Nonce } == made.Header ? made.Outcome : Apply(Ledger, block, _tree.AncestryOf(Tip));
        if (!applied.TryGet(out var outcome, out var refusal)) return Abandon([node], refusal);

        var chain = new Blockchain(Spec, _seals, node, outcome.State, _tree.WithOurs(node));
        return new ChainUpdate(chain, Verdict.Accepted, [], [new ConnectedBlock(block, outcome, node.Weight)], null);
    }

    private ChainUpdate Reorganise(VerifiedBlock block, ChainNode node, IBlockArchive archive)
    {
        if (BranchOf(node) is not { } found)
        {
            return new ChainUpdate(
                With(_tree.WithAside(node)),
                new Refusal(RefusalCodes.ForkTooDeep, $"A heavier branch leaves ours {BeyondReach}: an operator must decide.", RefusalKind.Transient),
                [], [], new SideBlock(block, node.Weight));
        }

        var (fork, branch) = found;
        if (branch.Find(one => one.Invalid) is { } known)
            return Abandon(branch.SkipWhile(one => !one.Invalid), new Refusal(RefusalCodes.InvalidParent, $"Its ancestor {known.Hash} is invalid."));

        var (ledger, tree) = (Ledger, _tree);
        var disconnected = new List<DisconnectedBlock>();
        for (var at = Tip; at.Hash != fork.Hash; at = _tree.Find(at.Header.Previous)!)
        {
            var archived = archive.Find(at.Hash);
            var delta = archived.Delta ?? throw new InvalidOperationException($"Block {at.Hash} is on the chain but has no undo record.");
            ledger = delta.Undo(ledger);
            tree = tree.WithAside(at);
            disconnected.Add(new DisconnectedBlock(VerifiedBlock.Restore(archived.Block), delta));
        }

        var connected = new List<ConnectedBlock>();
        foreach (var next in branch)
        {
            var body = next.Hash == block.Hash ? block : VerifiedBlock.Restore(archive.Find(next.Hash).Block);
            if (!Apply(ledger, body, _tree.AncestryOf(_tree.Find(next.Header.Previous)!)).TryGet(out var outcome, out var refusal))
                return Abandon(branch.SkipWhile(one => one.Hash != next.Hash), refusal);

            ledger = outcome.State;
            tree = tree.WithOurs(next);
            connected.Add(new ConnectedBlock(body, outcome, next.Weight));
        }

        return new ChainUpdate(new Blockchain(Spec, _seals, node, ledger, tree), Verdict.Accepted, disconnected, connected, null);
    }

    private ChainUpdate Abandon(IEnumerable<ChainNode> invalid, Refusal refusal) =>
        new(With(invalid.Aggregate(_tree, (tree, node) => tree.WithAside(node with { Invalid = true }))), refusal, [], [], null);

    // Where our branch and the one that ends with this node part, and what follows there, oldest first; null when it lies below the limit.
    private (ChainNode Fork, List<ChainNode> Branch)? BranchOf(ChainNode node)
    {
        if (ForkOf(node) is not { } fork) return null;

        var branch = new List<ChainNode>();
        for (var at = node; at.Hash != fork.Hash; at = _tree.Find(at.Header.Previous)!) branch.Add(at);
        branch.Reverse();
        return (fork, branch);
    }

    private Verdict<BlockOutcome> Apply(LedgerState ledger, VerifiedBlock block, Ancestor before) =>
        _seals.VerifyOn(block.Header, ledger).Refusal is { } refusal
            ? refusal
            : LedgerRules.Apply(ledger, block, new RuleContext(Spec, block.Header.Index, block.Header.Timestamp), MedianWith(block.Header, before));

    private static long MedianWith(BlockHeader header, Ancestor before) => BlockTime.Median(steps => steps == 0 ? header : before(steps - 1));

    private Verdict<ChainNode> RefusePlace(VerifiedBlock block)
    {
        if (_tree.Find(block.Hash) is { } known)
            return new Refusal(known.Invalid ? RefusalCodes.InvalidBlock : RefusalCodes.BlockExists, $"Block {block.Hash} is known already{(known.Invalid ? " and invalid" : string.Empty)}.");
        if (_tree.Find(block.Header.Previous) is not { } parent)
        {
            return block.Header.Index <= Floor
                ? new Refusal(RefusalCodes.ForkTooDeep, $"Block {block.Header.Index} leaves our chain before block {Floor}, which is not undone any more.", RefusalKind.Transient)
                : new Refusal(RefusalCodes.UnknownParent, $"Its parent {block.Header.Previous} has not been seen yet.", RefusalKind.Transient);
        }

        if (parent.Header.Index < Ledger.Final) return new Refusal(RefusalCodes.ForkTooDeep, $"Block {block.Header.Index} leaves our chain before block {Ledger.Final}, which is final.", RefusalKind.Transient);

        // Where headers were forgotten, median and difficulty would be reckoned from fewer than other nodes know.
        return _tree.Oldest > 0 && parent.Header.Index - LookBack(Spec) < _tree.Oldest
            ? new Refusal(RefusalCodes.ForkTooDeep, $"Block {block.Header.Index} follows a block deeper than the last {Spec.ReorganisationLimit}, beyond which nothing is undone.", RefusalKind.Transient)
            : parent;
    }

    // The time comes last: only a block that shows its work may be told to come again later.
    private Refusal? RefuseHeader(VerifiedBlock block, ChainNode parent, long now) =>
        HeaderRules.Verify(block.Block, parent.Header, Spec).Refusal
        ?? _seals.Verify(block.Block.SealedHeader, _tree.AncestryOf(parent), TurnsAfter(parent)).Refusal
        ?? BlockTime.Verify(block.Header.Timestamp, BlockTime.Median(_tree.AncestryOf(parent)), now, Spec).Refusal;

    private ChainUpdate Refused(Refusal refusal) => new(this, refusal, [], [], null);

    private Blockchain With(BlockTree tree) => new(Spec, _seals, Tip, Ledger, tree);
}
