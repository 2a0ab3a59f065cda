using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Cryptography.Lanes;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus;

// S0.4, S2.3: one difficulty, bound to the block's content; verifying is one hash and never a search.
public class ProofOfWorkTests
{
    private static readonly BlockHeader Header = TestSpec.Of().Genesis.Header with { Index = 1 };

    [Theory]
    [InlineData("ff", 0)]
    [InlineData("80", 0)]
    [InlineData("7f", 1)]
    [InlineData("01", 7)]
    [InlineData("00ff", 8)]
    [InlineData("0000", 16)]
    [InlineData("000001", 23)]
    [InlineData("00000000", 32)]
    public void Zero_bits_are_counted_from_the_left_of_the_printed_hash(string hex, int bits) => ProofOfWork.LeadingZeroBits(Convert.FromHexString(hex)).Should().Be(bits);

    public static IEnumerable<object[]> Difficulties => Enumerable.Range(0, 17).Append(20).Select(bits => new object[] { (uint)bits });

    [Theory]
    [MemberData(nameof(Difficulties))]
    public void The_search_finds_a_nonce_that_verifies(uint difficulty)
    {
        var spec = TestSpec.Of((int)difficulty);
        var header = Header with { Difficulty = difficulty };
        var nonce = ProofOfWork.Search(header.Encode(), difficulty, 0, long.MaxValue)!.Value;
        var found = header with { Nonce = nonce };

        ProofOfWork.LeadingZeroBits(found.Hash.Span).Should().BeGreaterThanOrEqualTo((int)difficulty);
        Verify(spec, found).Should().BeNull();
        if (difficulty > 0 && nonce > 0) Verify(spec, found with { Nonce = nonce - 1 }).Should().Be("invalid_work", "the smallest nonce is found");
    }

    [Fact]
    public void The_search_looks_at_its_range_only_and_finds_the_smallest()
    {
        var bytes = (Header with { Nonce = 77 }).Encode();
        var good = Enumerable.Range(0, 2_000).Where(nonce => ProofOfWork.LeadingZeroBits((Header with { Nonce = nonce }).Hash.Span) >= 6).Select(nonce => (long)nonce).ToArray();
        good.Should().HaveCountGreaterThan(5);

        for (var i = 0; i + 1 < good.Length; i++)
        {
            ProofOfWork.Search(bytes, 6, good[i], 1).Should().Be(good[i]);
            ProofOfWork.Search(bytes, 6, good[i] + 1, 2_000).Should().Be(good[i + 1]);
            ProofOfWork.Search(bytes, 6, good[i] + 1, good[i + 1] - good[i] - 1).Should().BeNull();
        }

        ProofOfWork.Search(bytes, 6, 0, 0).Should().BeNull();
        ProofOfWork.Search(bytes, 256, 0, 100).Should().BeNull();
        ProofOfWork.Search(bytes, 0, 9_007_199_254_740_991, 1).Should().Be(9_007_199_254_740_991);
    }

    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void Every_width_finds_the_same_nonces_also_where_their_upper_half_changes(int lanes)
    {
        const long first = (1L << 32) - 600;
        var bytes = Header.Encode();
        var good = Enumerable.Range(0, 1_200).Select(i => first + i).Where(nonce => ProofOfWork.LeadingZeroBits((Header with { Nonce = nonce }).Hash.Span) >= 6).ToArray();
        good.Should().Contain(nonce => nonce < 1L << 32).And.Contain(nonce => nonce >= 1L << 32);

        var found = new List<long>();
        for (var next = first; ProofOfWork.Search(bytes, 6, next, first + 1_200 - next, (LaneWidth)lanes) is { } nonce; next = nonce + 1) found.Add(nonce);

        found.Should().Equal(good);
    }

    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void What_has_a_first_word_of_zeros_is_found_only_with_as_many_zeros_as_asked_for(int lanes)
    {
        // Found by two minutes of search.
        const long nonce = 2_699_891_179;
        const uint zeros = 35;
        var bytes = new byte[BlockHeader.Size];

        ProofOfWork.Search(bytes, 32, nonce - 20, 40, (LaneWidth)lanes).Should().Be(nonce);
        ProofOfWork.Search(bytes, zeros, nonce - 20, 40, (LaneWidth)lanes).Should().Be(nonce);
        ProofOfWork.Search(bytes, zeros + 1, nonce - 20, 40, (LaneWidth)lanes).Should().BeNull();
    }

