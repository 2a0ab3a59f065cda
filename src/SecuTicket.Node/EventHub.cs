using System.Net;
using System.Threading.Channels;

namespace SecuTicket.Node;

/// <summary>Tells listeners what happened, in order; one that is too slow loses its place rather than holding up the node.</summary>
/// <param name="capacity">Events that may wait for one listener.</param>
/// <param name="maxListeners">Listeners at once.</param>
public sealed class EventHub(int capacity = 4_096, int maxListeners = 1_024)
{
    // One group of the single writer may hold more events than a guest may fall behind; a part of the node should not lose its place for that.
    private const int CapacityWithin = 65_536;

    private readonly Lock _changing = new();
    private readonly FairPlaces<Channel<NodeEvent>> _places = new(maxListeners);
    private volatile Channel<NodeEvent>[] _within = [];
    private volatile Channel<NodeEvent>[] _listeners = [];

    /// <summary>Listeners now, without the node's own parts.</summary>
    public int Count => _listeners.Length;

    /// <summary>Begins to listen as a part of the node: never refused, however many guests listen. The channel completes when the listener fell behind.</summary>
    public Channel<NodeEvent> SubscribeWithin()
    {
        var channel = Open(CapacityWithin);
        lock (_changing) _within = [.. _within, channel];

        return channel;
    }

    /// <summary>Begins to listen; null when there are too many listeners. The channel completes when the listener fell behind, or lost its place to another address (<see cref="FairPlaces{T}"/>).</summary>
    /// <param name="address">Where the listener is.</param>
    public Channel<NodeEvent>? Subscribe(IPAddress address)
    {
        var channel = Open(capacity);
        lock (_changing)
        {
            if (!_places.TryEnter(address, channel, out var displaced)) return null;

            if (displaced is not null) Unsubscribe(displaced);
            _listeners = [.. _listeners, channel];
            return channel;
        }
    }

    /// <summary>Stops listening.</summary>
    public void Unsubscribe(Channel<NodeEvent> channel)
    {
        lock (_changing)
        {
            _listeners = [.. _listeners.Where(listener => listener != channel)];
            _within = [.. _within.Where(listener => listener != channel)];
            _places.Leave(channel);
        }

        channel.Writer.TryComplete();
    }

    internal void Publish(NodeEvent happened)
    {
        foreach (var listener in _within) Tell(listener, happened);
        foreach (var listener in _listeners) Tell(listener, happened);
    }

    private void Tell(Channel<NodeEvent> listener, NodeEvent happened)
    {
        if (!listener.Writer.TryWrite(happened)) Unsubscribe(listener);
    }

    private static Channel<NodeEvent> Open(int capacity) => Channel.CreateBounded<NodeEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
}
