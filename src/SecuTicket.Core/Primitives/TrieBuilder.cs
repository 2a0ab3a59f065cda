using System.Runtime.InteropServices;

namespace SecuTicket.Core.Primitives;

/// <summary>Collects the entries of a <see cref="Trie{TKey,TValue}"/> that is made of them at once, in any order.</summary>
/// <typeparam name="TKey">A fixed-size key.</typeparam>
/// <typeparam name="TValue">What is kept for a key.</typeparam>
/// <param name="capacity">How many there will be, as far as that is known: more are taken too.</param>
public sealed class TrieBuilder<TKey, TValue>(int capacity = 0)
    where TKey : struct, ITrieKey<TKey>
{
    private readonly List<TrieEntry<TKey, TValue>> _entries = new(capacity);

    /// <summary>Takes one more entry.</summary>
    public void Add(in TKey key, TValue value) => _entries.Add(new TrieEntry<TKey, TValue>(key, value));

    /// <summary>The map of all entries taken so far.</summary>
    /// <exception cref="ArgumentException">A key was taken twice.</exception>
    public Trie<TKey, TValue> ToTrie() => Trie<TKey, TValue>.Of(CollectionsMarshal.AsSpan(_entries));
}
