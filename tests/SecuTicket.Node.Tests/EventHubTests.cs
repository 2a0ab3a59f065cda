using System.Net;

namespace SecuTicket.Node.Tests;

/// <summary>Who has a place among listeners, and how it is lost.</summary>
public sealed class EventHubTests
{
    [Fact]
    public async Task One_that_is_too_slow_is_let_go()
    {
        var hub = new EventHub(capacity: 1, maxListeners: 1);
        var slow = hub.Subscribe(IPAddress.Loopback)!;
        hub.Subscribe(IPAddress.Loopback).Should().BeNull("there is a limit on listeners");
        hub.Publish(new NodeEvent.Reorganised(1, default, default));
        hub.Publish(new NodeEvent.Reorganised(2, default, default));
        hub.Count.Should().Be(0);
        (await slow.Reader.ReadAllAsync().CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task An_address_that_has_all_places_among_listeners_gives_one_up()
    {
        var hub = new EventHub(maxListeners: 2);
        var first = hub.Subscribe(IPAddress.Loopback)!;
        var second = hub.Subscribe(IPAddress.Loopback)!;

        var newcomer = hub.Subscribe(IPAddress.Parse("198.51.100.7"))!;
        hub.Publish(new NodeEvent.Reorganised(1, default, default));

        hub.Count.Should().Be(2);
        (await second.Reader.WaitToReadAsync()).Should().BeFalse("its stream ends");
        (first.Reader.Count, newcomer.Reader.Count).Should().Be((1, 1));
        hub.Unsubscribe(newcomer);
        hub.Subscribe(IPAddress.Loopback).Should().NotBeNull("places are given back");
    }

    [Fact]
    public void A_part_of_the_node_has_a_place_of_its_own_among_listeners()
    {
        var hub = new EventHub(capacity: 1, maxListeners: 1);
        hub.Subscribe(IPAddress.Loopback).Should().NotBeNull();

        var within = hub.SubscribeWithin();
        hub.Count.Should().Be(1, "it is no guest");
        for (var depth = 1; depth <= 3; depth++) hub.Publish(new NodeEvent.Reorganised(depth, default, default));
        within.Reader.Count.Should().Be(3, "it may fall further behind");
        hub.Unsubscribe(within);
        hub.Publish(new NodeEvent.Reorganised(4, default, default));

        within.Reader.Count.Should().Be(3);
    }
}
