namespace SecuTicket.Node.Peers;

/// <summary>The latest of many values: at least <c>capacity</c> of them, at most twice as many; the oldest are forgotten by halves.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="capacity">Values remembered at least.</param>
internal sealed class RecentSet<T>(int capacity)
    where T : notnull
{
    private HashSet<T> _newer = [];
    private HashSet<T> _older = [];

    public int Count => _newer.Count + _older.Count;

    public bool Contains(T value) => _newer.Contains(value) || _older.Contains(value);

    public void Add(T value)
    {
        if (!_newer.Add(value) || _newer.Count < capacity) return;

        (_older, _newer) = (_newer, _older);
        _newer.Clear();
    }
}
