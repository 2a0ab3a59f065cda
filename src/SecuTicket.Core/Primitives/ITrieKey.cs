using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Core.Primitives;

/// <summary>A fixed-size key of a trie: its bytes, most significant first, are its place.</summary>
/// <typeparam name="TSelf">The key's own type.</typeparam>
public interface ITrieKey<TSelf> : IEquatable<TSelf>
    where TSelf : struct, ITrieKey<TSelf>
{
    /// <summary>The key's bytes, in the order that sorts them.</summary>
    [UnscopedRef]
    ReadOnlySpan<byte> Span { get; }
}