    [Fact]
    public void The_difficulty_in_the_header_is_the_branch_s_not_the_sealer_s_choice()
    {
        var header = Header with { Difficulty = 0 };

        Verify(TestSpec.Of(8), header).Should().Be("invalid_work");
        Verify(TestSpec.Of(0), header with { Difficulty = 1, Nonce = ProofOfWork.Search((header with { Difficulty = 1 }).Encode(), 1, 0, 100)!.Value }).Should().Be("invalid_work");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(16, 65_536)]
    [InlineData(64, 18_446_744_073_709_551_616d)]
    public void A_block_weighs_the_hashes_it_takes_on_average(uint difficulty, double weight) =>
        ((double)Verifier(TestSpec.Of()).WeightOf(Header with { Difficulty = difficulty })).Should().Be(weight);

    [Fact]
    public void Where_anyone_may_seal_a_seal_is_not_taken()
    {
        Person sealer = "sealer";
        var block = new Block(Header, [], sealer.Sign(Header.Hash));

        Verifier(TestSpec.Of()).Verify(block.SealedHeader, _ => TestSpec.Of().Genesis.Header, null).Refusal!.Code.Should().Be("invalid_seal");
    }

    [Fact]
    public void Where_the_chain_names_its_sealers_only_they_seal_and_with_their_signature()
    {
        Person sealer = "sealer", second = "second sealer", stranger = "stranger";
        var spec = TestSpec.Of(sealers: [sealer, second]);
        var genesis = spec.Genesis.Header;
        var header = new BlockHeader(1, spec.ChainHash, 1, genesis.Hash, MerkleTree.Root([]), default, genesis.Timestamp + 1, 0, sealer.Address, 0);
        string? Seal(BlockHeader header, TransactionSignature? seal) => Verifier(spec).Verify(new SealedHeader(header, seal), _ => genesis, null).Refusal?.Code;

        Seal(header, sealer.Sign(header.Hash)).Should().BeNull();
        Seal(header with { Sealer = second.Address }, second.Sign((header with { Sealer = second.Address }).Hash)).Should().BeNull();
        Seal(header, null).Should().Be("invalid_seal");
        Seal(header, second.Sign(header.Hash)).Should().Be("invalid_seal", "each seals in his own name");
        Seal(header, sealer.Sign(genesis.Hash)).Should().Be("invalid_seal");
        Seal(header with { Nonce = 1 }, sealer.Sign(header.Hash)).Should().Be("invalid_seal");
        Seal(header, sealer.Scribble()).Should().Be("invalid_seal");
        Seal(header with { Sealer = stranger.Address }, stranger.Sign((header with { Sealer = stranger.Address }).Hash)).Should().Be("not_sealer");
        var good = sealer.Sign(header.Hash);
        Seal(header, good with { Value = new Signature(Cryptography.TestCurve.Flip(good.Value.Span)) }).Should().Be("invalid_seal", "s must be low");
    }

    [Fact]
    public void A_chain_with_sealers_grows_by_their_blocks()
    {
        var node = new TestChain(TestSpec.Of(sealers: ["sealer"]));

        node.Accepts(node.Block(sealer: "sealer"));
        node.Refuses("not_sealer", node.Block(sealer: "stranger"));
    }

    private static ProofOfWorkVerifier Verifier(ChainSpec spec) => new(spec, TestChain.Keys);

    private static string? Verify(ChainSpec spec, BlockHeader header) => Verifier(spec).Verify(new SealedHeader(header, null), _ => spec.Genesis.Header, null).Refusal?.Code;
}
