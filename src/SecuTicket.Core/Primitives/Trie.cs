using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Core.Primitives;

/// <summary>An immutable map from fixed-size keys to values: a change makes a new map that shares all but one path with the old one.</summary>
/// <remarks>
/// <para>Readers keep a map as long as they like while the writer goes on: a snapshot costs nothing, and undoing is keeping the old root.</para>
/// <para>A path-compressed radix trie (after Morrison, «PATRICIA», 1968) of 16-way nodes, whose leaves hold up to 16 sorted entries (after Heinz, Zobel and
/// Williams, «Burst Tries», 2002). The key's own bits are the path, so iteration is in byte order, there are no collisions, and keys that a stranger chose to
/// share a long prefix cost no longer path.</para>
/// <para>Many changes at once are made by an <see cref="Edit"/>.</para>
/// </remarks>
/// <typeparam name="TKey">A fixed-size key.</typeparam>
/// <typeparam name="TValue">What is kept for a key.</typeparam>
public sealed class Trie<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : struct, ITrieKey<TKey>
{
    private readonly object? _root;

    internal Trie(object? root, int count)
    {
        _root = root;
        Count = count;
    }

    /// <summary>The map without entries.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "As ImmutableDictionary.Empty: the type arguments are the point.")]
    public static Trie<TKey, TValue> Empty { get; } = new(null, 0);

    /// <summary>Entries in the map.</summary>
    public int Count { get; }

    /// <summary>The map of all <paramref name="entries"/>, in any order: what setting one after the other gives, at a fraction of the cost.</summary>
    /// <exception cref="ArgumentException">A key stands there twice.</exception>
    [SuppressMessage("Design", "CA1000", Justification = "As Empty.")]
    public static Trie<TKey, TValue> Of(IEnumerable<KeyValuePair<TKey, TValue>> entries) => OfPart((entries as KeyValuePair<TKey, TValue>[] ?? [.. entries]).AsMemory());

    /// <summary>As <see cref="Of(IEnumerable{KeyValuePair{TKey, TValue}})"/>, of part of an array.</summary>
    internal static Trie<TKey, TValue> OfPart(ReadOnlyMemory<KeyValuePair<TKey, TValue>> entries) =>
        entries.IsEmpty ? Empty : new Trie<TKey, TValue>(TrieBuild<TKey, TValue>.Of(entries), entries.Length);

    /// <summary>The value kept for <paramref name="key"/>, or the type's default when there is none.</summary>
    public TValue? Find(in TKey key) => TryGet(key, out var value) ? value : default;

    /// <summary>Whether there is a value for <paramref name="key"/>.</summary>
    public bool Contains(in TKey key) => TryGet(key, out _);

    /// <summary>Looks up <paramref name="key"/>: at most one node for each 4 bits in which kept keys differ.</summary>
    public bool TryGet(in TKey key, [MaybeNullWhen(false)] out TValue value) => TrieNodes<TKey, TValue>.TryGet(_root, key, out value);

    /// <summary>The map in which <paramref name="key"/> has <paramref name="value"/>, whether it had one before or not.</summary>
    public Trie<TKey, TValue> Set(in TKey key, TValue value)
    {
        var root = TrieNodes<TKey, TValue>.Set(_root, new TrieEntry<TKey, TValue>(key, value), owner: null, ownsLeaf: false, out var added);
        return new Trie<TKey, TValue>(root, Count + (added ? 1 : 0));
    }

    /// <summary>The map without <paramref name="key"/>; the same map when it was not there.</summary>
    public Trie<TKey, TValue> Remove(in TKey key)
    {
        if (!Contains(key)) return this;

        return Count == 1 ? Empty : new Trie<TKey, TValue>(TrieNodes<TKey, TValue>.Remove(_root!, key, owner: null), Count - 1);
    }

    /// <summary>Begins many changes at once: this map stays as it is.</summary>
    public TrieEdit<TKey, TValue> Edit() => new(this, _root);

    /// <summary>The entries whose key comes after <paramref name="key"/>, in key order.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> After(TKey key) => _root is null ? [] : TrieNodes<TKey, TValue>.After(_root, key);

    /// <summary>Whether two maps have the same entries; takes time in proportion to their number, less what they share.</summary>
    public bool SameContent(Trie<TKey, TValue> other) => Count == other.Count && !ChangesTo(other).Any();

    /// <summary>In what a later map differs, in key order; takes time in proportion to what was changed since that one was made of this one.</summary>
    internal IEnumerable<TrieChange<TKey, TValue>> ChangesTo(Trie<TKey, TValue> later) => TrieDifference<TKey, TValue>.Between(_root, later._root);

    /// <summary>The entry with the highest key; null when there is none.</summary>
    public KeyValuePair<TKey, TValue>? Last => _root is null ? null : TrieNodes<TKey, TValue>.Last(_root);

    /// <summary>All entries in key order.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => (_root is null ? [] : TrieNodes<TKey, TValue>.All(_root)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
