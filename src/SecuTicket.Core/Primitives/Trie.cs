using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SecuTicket.Core.Primitives;

/// <summary>An immutable map from fixed-size keys to values: a change makes a new map that shares all but one path with the old one.</summary>
/// <remarks>
/// <para>Readers keep a map as long as they like while the writer goes on: a snapshot costs nothing, and undoing is keeping the old root.</para>
/// <para>A path-compressed radix trie of 32-way nodes (after Bagwell, «Ideal Hash Trees», 2001, and Steindorfer and Vinju's CHAMP, 2015). The key's own
/// bits are the path, so iteration is in byte order, there are no collisions, and keys that a stranger chose to share a long prefix cost no longer path.</para>
/// </remarks>
/// <typeparam name="TKey">A fixed-size key.</typeparam>
/// <typeparam name="TValue">What is kept for a key.</typeparam>
public sealed class Trie<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : struct, ITrieKey<TKey>
{
    private const int ChunkBits = 5;

    private readonly Node? _root;

    private Trie(Node? root, int count)
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
    public static Trie<TKey, TValue> Of(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        var sorted = entries.Select(static entry => new Entry(entry.Key, entry.Value)).ToArray();
        if (sorted.Length == 0) return Empty;

        Array.Sort(sorted, static (left, right) => BytesOf(left.Key).SequenceCompareTo(BytesOf(right.Key)));
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i].Key.Equals(sorted[i - 1].Key)) throw new ArgumentException($"The key {sorted[i].Key} stands there twice.", nameof(entries));
        return new Trie<TKey, TValue>(Node.Of(sorted), sorted.Length);
    }

    /// <summary>The value kept for <paramref name="key"/>, or the type's default when there is none.</summary>
    public TValue? Find(in TKey key) => TryGet(key, out var value) ? value : default;

    /// <summary>Whether there is a value for <paramref name="key"/>.</summary>
    public bool Contains(in TKey key) => TryGet(key, out _);

    /// <summary>Looks up <paramref name="key"/>: at most one node for each 5 bits in which kept keys differ.</summary>
    public bool TryGet(in TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        for (var node = _root; node is not null;)
        {
            var bit = 1u << Chunk(key, node.Depth);
            if ((node.ChildMap & bit) != 0)
            {
                node = node.Children[Position(node.ChildMap, bit)];
                continue;
            }

            if ((node.EntryMap & bit) == 0) break;

            ref var entry = ref node.Entries[Position(node.EntryMap, bit)];
            if (!entry.Key.Equals(key)) break;

            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The map in which <paramref name="key"/> has <paramref name="value"/>, whether it had one before or not.</summary>
    public Trie<TKey, TValue> Set(in TKey key, TValue value)
    {
        if (_root is null) return new Trie<TKey, TValue>(Node.Of(0, new Entry(key, value)), 1);

        var root = Set(_root, new Entry(key, value), out var added);
        return new Trie<TKey, TValue>(root, Count + (added ? 1 : 0));
    }

    /// <summary>The map without <paramref name="key"/>; the same map when it was not there.</summary>
    public Trie<TKey, TValue> Remove(in TKey key)
    {
        if (!Contains(key)) return this;

        return Count == 1 ? Empty : new Trie<TKey, TValue>(Remove(_root!, key), Count - 1);
    }

    /// <summary>The entries whose key comes after <paramref name="key"/>, in key order.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> After(TKey key) => _root is null ? [] : After(_root, key);

    /// <summary>All entries in key order.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => (_root is null ? [] : All(_root)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Node Set(Node node, in Entry entry, out bool added)
    {
        var fork = FirstDifference(entry.Key, node.Prefix);
        if (fork < node.Depth)
        {
            added = true;
            return Node.Of(fork, entry, node);
        }

        var bit = 1u << Chunk(entry.Key, node.Depth);
        if ((node.ChildMap & bit) != 0)
        {
            var at = Position(node.ChildMap, bit);
            return node.WithChild(at, Set(node.Children[at], entry, out added));
        }

        if ((node.EntryMap & bit) == 0)
        {
            added = true;
            return node.WithNewEntry(bit, entry);
        }

        var position = Position(node.EntryMap, bit);
        ref var existing = ref node.Entries[position];
        added = !existing.Key.Equals(entry.Key);
        if (!added) return node.WithEntry(position, entry);

        return node.EntryToChild(bit, Node.Of(FirstDifference(entry.Key, existing.Key), existing, entry));
    }

    private static Node Remove(Node node, in TKey key)
    {
        var bit = 1u << Chunk(key, node.Depth);
        if ((node.ChildMap & bit) != 0)
        {
            var at = Position(node.ChildMap, bit);
            var child = Remove(node.Children[at], key);
            return child.EntryMap != 0 && child.ChildMap == 0 && child.Entries.Length == 1
                ? node.ChildToEntry(bit, child.Entries[0])
                : node.WithChild(at, child);
        }

        var left = node.WithoutEntry(bit);
        return left.Entries.Length == 0 && left.Children.Length == 1 ? left.Children[0] : left;
    }

    private static IEnumerable<KeyValuePair<TKey, TValue>> All(Node node)
    {
        for (var chunk = 0; chunk < 32; chunk++)
        {
            var bit = 1u << chunk;
            if ((node.EntryMap & bit) != 0)
            {
                var entry = node.Entries[Position(node.EntryMap, bit)];
                yield return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
            }
            else if ((node.ChildMap & bit) != 0)
            {
                foreach (var entry in All(node.Children[Position(node.ChildMap, bit)])) yield return entry;
            }
        }
    }

    private static IEnumerable<KeyValuePair<TKey, TValue>> After(Node node, TKey key)
    {
        var fork = FirstDifference(key, node.Prefix);
        if (fork < node.Depth)
        {
            if (Chunk(key, fork) > Chunk(node.Prefix, fork)) yield break;

            foreach (var entry in All(node)) yield return entry;
            yield break;
        }

        var from = Chunk(key, node.Depth);
        for (var chunk = from; chunk < 32; chunk++)
        {
            var bit = 1u << chunk;
            if ((node.EntryMap & bit) != 0)
            {
                var entry = node.Entries[Position(node.EntryMap, bit)];
                if (chunk > from || BytesOf(entry.Key).SequenceCompareTo(BytesOf(key)) > 0) yield return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
            }
            else if ((node.ChildMap & bit) != 0)
            {
                var child = node.Children[Position(node.ChildMap, bit)];
                foreach (var entry in chunk == from ? After(child, key) : All(child)) yield return entry;
            }
        }
    }

    // Not the key's own Span: through an interface the compiler copies a read-only key first, and may put two copies in one place.
    private static ReadOnlySpan<byte> BytesOf(in TKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key));

    private static int Position(uint map, uint bit) => BitOperations.PopCount(map & (bit - 1));

    private static int Chunk(in TKey key, int depth)
    {
        var span = BytesOf(key);
        var offset = depth * ChunkBits;
        var at = offset >> 3;
        var window = (span[at] << 8) | (at + 1 < span.Length ? span[at + 1] : 0);
        return (window >> (16 - ChunkBits - (offset & 7))) & 31;
    }

    // The chunk in which two keys part; past the last one when they are equal.
    private static int FirstDifference(in TKey left, in TKey right)
    {
        ReadOnlySpan<byte> a = BytesOf(left), b = BytesOf(right);
        var same = a.CommonPrefixLength(b);
        return same == a.Length ? int.MaxValue : ((same * 8) + BitOperations.LeadingZeroCount((uint)(a[same] ^ b[same])) - 24) / ChunkBits;
    }

    private readonly struct Entry(TKey key, TValue value)
    {
        public readonly TKey Key = key;
        public readonly TValue Value = value;
    }

    // Depth is the chunk that tells this node's entries and children apart; all chunks before it are those of Prefix.
    private sealed class Node(int depth, in TKey prefix, uint entryMap, Entry[] entries, uint childMap, Node[] children)
    {
        public readonly TKey Prefix = prefix;
        public readonly Entry[] Entries = entries;
        public readonly Node[] Children = children;
        public readonly int Depth = depth;
        public readonly uint EntryMap = entryMap;
        public readonly uint ChildMap = childMap;

        public static Node Of(int depth, in Entry entry) => new(depth, entry.Key, 1u << Chunk(entry.Key, depth), [entry], 0, []);

        public static Node Of(int depth, in Entry first, in Entry second)
        {
            int a = Chunk(first.Key, depth), b = Chunk(second.Key, depth);
            return new Node(depth, first.Key, (1u << a) | (1u << b), a < b ? [first, second] : [second, first], 0, []);
        }

        public static Node Of(int depth, in Entry entry, Node child) =>
            new(depth, entry.Key, 1u << Chunk(entry.Key, depth), [entry], 1u << Chunk(child.Prefix, depth), [child]);

        // Sorted and all different: those that share a chunk lie together.
        public static Node Of(ReadOnlySpan<Entry> sorted)
        {
            var depth = sorted.Length == 1 ? 0 : FirstDifference(sorted[0].Key, sorted[^1].Key);
            var (entryMap, childMap) = (0u, 0u);
            List<Entry> entries = [];
            List<Node> children = [];
            for (int start = 0, end; start < sorted.Length; start = end)
            {
                var chunk = Chunk(sorted[start].Key, depth);
                for (end = start + 1; end < sorted.Length && Chunk(sorted[end].Key, depth) == chunk;) end++;

                if (end - start == 1)
                {
                    entryMap |= 1u << chunk;
                    entries.Add(sorted[start]);
                }
                else
                {
                    childMap |= 1u << chunk;
                    children.Add(Of(sorted[start..end]));
                }
            }

            return new Node(depth, sorted[0].Key, entryMap, [.. entries], childMap, [.. children]);
        }

        public Node WithEntry(int position, in Entry entry)
        {
            var entries = (Entry[])Entries.Clone();
            entries[position] = entry;
            return new Node(Depth, Prefix, EntryMap, entries, ChildMap, Children);
        }

        public Node WithNewEntry(uint bit, in Entry entry) =>
            new(Depth, Prefix, EntryMap | bit, Inserted(Entries, Position(EntryMap, bit), entry), ChildMap, Children);

        public Node WithoutEntry(uint bit) =>
            new(Depth, Prefix, EntryMap & ~bit, Removed(Entries, Position(EntryMap, bit)), ChildMap, Children);

        public Node WithChild(int position, Node child)
        {
            var children = (Node[])Children.Clone();
            children[position] = child;
            return new Node(Depth, Prefix, EntryMap, Entries, ChildMap, children);
        }

        public Node EntryToChild(uint bit, Node child) =>
            new(Depth, Prefix, EntryMap & ~bit, Removed(Entries, Position(EntryMap, bit)), ChildMap | bit, Inserted(Children, Position(ChildMap, bit), child));

        public Node ChildToEntry(uint bit, in Entry entry) =>
            new(Depth, Prefix, EntryMap | bit, Inserted(Entries, Position(EntryMap, bit), entry), ChildMap & ~bit, Removed(Children, Position(ChildMap, bit)));

        private static T[] Inserted<T>(T[] items, int at, in T item)
        {
            var larger = new T[items.Length + 1];
            Array.Copy(items, larger, at);
            larger[at] = item;
            Array.Copy(items, at, larger, at + 1, items.Length - at);
            return larger;
        }

        private static T[] Removed<T>(T[] items, int at)
        {
            if (items.Length == 1) return [];

            var smaller = new T[items.Length - 1];
            Array.Copy(items, smaller, at);
            Array.Copy(items, at + 1, smaller, at, smaller.Length - at);
            return smaller;
        }
    }
}
