using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Specification;

namespace SecuTicket.Core.Tests.Consensus;

public class BlockTimeTests
{
    private static readonly BlockHeader Header = TestSpec.Of().Genesis.Header;

    [Theory]
    [InlineData(new long[] { 5 }, 5)]
    [InlineData(new long[] { 5, 9 }, 9)]
    [InlineData(new long[] { 9, 5, 7 }, 7)]
    [InlineData(new long[] { 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 }, 6)]
    [InlineData(new long[] { 1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6, 1_000, 1_000, 1_000 }, 6)]
    public void The_median_is_of_the_last_11_in_order_of_time(long[] latestFirst, long median) =>
        BlockTime.Median(steps => steps < latestFirst.Length ? Header with { Timestamp = latestFirst[steps] } : null).Should().Be(median);

    [Theory]
    [InlineData(100, "invalid_time", RefusalKind.Invalid)]
    [InlineData(0, "invalid_time", RefusalKind.Invalid)]
    [InlineData(101, null, default(RefusalKind))]
    [InlineData(1_000 + 120_000, null, default(RefusalKind))]
    [InlineData(1_000 + 120_001, "invalid_time", RefusalKind.Transient)]
    public void A_time_lies_after_the_median_and_at_most_so_far_ahead(long timestamp, string? code, RefusalKind kind)
    {
        var refusal = BlockTime.Verify(timestamp, median: 100, now: 1_000, TestSpec.Of()).Refusal;

        refusal?.Code.Should().Be(code);
        (refusal?.Kind ?? default).Should().Be(kind);
        (refusal is null).Should().Be(code is null);
    }

    [Fact]
    public void A_planted_fault_drops_the_median_and_nothing_else() // So that a simulation can show that it finds it.
    {
        TestSpec.Of().SkipsMedianTime.Should().BeFalse();
        var faulty = TestSpec.Of() with { SkipsMedianTime = true };
        BlockTime.Verify(100, median: 100, now: 1_000, faulty).IsAccepted.Should().BeTrue();
        BlockTime.Verify(1_000 + 120_001, median: 100, now: 1_000, faulty).Refusal!.Kind.Should().Be(RefusalKind.Transient);
    }

    // The ledger forgets what expired before the median: so the median must never go back, whatever sealers write.
    [Fact]
    public void Along_a_branch_the_median_never_goes_back_and_no_block_is_before_it()
    {
        var random = new Random(5);
        var times = new List<long> { 1_000_000 };
        for (var i = 0; i < 5_000; i++)
        {
            var before = Median(times);
            times.Add(before + 1 + (random.Next(3) == 0 ? random.Next(100_000) : random.Next(5)));
            Median(times).Should().BeInRange(before, times[^1]);
        }

        static long Median(List<long> times) => BlockTime.Median(steps => steps < times.Count ? Header with { Timestamp = times[^(steps + 1)] } : null);
    }
}
