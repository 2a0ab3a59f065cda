using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What is remembered for a time.</summary>
public sealed class ExpiringSetTests
{
    [Fact]
    public void It_holds_as_many_as_its_capacity_says_however_often_each_was_put_in()
    {
        var set = new ExpiringSet<int>(3);

        for (var i = 0; i < 30; i++) set.Put(i % 3, until: 1_000, now: i);

        set.Values.Should().Equal(0, 1, 2);
        set.Put(3, until: 1_000, now: 30);
        set.Values.Should().Equal([1, 2, 3], "the first one in goes first");
        set.Count.Should().Be(3);
    }

    [Fact]
    public void A_value_is_there_until_its_last_time()
    {
        var set = new ExpiringSet<int>(3);
        set.Put(1, until: 10, now: 0);
        set.Put(1, until: 20, now: 5);

        set.Contains(1, 19).Should().BeTrue();
        set.Contains(1, 20).Should().BeFalse();
        set.Until(1).Should().Be(20);
        set.Contains(2, 0).Should().BeFalse();
    }

    [Fact]
    public void What_is_past_its_time_makes_room()
    {
        var set = new ExpiringSet<int>(10);
        set.Put(1, until: 10, now: 0);

        set.Put(2, until: 20, now: 10);

        set.Values.Should().Equal(2);
    }
}
