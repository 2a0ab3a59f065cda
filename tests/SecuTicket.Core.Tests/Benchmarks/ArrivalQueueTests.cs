using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class ArrivalQueueTests
{
    [Fact]
    public void Nothing_is_taken_before_it_is_due()
    {
        var queue = new ArrivalQueue([100, 200]);

        queue.TryTake(99, isFree: true, out _, out _).Should().BeFalse();
        queue.Pause(99).Should().Be(1);
        queue.TryTake(100, isFree: true, out var request, out var dueAt).Should().BeTrue();
        (request, dueAt).Should().Be((0, 100));
        queue.TryTake(100, isFree: true, out _, out _).Should().BeFalse();
        queue.Pause(100).Should().Be(100);
    }

    // The mistake that makes a stalled server look fast: to count from when the request could be sent at last.
    [Fact]
    public void What_waited_for_a_connection_counts_from_when_it_was_due()
    {
        var queue = new ArrivalQueue([10, 20, 30]);

        queue.TryTake(35, isFree: false, out _, out _).Should().BeFalse();
        List<long> due = [];
        while (queue.TryTake(1_000, isFree: true, out _, out var dueAt)) due.Add(dueAt);

        due.Should().Equal(10, 20, 30);
        queue.IsEmpty.Should().BeTrue();
        queue.LargestDelay.Should().Be(990);
    }

    [Fact]
    public void Each_request_that_found_no_connection_is_counted_once()
    {
        var queue = new ArrivalQueue([10, 20, 30, 40]);

        queue.TryTake(10, isFree: true, out _, out _);
        queue.TryTake(25, isFree: false, out _, out _);
        queue.TryTake(30, isFree: false, out _, out _);
        queue.Held.Should().Be(2);
        queue.LargestBacklog.Should().Be(2);

        queue.TryTake(40, isFree: true, out _, out _);
        queue.TryTake(41, isFree: false, out _, out _);
        queue.Held.Should().Be(3);
        queue.LargestBacklog.Should().Be(3);
    }

    [Fact]
    public void A_server_that_keeps_up_leaves_no_backlog_but_the_one_that_is_just_due()
    {
        var queue = new ArrivalQueue([.. Enumerable.Range(0, 100).Select(i => 10L * i)]);
        for (var now = 0L; !queue.IsEmpty; now += 10) queue.TryTake(now, isFree: true, out _, out _).Should().BeTrue();

        (queue.Held, queue.LargestBacklog, queue.LargestDelay).Should().Be((0, 1, 0));
        queue.Pause(0).Should().BeNegative();
    }
}
