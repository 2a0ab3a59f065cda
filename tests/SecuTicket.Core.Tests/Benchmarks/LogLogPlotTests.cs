using System.Globalization;
using System.Xml.Linq;
using SecuTicket.Benchmarks.Growth;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class LogLogPlotTests
{
    private static readonly long[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    [Fact]
    public void A_cost_that_does_not_grow_is_a_level_line_and_one_that_does_rises_by_a_decade_a_decade()
    {
        var flat = Drawn("flat & level", _ => 0.5);
        var growing = Drawn("growing", size => size / 1_000.0);

        flat.Select(point => point.Y).Distinct().Should().ContainSingle();
        flat.Zip(flat.Skip(1), (first, next) => next.X - first.X).Should().AllSatisfy(step => step.Should().BeApproximately(flat[1].X - flat[0].X, 0.11)).And.AllSatisfy(step => step.Should().BePositive());
        growing.Zip(growing.Skip(1), (first, next) => first.Y - next.Y).Should().AllSatisfy(step => step.Should().BeApproximately(growing[0].Y - growing[1].Y, 0.11)).And.AllSatisfy(step => step.Should().BePositive());
    }

    [Fact]
    public void The_table_says_how_many_times_the_first_cost_the_last_one_is()
    {
        var text = GrowthReport.Markdown([Series("GET /tickets/{id}", size => size == 1_000_000 ? 0.3 : 0.25)], "performance");

        text.Should().Contain("| GET /tickets/{id} | 0.25 | 0.25 | 0.25 | 0.3 | 1.20 |").And.Contain("(performance/growth-tickets-reads.svg)").And.Contain("| 1,000 | 10,000 | 100,000 | 1,000,000 |");
    }

    [Fact]
    public void What_grows_by_half_or_more_is_marked_and_what_is_not_drawn_is_in_the_table_only()
    {
        GrowthSeries[] series = [Series("grows", size => size == 1_000_000 ? 1.5 : 1), Series("level", _ => 2), Series("start", _ => 900) with { Panel = GrowthSeries.NotDrawn }];

        GrowthReport.Table(series).Should().Contain("| grows | 1 | 1 | 1 | 1.5 | **1.50** |").And.Contain("| level | 2 | 2 | 2 | 2 | 1.00 |").And.Contain("| start | 900 |");
        GrowthReport.Plots(series).Should().ContainSingle().Which.Svg.Should().Contain("level").And.NotContain("start");
    }

    private static GrowthSeries Series(string operation, Func<long, double> cost) => new("tickets", operation, [.. Sizes.Select(size => new GrowthPoint(size, cost(size)))]) { Panel = "reads" };

    private static (double X, double Y)[] Drawn(string operation, Func<long, double> cost)
    {
        var svg = XDocument.Parse(LogLogPlot.Draw("Costs", [Series(operation, cost)]));
        var points = svg.Descendants().Single(element => element.Name.LocalName == "polyline").Attribute("points")!.Value;
        return [.. points.Split(' ').Select(pair => pair.Split(',')).Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
    }
}
