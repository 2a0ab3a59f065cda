using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Specification;

namespace SecuTicket.Core.Tests.Consensus;

/// <summary>What somebody without blocks sees in headers alone.</summary>
public class HeaderChainTests
{
    private const int Difficulty = 4;
    private static readonly ChainSpec Spec = TestSpec.Of(Difficulty);
    private static readonly SealedHeader[] Headers = Grow(Spec, 30);

    [Theory]
    [InlineData(0, 31)]
    [InlineData(1, 30)]
    [InlineData(7, 1)]
    [InlineData(7, 20)]
    public void Headers_of_a_chain_are_right_wherever_they_begin(int from, int count)
    {
        var chain = Check(Headers[from..(from + count)]).Value;

        (chain.First.Index, chain.Tip.Index, chain.Count, chain.FromGenesis).Should().Be((from, from + count - 1, count, from <= 1));
        (chain.At(from)!.Hash, chain.At(from - 1), chain.At(from + count)).Should().Be((Headers[from].Header.Hash, null, null));
        chain.WeightOf(new ProofOfWorkVerifier(Spec, TestChain.Keys), from, from + count - 1).Should().Be((UInt128)(count - (from == 0 ? 1 : 0)) << Difficulty, "genesis weighs nothing");
    }

    [Fact]
    public void One_that_is_left_out_or_put_elsewhere_breaks_the_link()
    {
        Code([.. Headers[3..6], .. Headers[7..9]]).Should().Be("invalid_link");
        Code([Headers[4], Headers[3]]).Should().Be("invalid_link");
        Code([Headers[2], Again(Headers[1], header => header with { Previous = Headers[2].Header.Hash })]).Should().Be("invalid_header", "its index is that of another place");
        Code([Again(Headers[1], header => header with { Previous = Headers[2].Header.Hash })]).Should().Be("invalid_link", "what the first block follows is known");
        Code([]).Should().Be("invalid_header");
    }

    [Fact]
    public void Each_shows_the_work_that_the_chain_asks_for()
    {
        Code([Without(Headers[5])]).Should().Be("invalid_work");
        Code([.. Headers[3..5], Without(Headers[5])]).Should().Be("invalid_work");
        Code([Again(Headers[5], header => header with { Difficulty = Difficulty - 1 })]).Should().Be("invalid_work", "without a retarget there is one difficulty");
        Code([Again(Headers[5], header => header with { Difficulty = Difficulty + 1 })]).Should().Be("invalid_work");
    }

    [Fact]
    public void Form_chain_genesis_and_seal_are_as_in_a_block()
    {
        Code([Again(Headers[5], header => header with { Version = 2 })]).Should().Be("invalid_header");
        Code([Again(Headers[5], header => header with { Chain = default })]).Should().Be("wrong_chain");
        Code([TestSpec.Of(Difficulty + 1).Genesis.SealedHeader]).Should().Be("wrong_chain");
        Code([Headers[5] with { Seal = Ledger.Scenario.Sealer.Sign(Headers[5].Header.Hash) }]).Should().Be("invalid_seal");
        Code([Headers[0] with { Seal = Ledger.Scenario.Sealer.Sign(Headers[0].Header.Hash) }]).Should().Be("wrong_chain", "nobody seals genesis");
    }

    [Fact]
    public void A_chain_that_names_its_sealers_needs_their_seals()
    {
        var spec = TestSpec.Of(sealers: ["sealer"]);
        var headers = Grow(spec, 2, sealer: "sealer");
        string? Code(params SealedHeader[] headers) => HeaderChain.Verify(spec, new ProofOfWorkVerifier(spec, TestChain.Keys), headers, Later).Refusal?.Code;

        Code(headers).Should().BeNull();
        Code(headers[1] with { Seal = null }).Should().Be("invalid_seal");
        Code(headers[1] with { Seal = headers[2].Seal }).Should().Be("invalid_seal");
    }

