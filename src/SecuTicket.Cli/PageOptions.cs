using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli;

/// <summary>The options of commands that list, page by page.</summary>
internal sealed class PageOptions
{
    private readonly Option<long?> _limit = Symbols.Amount("--limit", "How many at most, 1 to 1000; 100 when left out.");
    private readonly Option<string?> _after = Symbols.Text("--after", "Go on where the page before ended: the cursor that it named.", "CURSOR");

    /// <summary>All of them.</summary>
    public IEnumerable<Symbol> All => [_limit, _after];

    /// <summary>The path with the page's query and others.</summary>
    public string Of(Run run, string path, params ReadOnlySpan<(string Name, string? Value)> others)
    {
        var query = new List<string>();
        foreach (var (name, value) in others) Add(query, name, value);
        Add(query, "limit", run.Get(_limit)?.ToString());
        Add(query, "after", run.Get(_after));
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>Shows a page as a table, and says how to go on.</summary>
    public static void Show(Run run, JsonElement page, IReadOnlyList<string> headings, Func<JsonElement, string[]> row)
    {
        run.Printer.Table(headings, [.. page.Items("items").Select(row)]);
        SayMore(run, page);
    }

    /// <summary>Says how to go on where a page ended.</summary>
    public static void SayMore(Run run, JsonElement page)
    {
        if (page.OptionalText("next") is { } next) run.Say($"There are more: --after {next}");
    }

    private static void Add(List<string> query, string name, string? value)
    {
        if (value is not null) query.Add($"{name}={Uri.EscapeDataString(value)}");
    }
}
