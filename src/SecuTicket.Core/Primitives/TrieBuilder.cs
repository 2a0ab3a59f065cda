namespace SecuTicket.Core.Primitives;

/// <summary>Collects the entries of a <see cref="Trie{TKey,TValue}"/> that is made of them at once, in any order.</summary>
/// <typeparam name="TKey">A fixed-size key.</typeparam>
/// <typeparam name="TValue">What is kept for a key.</typeparam>
/// <param name="capacity">How many there will be, as far as that is known: more are taken too.</param>
public sealed class TrieBuilder<TKey, TValue>(int capacity = 0)
    where TKey : struct, ITrieKey<TKey>
{
    private KeyValuePair<TKey, TValue>[] _entries = capacity == 0 ? [] : new KeyValuePair<TKey, TValue>[capacity];
    private int _count;

    /// <summary>Takes one more entry.</summary>
    public void Add(in TKey key, TValue value)
    {
        if (_count == _entries.Length) Array.Resize(ref _entries, Math.Max(16, 2 * _count));
        _entries[_count++] = new KeyValuePair<TKey, TValue>(key, value);
    }

    /// <summary>The map of all entries taken so far.</summary>
    /// <exception cref="ArgumentException">A key was taken twice.</exception>
    public Trie<TKey, TValue> ToTrie() => Trie<TKey, TValue>.OfPart(_entries.AsMemory(0, _count));
}
