using System.Runtime.InteropServices;

namespace SecuTicket.Node.Peers;

/// <summary>Values that are remembered until some time; where there are too many, those put in first are forgotten.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="capacity">Most values.</param>
internal sealed class ExpiringSet<T>(int capacity)
    where T : notnull
{
    private readonly Dictionary<T, long> _until = [];
    private readonly Queue<T> _order = [];

    public int Count => _until.Count;

    /// <summary>In the order in which they were put in first; some of them may be past their time.</summary>
    public IEnumerable<T> Values => _order;

    public bool Contains(T value, long now) => now < Until(value);

    /// <summary>Until when a value is remembered; 0 for one that is not here.</summary>
    public long Until(T value) => _until.GetValueOrDefault(value);

    public void Clear()
    {
        _until.Clear();
        _order.Clear();
    }

    /// <summary>Remembers a value. One that is here already keeps its place in the order, so each is in it once and the capacity is what it says.</summary>
    public void Put(T value, long until, long now)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_until, value, out var isThere) = until;
        if (!isThere) _order.Enqueue(value);
        while (_order.TryPeek(out var first) && (_until[first] <= now || _order.Count > capacity)) _until.Remove(_order.Dequeue());
    }
}
