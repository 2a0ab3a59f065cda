using System.Globalization;
using System.Net;
using System.Text;

namespace SecuTicket.Benchmarks.Growth;

/// <summary>A plot of costs by size as SVG text, both axes logarithmic: a cost that does not grow is a level line, one that grows with the size rises by a decade a decade.</summary>
internal static class LogLogPlot
{
    private const int Width = 980;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 380;
    private const int Top = 40;
    private const int Bottom = 50;

    // Dark enough on white, and told apart by those who do not see all colours (Okabe and Ito, 2008).
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

    /// <summary>Draws them.</summary>
    /// <param name="title">Above the plot.</param>
    /// <param name="series">One line each; all of the same thing that grows, with sizes and costs above 0.</param>
    public static string Draw(string title, IReadOnlyList<GrowthSeries> series)
    {
        var points = series.SelectMany(one => one.Points).ToArray();
        var x = new Axis(points.Min(point => point.Size), points.Max(point => point.Size), Left, Width - Right);
        var y = new Axis(points.Min(point => point.Milliseconds), points.Max(point => point.Milliseconds), Height - Bottom, Top);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        Line(svg, $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        Line(svg, $"""<text x="{Left}" y="{Top - 18}" font-size="15">{WebUtility.HtmlEncode(title)}</text>""");
        foreach (var decade in x.Decades)
        {
            Line(svg, $"""<line x1="{x.At(decade):0.0}" y1="{Top}" x2="{x.At(decade):0.0}" y2="{Height - Bottom}" stroke="#dddddd"/>""");
            Line(svg, $"""<text x="{x.At(decade):0.0}" y="{Height - Bottom + 18}" text-anchor="middle">{decade:#,0}</text>""");
        }

        foreach (var decade in y.Decades)
        {
            Line(svg, $"""<line x1="{Left}" y1="{y.At(decade):0.0}" x2="{Width - Right}" y2="{y.At(decade):0.0}" stroke="#dddddd"/>""");
            Line(svg, $"""<text x="{Left - 8}" y="{y.At(decade) + 4:0.0}" text-anchor="end">{decade:0.######}</text>""");
        }

        Line(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 10}" text-anchor="middle">{WebUtility.HtmlEncode(series[0].Of)}</text>""");
        Line(svg, $"""<text x="16" y="{(Top + Height - Bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 {(Top + Height - Bottom) / 2})">ms</text>""");
        for (var i = 0; i < series.Count; i++) Draw(svg, series[i], i, x, y);
        Line(svg, $"</svg>");
        return svg.ToString();
    }

    private static void Draw(StringBuilder svg, GrowthSeries one, int number, Axis x, Axis y)
    {
        var colour = Colours[number % Colours.Length];

        // The second time round the colours, lines are dashed.
        var dash = number < Colours.Length ? "none" : "6 3";
        var path = string.Join(' ', one.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{x.At(point.Size):0.0},{y.At(point.Milliseconds):0.0}")));
        Line(svg, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>""");
        foreach (var point in one.Points) Line(svg, $"""<circle cx="{x.At(point.Size):0.0}" cy="{y.At(point.Milliseconds):0.0}" r="3" fill="{colour}"/>""");
        var at = Top + 10 + (number * 18);
        Line(svg, $"""<line x1="{Width - Right + 16}" y1="{at}" x2="{Width - Right + 40}" y2="{at}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>""");
        Line(svg, $"""<text x="{Width - Right + 46}" y="{at + 4}">{WebUtility.HtmlEncode(one.Operation)}</text>""");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Whole decades around what is shown, on pixels.</summary>
    private sealed class Axis(double smallest, double largest, double first, double last)
    {
        private readonly int _from = (int)Math.Floor(Math.Log10(smallest));
        private readonly int _to = Math.Max((int)Math.Floor(Math.Log10(smallest)) + 1, (int)Math.Ceiling(Math.Log10(largest)));

        public IEnumerable<double> Decades => Enumerable.Range(_from, _to - _from + 1).Select(power => Math.Pow(10, power));

        public double At(double value) => first + ((Math.Log10(value) - _from) / (_to - _from) * (last - first));
    }
}
