namespace SecuTicket.Core.Primitives;

/// <summary>A key whose value is another in a later <see cref="Trie{TKey,TValue}"/> than in an earlier one.</summary>
/// <param name="Key">The key.</param>
/// <param name="WasThere">Whether the earlier one has a value for it.</param>
/// <param name="Before">That value, or the type's default.</param>
/// <param name="IsThere">Whether the later one has a value for it.</param>
/// <param name="After">That value, or the type's default.</param>
internal readonly record struct TrieChange<TKey, TValue>(TKey Key, bool WasThere, TValue? Before, bool IsThere, TValue? After);
