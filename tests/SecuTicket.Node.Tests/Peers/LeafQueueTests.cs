using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What one peer is to hear of transactions. Issue 4, 3.</summary>
public sealed class LeafQueueTests
{
    private readonly NetworkSettings _settings = new() { QueuedLeaves = 2, KnownLeaves = 4 };
    private readonly LeafQueue _queue;

    public LeafQueueTests() => _queue = new LeafQueue(_settings);

    [Fact]
    public void What_the_peer_never_heard_of_goes_first()
    {
        _queue.AddAgain(Leaf(1));
        _queue.Add(Leaf(2), 2);

        _queue.Take(0, _ => true).Leaves.Should().Equal(Leaf(2), Leaf(1));
    }

    [Fact]
    public void What_is_not_pending_any_more_is_left_out()
    {
        _queue.Add(Leaf(1), 1);
        _queue.AddAgain(Leaf(2));

        _queue.Take(0, _ => false).Leaves.Should().BeEmpty();
        _queue.IsTaking.Should().BeFalse();
    }

    [Fact]
    public void What_finds_no_room_is_missed_from_there_on()
    {
        for (var i = 1; i <= 4; i++) _queue.Add(Leaf(i), i);

        _queue.MissedFrom.Should().Be(3);
    }

    [Fact]
    public void What_is_put_back_goes_first_in_its_order_when_the_peer_has_rested()
    {
        _queue.Add(Leaf(1), 1);
        _queue.AddAgain(Leaf(2));
        var batch = _queue.Take(0, _ => true);
        _queue.Add(Leaf(3), 3);
        _queue.NextAt.Should().Be(long.MaxValue, "one is on its way");

        _queue.PutBack(batch, 100);

        _queue.NextAt.Should().Be(100 + _settings.AnnouncementRest);
        _queue.Take(600, _ => true).Leaves.Should().Equal(Leaf(1), Leaf(3), Leaf(2));
    }

    [Fact]
    public void All_that_it_remembers_is_bounded()
    {
        for (var i = 0; i < 100; i++)
        {
            _queue.Know(Leaf(-i));
            _queue.Add(Leaf(i), i);
            _queue.AddAgain(Leaf(i));
            _queue.Heard(new LeafBatch([Leaf(i)], 1), i);
        }

        _queue.Remembered.Should().BeLessThanOrEqualTo((2 * _settings.KnownLeaves) + (3 * _settings.QueuedLeaves));
    }

    private static Hash256 Leaf(int number) => TestPeer.Challenge($"leaf {number}");
}
