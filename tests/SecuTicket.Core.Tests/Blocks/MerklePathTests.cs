using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Blocks;

public class MerklePathTests
{
    private const int MostLeaves = 70;

    [Fact]
    public void From_every_leaf_of_every_tree_a_path_leads_to_its_root()
    {
        for (var count = 1; count <= MostLeaves; count++)
        {
            var leaves = Leaves(count);
            var root = MerkleTree.Root(leaves);
            var paths = MerkleTree.PathsOf(leaves, [.. Enumerable.Range(0, count)]);
            for (var index = 0; index < count; index++)
            {
                var path = MerkleTree.PathOf(leaves, index);
                path.Should().Be(paths[index]);
                (path.Index, path.Count).Should().Be((index, count));
                path.RootOf(leaves[index]).Value.Should().Be(root, "of leaf {0} of {1}", index, count);
                path.Steps.Select(step => step.Hash).Should().Equal(Reference(index, leaves), "of leaf {0} of {1}", index, count);
            }
        }
    }

    [Fact]
    public void No_other_leaf_and_no_other_place_lead_there()
    {
        for (var count = 1; count <= MostLeaves; count++)
        {
            var leaves = Leaves(count);
            var root = MerkleTree.Root(leaves);
            for (var index = 0; index < count; index++)
            {
                var path = MerkleTree.PathOf(leaves, index);
                for (var other = 0; other < count; other++)
                {
                    if (other == index) continue;
                    LeadsTo(path, leaves[other], root).Should().BeFalse("leaf {0} is not leaf {1} of {2}", other, index, count);
                    LeadsTo(path with { Index = other }, leaves[index], root).Should().BeFalse("leaf {0} of {1} is not at {2}", index, count, other);
                }
            }
        }
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        foreach (var count in (int[])[2, 3, 5, 8, 13])
        {
            var leaves = Leaves(count);
            var root = MerkleTree.Root(leaves);
            for (var index = 0; index < count; index++)
            {
                var path = MerkleTree.PathOf(leaves, index);
                for (var step = 0; step < path.Steps.Count; step++)
                {
                    for (var bit = 0; bit < Hash256.Size * 8; bit++) LeadsTo(With(path, step, path.Steps[step] with { Hash = Flip(path.Steps[step].Hash, bit) }), leaves[index], root).Should().BeFalse();
                }

                for (var bit = 0; bit < Hash256.Size * 8; bit++) LeadsTo(path, Flip(leaves[index], bit), root).Should().BeFalse();
            }
        }
    }

    [Fact]
    public void Index_and_count_fix_length_and_sides()
    {
        for (var count = 2; count <= MostLeaves; count++)
        {
            var leaves = Leaves(count);
            for (var index = 0; index < count; index++)
            {
                var path = MerkleTree.PathOf(leaves, index);
                MerkleStep first = path.Steps[0];
                var turned = first with { Side = first.Side == MerkleSide.Left ? MerkleSide.Right : MerkleSide.Left };

                Code(With(path, 0, turned)).Should().Be("invalid_root");
                Code(path with { Steps = [.. path.Steps.Span[1..]] }).Should().Be("invalid_root");
                Code(path with { Steps = [.. path.Steps, first] }).Should().Be("invalid_root");
            }
        }
    }

    // The root commits to leaves, not to how many there are: what a path proves is the leaf and its place.
    [Fact]
    public void A_count_that_gives_the_same_shape_leads_to_the_same_root()
    {
        var leaves = Leaves(5);
        var path = MerkleTree.PathOf(leaves, 1);

        foreach (var count in (int[])[6, 7, 8]) LeadsTo(path with { Count = count }, leaves[1], MerkleTree.Root(leaves)).Should().BeTrue();
        foreach (var count in (int[])[2, 3, 4, 9]) Code(path with { Count = count }).Should().Be("invalid_root");
    }

    // CVE-2012-2459 as a proof: the last leaf of an odd layer, shown as the right one of a pair of itself.
    [Fact]
    public void An_odd_leaf_is_not_its_own_partner()
    {
        var leaves = Leaves(3);
        var path = MerkleTree.PathOf(leaves, 2);

        path.Steps.Should().ContainSingle();
        Code(path with { Steps = [new MerkleStep(leaves[2], MerkleSide.Right), .. path.Steps] }).Should().Be("invalid_root");
        LeadsTo(new MerklePath(3, 4, [new MerkleStep(leaves[2], MerkleSide.Left), .. path.Steps]), leaves[2], MerkleTree.Root(leaves)).Should().BeFalse();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, 1)]
    [InlineData(0, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_leaf_that_is_not_there_has_no_path(int index, int count)
    {
        Code(new MerklePath(index, count, [])).Should().Be("invalid_root");
        var leaves = Leaves(Math.Clamp(count, 0, 1));
        ((Action)(() => MerkleTree.PathOf(leaves, index))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_largest_tree_has_the_most_steps()
    {
        var steps = Enumerable.Repeat(new MerkleStep(Leaves(1)[0], MerkleSide.Right), MerklePath.MaxSteps).ToArray();

        new MerklePath(0, int.MaxValue, [.. steps]).RootOf(Leaves(1)[0]).IsAccepted.Should().BeTrue();
        for (var fewer = 0; fewer < MerklePath.MaxSteps; fewer++) Code(new MerklePath(0, int.MaxValue, [.. steps[..fewer]])).Should().Be("invalid_root");
    }

    [Fact]
    public void A_lone_leaf_is_its_root() => MerkleTree.PathOf(Leaves(1), 0).RootOf(Leaves(1)[0]).Value.Should().Be(MerkleTree.Root(Leaves(1)));

    private static string? Code(MerklePath path) => path.RootOf(Leaves(1)[0]).Refusal?.Code;

    private static bool LeadsTo(MerklePath path, Hash256 leaf, Hash256 root) => path.RootOf(leaf).TryGet(out var found, out _) && found == root;

    private static MerklePath With(MerklePath path, int at, MerkleStep step) => path with { Steps = [.. path.Steps.Select((one, i) => i == at ? step : one)] };

    private static Hash256 Flip(Hash256 hash, int bit)
    {
        var bytes = hash.Span.ToArray();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new Hash256(bytes);
    }

    private static Hash256[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Hash256.Sha256([(byte)i]))];

    // RFC 6962, section 2.1.1, word for word: PATH(m, D[n]).
    private static Hash256[] Reference(int index, ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.Length == 1) return [];

        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return index < split
            ? [.. Reference(index, leaves[..split]), MerkleTree.Root(leaves[split..].ToArray())]
            : [.. Reference(index - split, leaves[split..]), MerkleTree.Root(leaves[..split].ToArray())];
    }
}
