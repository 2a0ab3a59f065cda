using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Specification;

namespace SecuTicket.Core.Tests.Consensus;

/// <summary>With a retarget interval of 10 blocks of 1,000 ms: the difficulty moves by one bit at most, and only at the end of an interval.</summary>
public class RetargetTests
{
    private const int Interval = 10;

    [Theory]
    [InlineData(4_999, 9)]
    [InlineData(5_000, 8)]
    [InlineData(10_000, 8)]
    [InlineData(20_000, 8)]
    [InlineData(20_001, 7)]
    [InlineData(0, 9)]
    [InlineData(-1, 9)]
    public void It_rises_when_an_interval_took_less_than_half_its_time_and_falls_when_it_took_more_than_twice(long taken, uint expected) =>
        After(8, index: 20, taken).Should().Be(expected);

    [Theory]
    [InlineData(11)]
    [InlineData(19)]
    [InlineData(21)]
    public void Within_an_interval_it_stays(long index) => After(8, index, 1).Should().Be(8);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void The_first_interval_counts_from_genesis_whose_time_says_nothing_so_it_stays(long index) => After(8, index, 1).Should().Be(8);

    [Fact]
    public void It_falls_to_0_and_rises_to_64_at_most()
    {
        After(0, 20, 1_000_000).Should().Be(0);
        After(1, 20, 1_000_000).Should().Be(0);
        After(64, 20, 0).Should().Be(64);
        After(63, 20, 0).Should().Be(64);
        After(0, 20, 0).Should().Be(1);
    }

    [Fact]
    public void Without_an_interval_it_never_moves() => After(8, 20, 0, TestSpec.Of(8)).Should().Be(8);

    [Fact]
    public void After_genesis_it_is_the_specification_s_whatever_genesis_says()
    {
        var spec = TestSpec.Of(8);

        spec.Genesis.Header.Difficulty.Should().Be(0);
        new ProofOfWorkVerifier(spec, TestChain.Keys).DifficultyAfter(_ => spec.Genesis.Header).Should().Be(8);
    }

    [Fact]
    public void A_chain_finds_its_pace()
    {
        var node = new TestChain(TestSpec.Of(difficulty: 2, retargetInterval: 2, targetBlockTime: 1_000));
        for (var i = 0; i < 12; i++) node.Accepts(node.Block(at: node.Tip.Timestamp + 400));
        node.Tip.Difficulty.Should().BeGreaterThan(4);
        var peak = node.Tip.Difficulty;
        for (var i = 0; i < 8; i++) node.Accepts(node.Block(at: node.Tip.Timestamp + 3_000));
        node.Tip.Difficulty.Should().BeLessThan(peak);
    }

    private static uint After(uint present, long index, long taken, ChainSpec? spec = null)
    {
        spec ??= TestSpec.Of(8, retargetInterval: Interval, targetBlockTime: 1_000);
        var parent = spec.Genesis.Header with { Index = index, Difficulty = present, Timestamp = 100_000 };
        return new ProofOfWorkVerifier(spec, TestChain.Keys).DifficultyAfter(steps => steps switch
        {
            0 => parent,
            Interval => parent with { Index = index - Interval, Timestamp = parent.Timestamp - taken },
            _ => throw new InvalidOperationException($"The block {steps} back does not matter."),
        });
    }
}
