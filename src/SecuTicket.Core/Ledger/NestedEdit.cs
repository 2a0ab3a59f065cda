using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Changes to maps in a map, each edited in place too: a block of sales takes a thousand tickets out of one organiser's.</summary>
internal sealed class NestedEdit<TOuter, TInner, TValue>(Trie<TOuter, Trie<TInner, TValue>> map)
    where TOuter : struct, ITrieKey<TOuter>
    where TInner : struct, ITrieKey<TInner>
{
    private readonly TrieEdit<TOuter, Trie<TInner, TValue>> _map = map.Edit();
    private Dictionary<TOuter, TrieEdit<TInner, TValue>>? _open;

    // The two that were asked for last: a sale goes between an organiser and a buyer, and the next one mostly from the same organiser.
    private (TOuter Key, TrieEdit<TInner, TValue>? Edit) _last;
    private (TOuter Key, TrieEdit<TInner, TValue>? Edit) _before;

    public TValue? Find(in TOuter outer, in TInner inner) => Open(outer).Find(inner);

    public void Set(in TOuter outer, in TInner inner, TValue value) => Open(outer).Set(inner, value);

    public void Remove(in TOuter outer, in TInner inner) => Open(outer).Remove(inner);

    public Trie<TOuter, Trie<TInner, TValue>> ToTrie()
    {
        if (_open is null) return _map.ToTrie();

        foreach (var (outer, edit) in _open)
        {
            if (edit.Count == 0) _map.Remove(outer);
            else _map.Set(outer, edit.ToTrie());
        }

        _open.Clear();
        (_last, _before) = (default, default);
        return _map.ToTrie();
    }

    private TrieEdit<TInner, TValue> Open(in TOuter outer)
    {
        if (_last.Edit is { } last && _last.Key.Equals(outer)) return last;

        if (_before.Edit is { } before && _before.Key.Equals(outer))
        {
            (_last, _before) = (_before, _last);
            return before;
        }

        _open ??= [];
        if (!_open.TryGetValue(outer, out var edit))
        {
            edit = (_map.Find(outer) ?? Trie<TInner, TValue>.Empty).Edit();
            _open.Add(outer, edit);
        }

        (_last, _before) = ((outer, edit), _last);
        return edit;
    }
}
