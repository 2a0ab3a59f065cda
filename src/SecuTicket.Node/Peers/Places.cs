using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Node.Peers;

/// <summary>Values by key, each in an address block, in the order in which they were put in or last touched.</summary>
internal sealed class Places<TKey, TValue>
    where TKey : notnull
    where TValue : notnull
{
    private readonly LinkedList<(TKey Key, TValue Value, AddressBlock Block)> _order = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value, AddressBlock Block)>> _byKey = [];
    private readonly Dictionary<AddressBlock, int> _counts = [];

    public int Count => _byKey.Count;

    public IEnumerable<(TKey Key, TValue Value)> OldestFirst => _order.Select(one => (one.Key, one.Value));

    public int CountIn(AddressBlock block) => _counts.GetValueOrDefault(block);

    public void Put(TKey key, TValue value, AddressBlock block)
    {
        TryRemove(key, out _);
        _byKey.Add(key, _order.AddLast((key, value, block)));
        _counts[block] = CountIn(block) + 1;
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _byKey.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    public bool TryTouch(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!TryGet(key, out value)) return false;

        var node = _byKey[key];
        _order.Remove(node);
        _order.AddLast(node);
        return true;
    }

    public bool TryOldest([MaybeNullWhen(false)] out TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        (key, value, _) = _order.First is { } first ? first.Value : default;
        return _order.First is not null;
    }

    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (!_byKey.Remove(key, out var node)) return false;

        (_, value, var block) = node.Value;
        _order.Remove(node);
        var left = CountIn(block) - 1;
        if (left == 0) _counts.Remove(block);
        else _counts[block] = left;
        return true;
    }

    public void RemoveOldestOfFullestBlock()
    {
        if (_order.First is not { } chosen) return;

        for (var node = chosen; node is not null; node = node.Next)
            if (CountIn(node.Value.Block) > CountIn(chosen.Value.Block)) chosen = node;
        TryRemove(chosen.Value.Key, out _);
    }
}
