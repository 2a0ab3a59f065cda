using System.Numerics;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Changes to values that many tickets of an event share, none of which is kept where it is 0.</summary>
/// <remarks>Tickets change as they lie, from one value to another: the two that were asked for last are at hand, and go into the map when others are asked for.</remarks>
internal sealed class SharedEdit<T>(Trie<EventId, Trie<Ordinal, T>> map)
    where T : struct, INumberBase<T>
{
    private readonly NestedEdit<EventId, Ordinal, T> _map = new(map);
    private Held _first;
    private Held _second;
    private bool _secondIsNewer;

    /// <summary>A value, to be changed before the next call.</summary>
    public ref T At(in EventId id, long key)
    {
        // The one that was asked for last, or else the other, which makes room when it is another one.
        if (!(_secondIsNewer ? ref _second : ref _first).Is(id, key)) _secondIsNewer = !_secondIsNewer;
        ref var held = ref _secondIsNewer ? ref _second : ref _first;
        if (held.Is(id, key)) return ref held.Value;

        PutBack(ref held);
        held = new Held { IsHeld = true, Event = id, Key = key, Value = _map.Find(id, new Ordinal(key)) };
        return ref held.Value;
    }

    public Trie<EventId, Trie<Ordinal, T>> ToTrie()
    {
        PutBack(ref _first);
        PutBack(ref _second);
        return _map.ToTrie();
    }

    private void PutBack(ref Held held)
    {
        if (!held.IsHeld) return;

        if (T.IsZero(held.Value)) _map.Remove(held.Event, new Ordinal(held.Key));
        else _map.Set(held.Event, new Ordinal(held.Key), held.Value);
        held.IsHeld = false;
    }

    private struct Held
    {
        public bool IsHeld;
        public EventId Event;
        public long Key;
        public T Value;

        public readonly bool Is(in EventId id, long key) => IsHeld && Key == key && Event == id;
    }
}