    [Fact]
    public void Times_are_held_to_the_median_where_all_before_are_known_and_to_the_clock()
    {
        var early = Again(Headers[20], header => header with { Timestamp = Headers[12].Header.Timestamp });

        Code([.. Headers[9..20], early]).Should().Be("invalid_time", "the median of the 11 before is later");
        Code([.. Headers[10..20], early]).Should().BeNull("of one of the 11 the time is not known");
        Code([.. Headers[1..4], Again(Headers[4], header => header with { Timestamp = Spec.GenesisTime })]).Should().Be("invalid_time", "genesis is known");
        HeaderChain.Verify(Spec, new ProofOfWorkVerifier(Spec, TestChain.Keys), Headers, Headers[^1].Header.Timestamp - 120_001).Refusal!.Code.Should().Be("invalid_time");
        HeaderChain.Verify(Spec, new ProofOfWorkVerifier(Spec, TestChain.Keys), Headers, Headers[^1].Header.Timestamp - 120_000).IsAccepted.Should().BeTrue();
    }

    // Interval 4: the difficulty may move for the blocks after 8, 12, 16, …
    [Fact]
    public void With_a_retarget_what_is_not_known_is_bounded_and_what_is_known_exact()
    {
        var spec = TestSpec.Of(Difficulty, retargetInterval: 4, targetBlockTime: 10_000);
        var headers = Grow(spec, 14);
        string? Code(params SealedHeader[] headers) => HeaderChain.Verify(spec, new ProofOfWorkVerifier(spec, TestChain.Keys), headers, Later).Refusal?.Code;
        SealedHeader At(int index, long difficulty) => Again(headers[index], header => header with { Difficulty = (uint)difficulty });
        headers.Select(one => (int)one.Header.Difficulty).Should().Equal([0, .. Enumerable.Repeat(Difficulty, 8), .. Enumerable.Repeat(Difficulty + 1, 4), Difficulty + 2, Difficulty + 2], "its blocks come too soon");

        Code(headers).Should().BeNull();
        for (var from = 1; from < headers.Length; from++) Code(headers[from..]).Should().BeNull("a part of it is right too");
        Code(At(8, Difficulty - 1)).Should().Be("invalid_work", "before the first retarget nothing has moved");
        Code(At(9, Difficulty - 1)).Should().BeNull("it may have moved either way");
        Code(At(9, Difficulty - 2)).Should().Be("invalid_work", "once");
        Code(At(13, Difficulty + 3)).Should().Be("invalid_work");
        Code([headers[9], At(10, Difficulty)]).Should().Be("invalid_work", "within an interval nothing moves");
        Code([headers[8], At(9, Difficulty - 1)]).Should().BeNull("the interval's start is not known");
        Code([headers[8], At(9, Difficulty - 2)]).Should().Be("invalid_work");
        Code([.. headers[4..9], At(9, Difficulty)]).Should().Be("invalid_work", "the interval is known, and was short");
    }

    private static long Later => Headers[^1].Header.Timestamp + 1_000_000;

    private static Core.Primitives.Verdict<HeaderChain> Check(SealedHeader[] headers) => HeaderChain.Verify(Spec, new ProofOfWorkVerifier(Spec, TestChain.Keys), headers, Later);

    private static string? Code(SealedHeader[] headers) => Check(headers).Refusal?.Code;

    private static SealedHeader[] Grow(ChainSpec spec, int length, Transactions.Person? sealer = null)
    {
        var chain = new TestChain(spec);
        var headers = new List<SealedHeader> { spec.Genesis.SealedHeader };
        for (var i = 0; i < length; i++)
        {
            var block = chain.Block(sealer: sealer);
            chain.Accepts(block);
            headers.Add(block.Block.SealedHeader);
        }

        return [.. headers];
    }

    // Changed, and its work done again.
    private static SealedHeader Again(SealedHeader one, Func<BlockHeader, BlockHeader> change)
    {
        var header = change(one.Header);
        return new SealedHeader(header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value }, one.Seal);
    }

    private static SealedHeader Without(SealedHeader one)
    {
        var nonce = one.Header.Nonce;
        while (ProofOfWork.LeadingZeroBits((one.Header with { Nonce = nonce }).Hash.Span) >= Difficulty) nonce++;
        return one with { Header = one.Header with { Nonce = nonce } };
    }
}
