namespace SecuTicket.Node.Peers;

/// <summary>Values that are remembered until some time; where there are too many, those put in first are forgotten.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="capacity">Most values.</param>
internal sealed class ExpiringSet<T>(int capacity)
    where T : notnull
{
    private readonly Dictionary<T, long> _until = [];
    private readonly Queue<(T Value, long Until)> _order = [];

    public int Count => _until.Count;

    public bool Contains(T value, long now) => _until.TryGetValue(value, out var until) && now < until;

    public void Remove(T value) => _until.Remove(value);

    public void Put(T value, long until, long now)
    {
        _until[value] = until;
        _order.Enqueue((value, until));

        // A value put in again is in the queue twice; only its last end counts.
        while (_order.TryPeek(out var first) && (first.Until <= now || _order.Count > capacity))
        {
            _order.Dequeue();
            if (_until.TryGetValue(first.Value, out var end) && end == first.Until) _until.Remove(first.Value);
        }
    }
}
