using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 10 }, 3)]
    [InlineData(new[] { 7.0 }, 7)]
    public void The_median_is_in_the_middle(double[] values, double expected) => Statistics.Median(values).Should().Be(expected);

    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(99.1, 100)]
    [InlineData(100, 100)]
    [InlineData(0, 1)]
    public void Of_the_numbers_to_a_hundred_a_percentile_is_the_smallest_that_so_many_do_not_exceed(double percent, long expected) =>
        Statistics.Percentile([.. Enumerable.Range(1, 100).Select(i => (long)i)], percent).Should().Be(expected);

    [Fact]
    public void One_slow_answer_in_fifty_is_seen_at_99_percent()
    {
        var latencies = Enumerable.Repeat(1L, 50).ToArray();
        latencies[^1] = 1_000;

        Statistics.Percentile(latencies, 99).Should().Be(1_000);
        Statistics.Percentile(latencies, 98).Should().Be(1);
    }

    [Fact]
    public void Of_nothing_a_percentile_is_zero() => Statistics.Percentile([], 99).Should().Be(0);

    [Fact]
    public void Half_as_good_as_the_limit_is_a_half_in_either_direction()
    {
        Statistics.Ratio(50, 100, lowerIsBetter: false).Should().Be(0.5);
        Statistics.Ratio(200, 100, lowerIsBetter: true).Should().Be(0.5);
    }

    [Theory]
    [InlineData(8_000, 0.85, true)]
    [InlineData(7_999, 0.9, false)]
    [InlineData(9_000, 0.84, false)]
    public void Of_a_target_and_a_ratio_both_must_be_kept(double value, double ratio, bool met) =>
        Statistics.IsMet(value, ratio, target: 8_000, targetRatio: 0.85, lowerIsBetter: false).Should().Be(met);

    [Theory]
    [InlineData(25, true)]
    [InlineData(25.1, false)]
    public void What_must_be_low_may_be_as_high_as_its_target(double value, bool met) => Statistics.IsMet(value, null, 25, null, lowerIsBetter: true).Should().Be(met);

    [Fact]
    public void A_ratio_that_is_asked_for_and_could_not_be_taken_is_not_met() => Statistics.IsMet(1, ratio: null, target: null, targetRatio: 0.5, lowerIsBetter: false).Should().BeFalse();

    [Fact]
    public void Where_nothing_is_asked_nothing_is_met_or_missed() => Statistics.IsMet(1, 1, null, null, lowerIsBetter: false).Should().BeNull();

    // A = 1 / (1/2V + 1/2D), B = 1 / (1/H + 1/2V + 1/2D).
    [Fact]
    public void Costs_add_and_rates_do_not()
    {
        var (v, d, h) = (20_000.0, 30_000.0, 60_000.0);
        var a = Statistics.Together(2 * v, 2 * d);

        a.Should().BeApproximately(24_000, 1e-6);
        Statistics.Together(h, a).Should().BeApproximately(1 / ((1 / h) + (1 / (2 * v)) + (1 / (2 * d))), 1e-6);
    }
}
