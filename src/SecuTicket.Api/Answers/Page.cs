using System.Text.Json.Serialization;

namespace SecuTicket.Api.Answers;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="Items">The items, in the list's order.</param>
/// <param name="Next">What to give as <c>after</c> to read on; null on the last page.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <summary>Gathers the items of one page: as many as were asked for, and no more than fit into an answer of bounded size.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="limit">The most items.</param>
public sealed class PageBuilder<T>(int limit)
{
    /// <summary>About the most bytes of a page: 4 MiB, as of a chain's answer. One item is given whatever its size.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<T> _items = [];
    private long _bytes;

    /// <summary>Items so far.</summary>
    public int Count => _items.Count;

    /// <summary>Whether one more item of about <paramref name="bytes"/> bytes belongs to this page.</summary>
    public bool Fits(int bytes) => _items.Count < limit && (_items.Count == 0 || _bytes + bytes <= MaxBytes);

    /// <summary>Adds an item that fits.</summary>
    public void Add(T item, int bytes)
    {
        _items.Add(item);
        _bytes += bytes;
    }

    /// <summary>The page.</summary>
    /// <param name="next">Where it ended; null when nothing follows.</param>
    public Page<T> ToPage(string? next) => new(_items, next);
}
