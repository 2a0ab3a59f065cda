using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Explorer;

/// <summary>A thing within a sentence: its name, and where it is looked at.</summary>
/// <param name="Text">How it is called there.</param>
/// <param name="Href">Its page; null for what has none.</param>
/// <param name="Whole">All of a name that is cut short; null for one that is not.</param>
public sealed record Part(string Text, string? Href = null, string? Whole = null)
{
    private const int Head = 8;
    private const int Tail = 4;

    /// <summary>An account.</summary>
    public static Part Of(in Address account) => Of(account.ToString(), "accounts");

    /// <summary>A transaction.</summary>
    public static Part Of(in Hash256 transaction) => Of(transaction.ToString(), "transactions");

    /// <summary>Something that has an id.</summary>
    /// <param name="id">All of it.</param>
    /// <param name="kind">The part of the path before it, such as <c>accounts</c>.</param>
    public static Part Of(string id, string kind) => new(Brief(id), $"/explorer/{kind}/{id}", id);

    /// <summary>The first and last digits, which are enough to tell those of one page apart; as <c>short</c> of <c>words.js</c>.</summary>
    public static string Brief(string id) => id.Length <= Head + Tail + 2 ? id : $"{id[..Head]}…{id[^Tail..]}";
}

/// <summary>A sentence with places for things that can be looked at.</summary>
/// <param name="Format">The words, with <c>{0}</c>, <c>{1}</c> … for the parts.</param>
/// <param name="Parts">The parts.</param>
public sealed record Saying(string Format, IReadOnlyList<Part> Parts)
{
    /// <summary>The same without links.</summary>
    public override string ToString() => string.Join("", Pieces().Select(static piece => piece.Text));

    /// <summary>Words and parts in the order in which they are read.</summary>
    public IEnumerable<Part> Pieces()
    {
        var pieces = Format.Split('{');
        yield return new Part(pieces[0]);
        foreach (var piece in pieces.Skip(1))
        {
            var end = piece.IndexOf('}', StringComparison.Ordinal);
            yield return Parts[int.Parse(piece[..end], System.Globalization.CultureInfo.InvariantCulture)];
            yield return new Part(piece[(end + 1)..]);
        }
    }
}
