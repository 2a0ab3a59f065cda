using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Cryptography.Lanes;

namespace SecuTicket.Core.Tests.Blocks;

public class MerkleTreeTests
{
    public static TheoryData<int, string> Golden => new()
    {
        { 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { 1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
        { 2, "c71a16f21f917ed84ea2caa90b0904c9179a4c9c2369a9b4ec57e11a3f25a7a2" },
        { 3, "d78663a8f1a2d99ee97fe38a605be2f54e2872c3a63a13077d617e4a940725bd" },
        { 4, "3c27c71481d08c1350991b07d3399aced347c594b1e5a4e23625786605998fd0" },
        { 5, "550347fe72bcb7c23a0576eb793f410a6192c5d678b483eb1adfd880720b55ea" },
        { 6, "45ce015b046a428db7c26a4787258937a9b58614ac4be83e575975886ee582d6" },
        { 7, "cc73b298e8e4f30a03faa5269796029c17e3fe4b1519250482ddc00a7d2e20da" },
        { 8, "f36bcde6dad5de59abe552a27830872409aada55ff786972f67b0cacb653353d" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_roots_of_up_to_8_leaves_are_these(int count, string root) => MerkleTree.Root(Leaves(count)).ToString().Should().Be(root);

    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void It_is_the_tree_of_RFC_6962(int lanes)
    {
        var random = new Random(lanes);
        foreach (var count in Enumerable.Range(0, 301).Concat([2_047, 2_048, 2_049, 4_096, 4_097]).Concat(Enumerable.Range(0, 3).Select(_ => random.Next(1_000, 9_000))))
            MerkleTree.Root(Leaves(count), (LaneWidth)lanes).Should().Be(Reference(Leaves(count)), "of {0} leaves", count);

        MerkleTree.Root(Leaves(300)).Should().Be(Reference(Leaves(300)), "whatever this machine has");
    }

    [Fact]
    public void Every_path_leads_to_the_root_of_a_tree_of_several_subtrees()
    {
        var leaves = Leaves(4_501);
        var root = MerkleTree.Root(leaves);
        int[] some = [0, 1, 2_047, 2_048, 4_095, 4_096, 4_499, 4_500];
        foreach (var path in MerkleTree.PathsOf(leaves, some)) path.RootOf(leaves[path.Index]).Value.Should().Be(root, "from leaf {0}", path.Index);
    }

    // CVE-2012-2459: where an odd leaf is doubled, a list and the same list with its end repeated have one root.
    [Fact]
    public void A_list_and_the_list_with_its_end_repeated_have_different_roots()
    {
        for (var count = 1; count <= 16; count++)
        {
            var leaves = Leaves(count);
            for (var repeated = 1; repeated <= count; repeated++)
                MerkleTree.Root([.. leaves, .. leaves[^repeated..]]).Should().NotBe(MerkleTree.Root(leaves));
        }
    }

    [Fact]
    public void No_node_passes_for_a_leaf()
    {
        var leaves = Leaves(4);
        Hash256 left = MerkleTree.Root(leaves[..2]), right = MerkleTree.Root(leaves[2..]);

        MerkleTree.Root([left, right]).Should().Be(MerkleTree.Root(leaves), "a proof is made of such nodes");
        // …but a transaction's leaf begins with 0x00 where a node begins with 0x01, so nobody has a transaction whose leaf is that node.
        GoldenBlock.Purchase.Leaf.Should().Be(Hash256.Sha256([0x00, .. GoldenBlock.Purchase.Id.Span, .. SignatureList(GoldenBlock.Purchase).Span]));
        left.Should().Be(Hash256.Sha256([0x01, .. leaves[0].Span, .. leaves[1].Span]));
    }

    [Fact]
    public void Order_and_every_leaf_count()
    {
        var leaves = Leaves(7);
        var root = MerkleTree.Root(leaves);
        for (var i = 0; i < leaves.Length; i++)
        {
            var changed = leaves.ToArray();
            changed[i] = Hash256.Sha256(changed[i].Span);
            MerkleTree.Root(changed).Should().NotBe(root);
            MerkleTree.Root([.. leaves[..i], .. leaves[(i + 1)..]]).Should().NotBe(root);
            if (i > 0) MerkleTree.Root([.. leaves[..(i - 1)], leaves[i], leaves[i - 1], .. leaves[(i + 1)..]]).Should().NotBe(root);
        }
    }

    private static Hash256 SignatureList(Core.Transactions.Transaction transaction)
    {
        var signature = transaction.Signatures[0];
        return Hash256.Sha256([1, 1, .. signature.Key.Span, .. signature.Value.Span]);
    }

    private static Hash256[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Hash256.Sha256(i < 256 ? [(byte)i] : BitConverter.GetBytes(i)))];

    // RFC 6962, section 2.1, word for word, over leaves that are hashed already.
    private static Hash256 Reference(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.IsEmpty) return Hash256.Sha256([]);
        if (leaves.Length == 1) return leaves[0];

        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return Hash256.Sha256([0x01, .. Reference(leaves[..split]).Span, .. Reference(leaves[split..]).Span]);
    }
}
