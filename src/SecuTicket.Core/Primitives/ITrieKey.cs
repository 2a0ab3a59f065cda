namespace SecuTicket.Core.Primitives;

/// <summary>A fixed-size key of a <see cref="Trie{TKey,TValue}"/>: a struct that is its bytes and nothing else, most significant first.</summary>
/// <typeparam name="TSelf">The key's own type.</typeparam>
public interface ITrieKey<TSelf> : IEquatable<TSelf>
    where TSelf : struct, ITrieKey<TSelf>;
