using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SecuTicket.Node.Peers;

/// <summary>Values by key, each of a host in an address block, in the order in which they were put in or last touched.</summary>
/// <param name="most">How many there may be in all.</param>
/// <param name="mostPerBlock">How many of one address block.</param>
/// <param name="mostPerHost">How many of one host.</param>
internal sealed class Places<TKey, TValue>(int most, int mostPerBlock, int mostPerHost)
    where TKey : notnull
    where TValue : notnull
{
    private readonly LinkedList<Place> _order = new();
    private readonly Dictionary<TKey, LinkedListNode<Place>> _byKey = [];
    private readonly Dictionary<AddressBlock, int> _inBlock = [];
    private readonly Dictionary<AddressBlock, int> _atHost = [];

    public int Count => _byKey.Count;

    public IEnumerable<(TKey Key, TValue Value)> OldestFirst => _order.Select(one => (one.Key, one.Value));

    /// <summary>Puts a value in; where its host, its block or everything is full, another one goes.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="isExempt">Whether only the limit of everything holds for it.</param>
    /// <param name="isSpared">Which go only when no others can.</param>
    public void Put(TKey key, TValue value, IPAddress from, bool isExempt, Func<TValue, bool> isSpared)
    {
        TryRemove(key, out _);
        var (host, block) = isExempt ? default : (AddressBlock.OfHost(from), AddressBlock.Of(from));
        if (!isExempt && _atHost.GetValueOrDefault(host) >= mostPerHost) RemoveOne(place => place.Host == host, isSpared);
        if (!isExempt && _inBlock.GetValueOrDefault(block) >= mostPerBlock) RemoveOne(place => place.Block == block, isSpared);
        if (Count >= most) RemoveOne(static _ => true, isSpared);

        _byKey.Add(key, _order.AddLast(new Place(key, value, host, block)));
        _inBlock[block] = _inBlock.GetValueOrDefault(block) + 1;
        _atHost[host] = _atHost.GetValueOrDefault(host) + 1;
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
        (key, value) = _order.First is { Value: var first } ? (first.Key, first.Value) : default;
        return _order.First is not null;
    }

    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (!_byKey.Remove(key, out var node)) return false;

        value = node.Value.Value;
        _order.Remove(node);
        Leave(_inBlock, node.Value.Block);
        Leave(_atHost, node.Value.Host);
        return true;
    }

    // Of those who are not spared whoever has the most places by his block, then by his host; of his the oldest.
    private void RemoveOne(Func<Place, bool> isAmong, Func<TValue, bool> isSpared)
    {
        var chosen = _order.Where(isAmong).MinBy(place => (isSpared(place.Value), -_inBlock[place.Block], -_atHost[place.Host]))!;
        TryRemove(chosen.Key, out _);
    }

    private static void Leave(Dictionary<AddressBlock, int> counts, AddressBlock block)
    {
        if (--counts[block] == 0) counts.Remove(block);
    }

    private sealed record Place(TKey Key, TValue Value, AddressBlock Host, AddressBlock Block);
}
