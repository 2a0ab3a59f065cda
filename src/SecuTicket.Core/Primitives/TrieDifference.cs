using static SecuTicket.Core.Primitives.TrieKeys;

namespace SecuTicket.Core.Primitives;

/// <summary>In what the entries of two nodes differ.</summary>
/// <remarks>What both share is not looked at: so it costs in proportion to what was changed since one was made of the other, however large both are.</remarks>
internal static class TrieDifference<TKey, TValue>
    where TKey : struct, ITrieKey<TKey>
{
    /// <summary>The differences in key order.</summary>
    public static IEnumerable<TrieChange<TKey, TValue>> Between(object? before, object? after)
    {
        var rest = new Stack<(object? Before, object? After)>();
        rest.Push((before, after));
        while (rest.TryPop(out var pair))
        {
            if (ReferenceEquals(pair.Before, pair.After) || Divide(pair.Before, pair.After, rest)) continue;

            // At least one of them is a leaf, so no more than it holds is looked at in vain.
            TrieEntry<TKey, TValue>[] former = EntriesOf(pair.Before), later = EntriesOf(pair.After);
            for (int i = 0, j = 0; i < former.Length || j < later.Length;)
            {
                var order = i == former.Length ? 1 : j == later.Length ? -1 : Compare(former[i].Key, later[j].Key);
                if (order < 0) yield return new TrieChange<TKey, TValue>(former[i].Key, true, former[i].Value, false, default);
                else if (order > 0) yield return new TrieChange<TKey, TValue>(later[j].Key, false, default, true, later[j].Value);
                else if (!EqualityComparer<TValue>.Default.Equals(former[i].Value, later[j].Value))
                    yield return new TrieChange<TKey, TValue>(former[i].Key, true, former[i].Value, true, later[j].Value);

                if (order <= 0) i++;
                if (order >= 0) j++;
            }
        }
    }

    // Puts the children of both on the stack, the first pair on top; false when a leaf is among them.
    private static bool Divide(object? before, object? after, Stack<(object? Before, object? After)> rest)
    {
        if ((before ?? after) is not TrieBranch || (after ?? before) is not TrieBranch) return false;

        TrieBranch? former = before as TrieBranch, later = after as TrieBranch;
        if (former is not null && later is not null)
        {
            TKey ours = FirstKey(former), theirs = FirstKey(later);
            var fork = FirstDifference(ours, theirs);
            if (fork < Math.Min(former.Depth, later.Depth))
            {
                // They have no key in common.
                var isFirst = Nibble(ours, fork) < Nibble(theirs, fork);
                rest.Push(isFirst ? (null, later) : (former, null));
                rest.Push(isFirst ? (former, null) : (null, later));
                return true;
            }

            if (former.Depth != later.Depth)
            {
                // All of the deeper one is in one child's place of the other.
                var (depth, key) = former.Depth < later.Depth ? (former.Depth, theirs) : (later.Depth, ours);
                var place = Nibble(key, depth);
                for (var i = TrieBranch.Width - 1; i >= 0; i--)
                {
                    object? alone = i == place ? (former.Depth < later.Depth ? later : former) : null;
                    Push(former.Depth == depth ? former.Children[i] : alone, later.Depth == depth ? later.Children[i] : alone);
                }

                return true;
            }
        }

        for (var i = TrieBranch.Width - 1; i >= 0; i--) Push(former is null ? null : former.Children[i], later is null ? null : later.Children[i]);
        return true;

        void Push(object? left, object? right)
        {
            if (!ReferenceEquals(left, right)) rest.Push((left, right));
        }
    }

    private static TrieEntry<TKey, TValue>[] EntriesOf(object? node) => node switch
    {
        null => [],
        TrieEntry<TKey, TValue>[] leaf => leaf,
        _ => [.. TrieNodes<TKey, TValue>.All(node).Select(static entry => new TrieEntry<TKey, TValue>(entry.Key, entry.Value))],
    };

    private static TKey FirstKey(object node)
    {
        while (node is TrieBranch branch) node = TrieNodes<TKey, TValue>.First(branch);
        return ((TrieEntry<TKey, TValue>[])node)[0].Key;
    }
}
