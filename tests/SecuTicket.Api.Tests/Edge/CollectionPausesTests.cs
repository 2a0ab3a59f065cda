using SecuTicket.Api.Hosting;

namespace SecuTicket.Api.Tests.Edge;

public sealed class CollectionPausesTests
{
    [Fact]
    public void Every_collection_is_looked_at_not_the_first_one_alone()
    {
        var pauses = new CollectionPauses().Watch();

        Collect();
        var first = pauses.Looks;
        Collect();

        first.Should().BeGreaterThan(0);
        pauses.Looks.Should().BeGreaterThan(first);
        pauses.Longest.Should().BePositive().And.BeLessThanOrEqualTo(GC.GetTotalPauseDuration());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
