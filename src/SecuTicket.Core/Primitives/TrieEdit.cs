using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Core.Primitives;

/// <summary>Changes to a <see cref="Trie{TKey,TValue}"/> that copy each node once, however many of them there are; for one thread.</summary>
/// <remarks>
/// After Clojure's transients: what this edit made is its own and changed in place, what it found is copied first. Maps it began with or gave are never changed,
/// so readers may have them already.
/// </remarks>
/// <typeparam name="TKey">A fixed-size key.</typeparam>
/// <typeparam name="TValue">What is kept for a key.</typeparam>
public sealed class TrieEdit<TKey, TValue>
    where TKey : struct, ITrieKey<TKey>
{
    private Trie<TKey, TValue>? _trie;
    private object? _root;
    private object? _owner;
    private bool _ownsRoot;

    internal TrieEdit(Trie<TKey, TValue> trie, object? root)
    {
        (_trie, _root) = (trie, root);
        Count = trie.Count;
    }

    /// <summary>Entries in the map as it is now.</summary>
    public int Count { get; private set; }

    /// <summary>All entries as they are now, in key order: to be read before the next change.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> Entries => _root is null ? [] : TrieNodes<TKey, TValue>.All(_root);

    /// <summary>The value kept for <paramref name="key"/> now, or the type's default when there is none.</summary>
    public TValue? Find(in TKey key) => TryGet(key, out var value) ? value : default;

    /// <summary>Whether there is a value for <paramref name="key"/> now.</summary>
    public bool Contains(in TKey key) => TryGet(key, out _);

    /// <summary>Looks up <paramref name="key"/>.</summary>
    public bool TryGet(in TKey key, [MaybeNullWhen(false)] out TValue value) => TrieNodes<TKey, TValue>.TryGet(_root, key, out value);

    /// <summary>Gives <paramref name="key"/> the value <paramref name="value"/>, whether it had one before or not.</summary>
    public void Set(in TKey key, TValue value) => Add(key, value);

    /// <summary>As <see cref="Set"/>.</summary>
    /// <returns>Whether it had none before.</returns>
    public bool Add(in TKey key, TValue value)
    {
        _owner ??= new object();
        _root = TrieNodes<TKey, TValue>.Set(_root, new TrieEntry<TKey, TValue>(key, value), _owner, _ownsRoot, out var added);
        Changed(added ? 1 : 0);
        return added;
    }

    /// <summary>Removes <paramref name="key"/>.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(in TKey key)
    {
        if (!TrieNodes<TKey, TValue>.TryRemove(ref _root, key, _owner ??= new object())) return false;

        Changed(-1);
        return true;
    }

    /// <summary>The map as it is now; the edit may go on, and copies again what it changes.</summary>
    /// <returns>The map that it began with or gave before, when nothing was changed since.</returns>
    public Trie<TKey, TValue> ToTrie()
    {
        // Without its owner nobody changes a node any more.
        (_owner, _ownsRoot) = (null, false);
        return _trie ??= Count == 0 ? Trie<TKey, TValue>.Empty : new Trie<TKey, TValue>(_root, Count);
    }

    private void Changed(int more)
    {
        Count += more;
        (_trie, _ownsRoot) = (null, true);
    }
}
