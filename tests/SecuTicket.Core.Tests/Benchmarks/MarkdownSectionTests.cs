using SecuTicket.Benchmarks;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class MarkdownSectionTests
{
    private const string Head = "| figure |\n|---|\n";
    private const string Document = "Before\n\n<!-- figures -->\n\n| figure |\n|---|\n| `a` | 1 |\n| `b` | 2 |\n| `old` | 3 |\n\n<!-- /figures -->\n\nAfter";

    private static readonly string[] Order = ["new", "a", "b"];

    [Fact]
    public void A_row_that_was_measured_takes_the_place_of_the_one_before_and_the_others_stay() =>
        Replaced(("b", "| `b` | 5 |")).Should().Be("Before\n\n<!-- figures -->\n\n| figure |\n|---|\n| `a` | 1 |\n| `b` | 5 |\n\n<!-- /figures -->\n\nAfter");

    [Fact]
    public void A_row_that_is_new_comes_where_its_name_stands_in_the_order() =>
        Replaced(("new", "| `new` | 0 |")).Should().Contain("|---|\n| `new` | 0 |\n| `a` | 1 |\n| `b` | 2 |\n");

    [Fact]
    public void What_failed_is_shown_no_more() => Replaced(("a", null)).Should().NotContain("`a`").And.Contain("`b`");

    [Fact]
    public void Writing_the_same_again_changes_nothing()
    {
        var once = Replaced(("a", "| `a` | 7 |"));

        MarkdownSection.ReplaceRows(once, "figures", Head, Order, new Dictionary<string, string?> { ["a"] = "| `a` | 7 |" }).Should().Be(once);
    }

    [Fact]
    public void A_document_without_the_marks_is_refused() =>
        FluentActions.Invoking(() => MarkdownSection.Replace("Nothing here", "figures", "x")).Should().Throw<BenchmarkFailedException>();

    private static string Replaced((string Name, string? Row) one) =>
        MarkdownSection.ReplaceRows(Document, "figures", Head, Order, new Dictionary<string, string?> { [one.Name] = one.Row });
}
