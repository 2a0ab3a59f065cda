using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation;

/// <summary>Makes blocks outside any node, right ones and others, without the time that work takes.</summary>
/// <param name="world">Where they are for.</param>
/// <param name="sealer">Who gets the rewards.</param>
public sealed class Forge(World world, Address sealer)
{
    /// <summary>The branch that ends with a block, from genesis on; as much of it as any node ever wrote.</summary>
    public static List<Block> BranchOf(World world, Hash256 tip)
    {
        var branch = new List<Block>();
        for (var at = world.Watch.Blocks.GetValueOrDefault(tip); at is not null; at = world.Watch.Blocks.GetValueOrDefault(at.Header.Previous)) branch.Add(at);
        branch.Add(world.Spec.Genesis);
        branch.Reverse();
        return branch;
    }

    /// <summary>The moment that the block after a branch must be later than.</summary>
    public static long MedianOf(IReadOnlyList<Block> branch) => BlockTime.Median(Before(branch));

    /// <summary>What a branch weighs.</summary>
    public static UInt128 WeightOf(IEnumerable<Block> branch) => branch.Skip(1).Aggregate(UInt128.Zero, (sum, block) => sum + (UInt128.One << (int)block.Header.Difficulty));

    /// <summary>The next block of a branch.</summary>
    /// <param name="branch">What it follows, from genesis on.</param>
    /// <param name="time">What it says when it was made.</param>
    /// <param name="extra">What it holds beside its reward.</param>
    /// <param name="reward">What it pays its sealer; null for what is right.</param>
    /// <param name="work">Whether it shows its work.</param>
    public Block Next(IReadOnlyList<Block> branch, long time, IEnumerable<Transaction>? extra = null, long? reward = null, bool work = true)
    {
        var parent = branch[^1].Header;
        var first = new Transaction(Payload.OfReward(world.Spec.ChainId, sealer, reward ?? world.Spec.Reward, parent.Index + 1), []);
        Transaction[] body = [first, .. extra ?? []];
        var root = MerkleTree.Root([.. body.Select(transaction => transaction.Leaf)]);
        var header = new BlockHeader(BlockHeader.CurrentVersion, world.Spec.ChainHash, parent.Index + 1, parent.Hash, root, Hash256.Zero, time, world.Seals.DifficultyAfter(Before(branch)), sealer, 0);
        return new Block(Seal(header, work), [.. body]);
    }

    private static BlockHeader Seal(BlockHeader header, bool work)
    {
        if (work) return header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };

        while (header.Difficulty > 0 && ProofOfWork.LeadingZeroBits(header.Hash.Span) >= header.Difficulty) header = header with { Nonce = header.Nonce + 1 };
        return header;
    }

    private static Ancestor Before(IReadOnlyList<Block> branch) => steps => steps < branch.Count ? branch[branch.Count - 1 - steps].Header : null;
}
