using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>An entry of a <see cref="Trie{TKey,TValue}"/> as its leaves hold it.</summary>
internal readonly struct TrieEntry<TKey, TValue>(TKey key, TValue value)
{
    public readonly TKey Key = key;
    public readonly TValue Value = value;
}

/// <summary>An inner node of a <see cref="Trie{TKey,TValue}"/>: below it all keys are the same up to its nibble, and by that nibble they part.</summary>
/// <param name="depth">Which half byte of the key tells its children apart, from 0.</param>
/// <param name="owner">The edit that may change it in place; null for nobody.</param>
internal sealed class TrieBranch(int depth, object? owner)
{
    public const int Width = 16;

    public readonly object? Owner = owner;
    public readonly int Depth = depth;

    /// <summary>A bit for each child that is a leaf of the owner's own.</summary>
    public uint OwnedLeaves;

    /// <summary>Null, another branch, or a leaf: an array of entries.</summary>
    public Slots Children;

    [InlineArray(Width)]
    public struct Slots
    {
        private object? _first;
    }
}
