using System.Threading.Channels;

namespace SecuTicket.Node;

/// <summary>Tells listeners what happened, in order; one that is too slow loses its place rather than holding up the node.</summary>
/// <param name="capacity">Events that may wait for one listener.</param>
/// <param name="maxListeners">Listeners at once.</param>
public sealed class EventHub(int capacity = 4_096, int maxListeners = 1_024)
{
    private readonly Lock _changing = new();
    private volatile Channel<NodeEvent>[] _listeners = [];

    /// <summary>Listeners now.</summary>
    public int Count => _listeners.Length;

    /// <summary>Begins to listen; null when there are too many listeners. The channel completes when the listener fell behind.</summary>
    public Channel<NodeEvent>? Subscribe()
    {
        var channel = Channel.CreateBounded<NodeEvent>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
        lock (_changing)
        {
            if (_listeners.Length >= maxListeners) return null;

            _listeners = [.. _listeners, channel];
            return channel;
        }
    }

    /// <summary>Stops listening.</summary>
    public void Unsubscribe(Channel<NodeEvent> channel)
    {
        lock (_changing) _listeners = [.. _listeners.Where(listener => listener != channel)];

        channel.Writer.TryComplete();
    }

    internal void Publish(NodeEvent happened)
    {
        foreach (var listener in _listeners)
            if (!listener.Writer.TryWrite(happened)) Unsubscribe(listener);
    }
}
