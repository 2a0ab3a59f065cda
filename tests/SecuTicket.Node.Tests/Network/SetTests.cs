using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What is remembered of others, and for how long.</summary>
public sealed class SetTests
{
    [Fact]
    public void A_value_is_remembered_until_its_time()
    {
        var set = new ExpiringSet<int>(10);
        set.Put(1, 100, 0);

        set.Contains(1, 99).Should().BeTrue();
        set.Contains(1, 100).Should().BeFalse();
        set.Contains(2, 0).Should().BeFalse();
    }

    [Fact]
    public void A_value_that_is_put_in_again_has_its_last_time()
    {
        var set = new ExpiringSet<int>(10);
        set.Put(1, 100, 0);
        set.Put(1, 200, 50);
        set.Put(2, 300, 150);
        set.Contains(1, 150).Should().BeTrue();

        set.Put(2, 160, 150);
        set.Contains(2, 160).Should().BeFalse();
    }

    [Fact]
    public void The_first_are_forgotten_where_there_are_too_many()
    {
        var set = new ExpiringSet<int>(3);
        for (var i = 0; i < 5; i++) set.Put(i, 1_000, 0);

        set.Count.Should().Be(3);
        Enumerable.Range(0, 5).Select(i => set.Contains(i, 0)).Should().Equal(false, false, true, true, true);
    }

    [Fact]
    public void What_is_over_takes_no_room()
    {
        var set = new ExpiringSet<int>(10);
        set.Put(1, 100, 0);
        set.Put(2, 300, 0);

        set.Put(3, 300, 100);

        set.Count.Should().Be(2);
    }

    [Fact]
    public void Putting_in_one_value_again_and_again_costs_bounded_memory()
    {
        var set = new ExpiringSet<int>(2);
        set.Put(7, 1_000, 0);
        for (var i = 0; i < 100; i++) set.Put(1, 1_000 + i, 0);

        set.Contains(1, 1_050).Should().BeTrue();
        set.Count.Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Of_recent_values_at_least_the_capacity_and_at_most_twice_as_many_are_there()
    {
        var set = new RecentSet<int>(10);
        for (var i = 0; i < 1_000; i++)
        {
            set.Add(i);
            set.Add(i);
            Enumerable.Range(Math.Max(0, i - 9), Math.Min(i + 1, 10)).All(set.Contains).Should().BeTrue();
            set.Count.Should().BeLessThanOrEqualTo(20);
        }

        set.Contains(900).Should().BeFalse();
    }
}
