namespace SecuTicket.Benchmarks;

/// <summary>What is between two marks of a document: <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.</summary>
internal static class MarkdownSection
{
    /// <summary>The document with something else between the marks.</summary>
    /// <exception cref="BenchmarkFailedException">It has no such marks.</exception>
    public static string Replace(string text, string name, string with)
    {
        var (start, end) = PlaceOf(text, name);
        return $"{text[..start]}\n\n{with}\n{text[end..]}";
    }

    /// <summary>The document with other rows in the table between the marks, each of which begins with a name in backticks.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">The marks' name.</param>
    /// <param name="head">The table's head, if there are any rows.</param>
    /// <param name="order">All names that rows can have, in their order.</param>
    /// <param name="rows">Rows that take the place of those of the same name, or are new; null takes one away. All others stay.</param>
    /// <exception cref="BenchmarkFailedException">It has no such marks.</exception>
    public static string ReplaceRows(string text, string name, string head, IReadOnlyList<string> order, IReadOnlyDictionary<string, string?> rows)
    {
        var (start, end) = PlaceOf(text, name);
        var former = text[start..end].Split('\n').Where(static row => row.StartsWith("| `", StringComparison.Ordinal)).ToDictionary(static row => row.Split('`')[1]);
        var table = order.Select(one => rows.TryGetValue(one, out var row) ? row : former.GetValueOrDefault(one)).OfType<string>().ToArray();
        return table.Length > 0 ? Replace(text, name, $"{head}{string.Concat(table.Select(static row => $"{row}\n"))}") : text;
    }

    private static (int Start, int End) PlaceOf(string text, string name)
    {
        var (opening, closing) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var start = text.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        var end = text.IndexOf(closing, StringComparison.Ordinal);
        return start >= opening.Length && end >= start
            ? (start, end)
            : throw new BenchmarkFailedException($"The document has no place for what was measured: it must have {opening} and {closing}.");
    }
}
