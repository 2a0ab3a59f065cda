using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class ArrivalsTests
{
    [Fact]
    public void Even_arrivals_have_equal_pauses() => Arrivals.Even(4, 5).Should().Equal(0, 0.25, 0.5, 0.75, 1);

    [Fact]
    public void Poisson_arrivals_are_in_order_and_the_same_for_the_same_seed()
    {
        var due = Arrivals.Poisson(100, 1_000, seed: 7);

        due.Should().BeInAscendingOrder().And.Equal(Arrivals.Poisson(100, 1_000, seed: 7)).And.NotEqual(Arrivals.Poisson(100, 1_000, seed: 8));
    }

    // Pauses of such a process have their mean as standard deviation: some come in clusters, as people do.
    [Fact]
    public void Poisson_arrivals_come_at_their_rate_and_in_clusters()
    {
        const int Count = 100_000;
        var due = Arrivals.Poisson(200, Count, seed: 1);
        var pauses = due.Zip(due.Prepend(0), (at, before) => at - before).ToArray();
        var mean = pauses.Average();

        mean.Should().BeApproximately(1 / 200.0, 1e-4);
        Math.Sqrt(pauses.Average(pause => (pause - mean) * (pause - mean))).Should().BeApproximately(mean, 1e-4);
    }
}
