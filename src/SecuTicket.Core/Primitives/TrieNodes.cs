using System.Diagnostics.CodeAnalysis;
using static SecuTicket.Core.Primitives.TrieKeys;

namespace SecuTicket.Core.Primitives;

/// <summary>The nodes of a <see cref="Trie{TKey,TValue}"/>: branches, and leaves that are sorted arrays of at most <see cref="MaxLeaf"/> entries.</summary>
/// <remarks>A node is changed only by the edit that owns it, which made it and showed it to nobody; without an owner everything is copied.</remarks>
internal static class TrieNodes<TKey, TValue>
    where TKey : struct, ITrieKey<TKey>
{
    /// <summary>Entries of the largest leaf.</summary>
    /// <remarks>A leaf that grows past it becomes some sixteen of about one entry; they cost most memory then and less the more they fill.</remarks>
    public const int MaxLeaf = 16;

    public static bool TryGet(object? node, in TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        // Children nearly always part by the next half byte. So a processor looks at a child before it has read where its branch parts, which is another place in memory.
        var next = 0;
        while (node is TrieBranch branch)
        {
            var child = branch.Children[Nibble(key, next)];
            if (branch.Depth == next)
            {
                (node, next) = (child, next + 1);
            }
            else
            {
                node = branch.Children[Nibble(key, branch.Depth)];
                next = branch.Depth + 1;
            }
        }

        if (node is not null)
        {
            var leaf = (TrieEntry<TKey, TValue>[])node;
            var at = Search(leaf, key);
            if (at >= 0)
            {
                value = leaf[at].Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The nodes with <paramref name="entry"/> among them; a leaf that is given back is the owner's own.</summary>
    public static object Set(object? node, in TrieEntry<TKey, TValue> entry, object? owner, bool ownsLeaf, out bool added)
    {
        if (node is null)
        {
            added = true;
            return new[] { entry };
        }

        var place = PlaceOf(node, entry.Key, owner);
        added = place.Fork != int.MaxValue;
        if (place.Above is not { } above || place.Fork < above.Depth) return Set(node, entry, place, owner, ownsLeaf);

        // All that leads there is the owner's own, so nothing but the leaf changes.
        var nibble = Nibble(entry.Key, above.Depth);
        var isOwned = (above.OwnedLeaves & (1u << nibble)) != 0;
        Put(above, nibble, above.Children[nibble] is { } leaf ? Set((TrieEntry<TKey, TValue>[])leaf, entry, place.At, owner, isOwned) : new[] { entry });
        return node;
    }

    /// <summary>Takes <paramref name="key"/> out of an edit's nodes.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool TryRemove(ref object? root, in TKey key, object owner)
    {
        if (root is null) return false;

        var place = PlaceOf(root, key, owner);
        if (place.Fork != int.MaxValue) return false;

        if (place.Above is { } above && Nibble(key, above.Depth) is var nibble && above.Children[nibble] is TrieEntry<TKey, TValue>[] { Length: > 1 } leaf) Put(above, nibble, Removed(leaf, place.At));
        else root = Remove(root, key, owner);
        return true;
    }

    /// <summary>The nodes without <paramref name="key"/>, which must be there; null when none is left. A leaf that is given back is the owner's own.</summary>
    public static object? Remove(object node, in TKey key, object? owner)
    {
        if (node is not TrieBranch branch)
        {
            var leaf = (TrieEntry<TKey, TValue>[])node;
            return leaf.Length == 1 ? null : Removed(leaf, Search(leaf, key));
        }

        var nibble = Nibble(key, branch.Depth);
        var child = Remove(branch.Children[nibble]!, key, owner);
        var changed = Owned(branch, owner);
        Put(changed, nibble, child);
        return child is null ? Joined(changed) : changed;
    }

    /// <summary>All entries in key order.</summary>
    public static IEnumerable<KeyValuePair<TKey, TValue>> All(object root)
    {
        var rest = new Stack<object>();
        rest.Push(root);
        return All(rest, 0);
    }

    /// <summary>The entries whose key comes after <paramref name="key"/>, in key order.</summary>
    public static IEnumerable<KeyValuePair<TKey, TValue>> After(object root, in TKey key)
    {
        var rest = new Stack<object>();
        var (fork, other, _, _) = PlaceOf(root, key);
        object? node = root;
        while (node is TrieBranch branch)
        {
            // Here all keys part from ours before this branch: either all come after it or none.
            if (branch.Depth > fork)
            {
                if (other > Nibble(key, fork)) rest.Push(branch);
                return All(rest, 0);
            }

            var nibble = Nibble(key, branch.Depth);
            for (var i = TrieBranch.Width - 1; i > nibble; i--)
                if (branch.Children[i] is { } later) rest.Push(later);
            node = branch.Children[nibble];
        }

        if (node is null) return All(rest, 0);

        var at = Search((TrieEntry<TKey, TValue>[])node, key);
        rest.Push(node);
        return All(rest, at < 0 ? ~at : at + 1);
    }

    private static object Set(object node, in TrieEntry<TKey, TValue> entry, in Place place, object? owner, bool ownsLeaf)
    {
        if (node is not TrieBranch branch) return Set((TrieEntry<TKey, TValue>[])node, entry, place.At, owner, ownsLeaf);

        if (branch.Depth > place.Fork)
        {
            var above = new TrieBranch(place.Fork, owner);
            Put(above, place.Other, branch);
            Put(above, Nibble(entry.Key, place.Fork), new[] { entry });
            return above;
        }

        var nibble = Nibble(entry.Key, branch.Depth);
        var changed = Owned(branch, owner);
        var isOwned = (changed.OwnedLeaves & (1u << nibble)) != 0;
        Put(changed, nibble, changed.Children[nibble] is { } child ? Set(child, entry, place, owner, isOwned) : new[] { entry });
        return changed;
    }

    private static object Set(TrieEntry<TKey, TValue>[] leaf, in TrieEntry<TKey, TValue> entry, int at, object? owner, bool ownsLeaf)
    {
        if (at >= 0)
        {
            var changed = ownsLeaf ? leaf : leaf.AsSpan().ToArray();
            changed[at] = entry;
            return changed;
        }

        var larger = new TrieEntry<TKey, TValue>[leaf.Length + 1];
        Array.Copy(leaf, larger, ~at);
        larger[~at] = entry;
        Array.Copy(leaf, ~at, larger, ~at + 1, leaf.Length - ~at);
        return larger.Length <= MaxLeaf ? larger : Burst(larger, owner);
    }

    // Sorted entries, one more than a leaf holds, by the nibble in which they part first.
    private static TrieBranch Burst(ReadOnlySpan<TrieEntry<TKey, TValue>> sorted, object? owner)
    {
        var branch = new TrieBranch(FirstDifference(sorted[0].Key, sorted[^1].Key), owner);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            var nibble = Nibble(sorted[start].Key, branch.Depth);
            for (end = start + 1; end < sorted.Length && Nibble(sorted[end].Key, branch.Depth) == nibble;) end++;

            Put(branch, nibble, sorted[start..end].ToArray());
        }

        return branch;
    }

    private static TrieEntry<TKey, TValue>[] Removed(TrieEntry<TKey, TValue>[] leaf, int at)
    {
        var smaller = new TrieEntry<TKey, TValue>[leaf.Length - 1];
        Array.Copy(leaf, smaller, at);
        Array.Copy(leaf, at + 1, smaller, at, smaller.Length - at);
        return smaller;
    }

    // A branch that lost a child: one child alone takes its place, and leaves that fill half a leaf together become one.
    private static object Joined(TrieBranch branch)
    {
        var (children, entries, only) = (0, 0, default(object));
        foreach (var child in branch.Children)
        {
            if (child is null) continue;

            children++;
            only = child;
            entries += child is TrieEntry<TKey, TValue>[] leaf ? leaf.Length : MaxLeaf;
        }

        if (children == 1 && only is TrieBranch) return only;
        if (children > 1 && entries > MaxLeaf / 2) return branch;

        var joined = new TrieEntry<TKey, TValue>[entries];
        var at = 0;
        foreach (var child in branch.Children)
        {
            if (child is not TrieEntry<TKey, TValue>[] leaf) continue;

            leaf.CopyTo(joined, at);
            at += leaf.Length;
        }

        return joined;
    }

    private static TrieBranch Owned(TrieBranch branch, object? owner) =>
        owner is not null && ReferenceEquals(branch.Owner, owner) ? branch : new TrieBranch(branch.Depth, owner) { Children = branch.Children };

    // Whoever puts a leaf made it, in the same edit if there is one; without an owner nobody asks.
    private static void Put(TrieBranch branch, int nibble, object? child)
    {
        branch.OwnedLeaves |= 1u << nibble;
        branch.Children[nibble] = child;
    }

    /// <summary>The entry with the highest key.</summary>
    public static KeyValuePair<TKey, TValue> Last(object node)
    {
        while (node is TrieBranch branch)
        {
            var i = TrieBranch.Width - 1;
            while (branch.Children[i] is null) i--;
            node = branch.Children[i]!;
        }

        var last = ((TrieEntry<TKey, TValue>[])node)[^1];
        return new KeyValuePair<TKey, TValue>(last.Key, last.Value);
    }

    private static IEnumerable<KeyValuePair<TKey, TValue>> All(Stack<object> rest, int from)
    {
        while (rest.TryPop(out var node))
        {
            if (node is TrieBranch branch)
            {
                for (var i = TrieBranch.Width - 1; i >= 0; i--)
                    if (branch.Children[i] is { } child) rest.Push(child);
                continue;
            }

            var leaf = (TrieEntry<TKey, TValue>[])node;
            for (var i = from; i < leaf.Length; i++) yield return new KeyValuePair<TKey, TValue>(leaf[i].Key, leaf[i].Value);
            from = 0;
        }
    }

    // Looked for once, whatever is then done there.
    private static Place PlaceOf(object node, in TKey key, object? owner = null)
    {
        TrieBranch? above = null;
        var isOwned = owner is not null;
        while (node is TrieBranch branch)
        {
            var child = branch.Children[Nibble(key, branch.Depth)];
            if (isOwned)
            {
                isOwned = ReferenceEquals(branch.Owner, owner);
                above = isOwned ? branch : null;
                isOwned &= child is not null;
            }

            node = child ?? First(branch);
        }

        var leaf = (TrieEntry<TKey, TValue>[])node;
        var at = Search(leaf, key);
        if (at >= 0) return new Place(int.MaxValue, 0, at, above);

        var fork = FirstDifference(key, leaf[0].Key);
        return new Place(fork, Nibble(leaf[0].Key, fork), at, above);
    }

    /// <summary>The child with the lowest keys.</summary>
    public static object First(TrieBranch branch)
    {
        foreach (var child in branch.Children)
            if (child is not null) return child;

        throw new InvalidOperationException("A branch has children.");
    }

    // Where the key is, or the complement of where it would be.
    // One after the other, not by halves: what comes next is known before what is there, so the memory of a leaf is fetched at once.
    private static int Search(TrieEntry<TKey, TValue>[] leaf, in TKey key)
    {
        for (var i = 0; i < leaf.Length; i++)
        {
            var order = Compare(leaf[i].Key, key);
            if (order >= 0) return order == 0 ? i : ~i;
        }

        return ~leaf.Length;
    }

    /// <summary>Where a key is, or would be.</summary>
    /// <param name="Fork">The nibble in which it parts from those that share the most with it; past the last one when it is there itself.</param>
    /// <param name="Other">Their nibble there.</param>
    /// <param name="At">Its place in their leaf, or the complement of where it would be.</param>
    /// <param name="Above">The last branch on the way there, when the owner made it and all before it; null otherwise.</param>
    private readonly record struct Place(int Fork, int Other, int At, TrieBranch? Above);
}
