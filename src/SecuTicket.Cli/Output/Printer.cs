using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SecuTicket.Cli.Output;

/// <summary>Writes results to standard output: tables for people at a terminal, else lines with a tab between fields, which <c>cut</c> takes apart.</summary>
/// <param name="surroundings">The world outside.</param>
internal sealed class Printer(Surroundings surroundings)
{
    // Wider than any terminal, and short of what a sum of widths can be.
    private const int WidestTable = 100_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Bytes, unchanged; nothing is added.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        surroundings.Output.Write(bytes);
        surroundings.Output.Flush();
    }

    /// <summary>A line.</summary>
    public void Line(string text) => Raw(Utf8.GetBytes(Printable.Line(text) + "\n"));

    /// <summary>Names and values, a line each; those without a value are left out.</summary>
    public void Fields(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var present = new List<string[]>();
        foreach (var (name, value) in fields)
            if (value is not null) present.Add([name, value]);

        if (surroundings.IsSeen) Draw([], present);
        else foreach (var row in present) Plain(row);
    }

    /// <summary>Rows under headings.</summary>
    public void Table(IReadOnlyList<string> headings, IReadOnlyList<string[]> rows)
    {
        if (surroundings.IsSeen)
        {
            Draw(headings, rows);
            return;
        }

        Plain(headings);
        foreach (var row in rows) Plain(row);
    }

    /// <summary>A line that begins with a word in a colour of its own; for those who see no colours, the word says it.</summary>
    public void Marked(string word, Color colour, IReadOnlyList<string> cells)
    {
        if (!surroundings.IsSeen)
        {
            Plain([word, .. cells]);
            return;
        }

        using var mark = new StringWriter();
        Drawing(surroundings, mark, surroundings.IsSeen).Write(new Text($" {word} ", new Style(Color.Black, colour)));
        Raw(Utf8.GetBytes($"{mark}  {string.Join("  ", cells.Select(Printable.Line))}\n"));
    }

    private void Plain(IReadOnlyList<string> cells) => Raw(Utf8.GetBytes(string.Join('\t', cells.Select(Printable.Line)) + "\n"));

    private void Draw(IReadOnlyList<string> headings, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0 && headings.Count == 0) return;

        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = headings.Count > 0 };
        var columns = headings.Count > 0 ? headings : [.. Enumerable.Repeat(string.Empty, rows.Count == 0 ? 1 : rows[0].Length)];
        foreach (var heading in columns) table.AddColumn(new TableColumn(new Text(Printable.Line(heading), new Style(Color.Grey))));
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Printable.Line(cell))));

        using var writer = new StreamWriter(surroundings.Output, Utf8, leaveOpen: true);
        var console = Drawing(surroundings, writer, surroundings.IsSeen);
        var width = ((IRenderable)table).Measure(RenderOptions.Create(console, console.Profile.Capabilities), WidestTable).Max;
        if (width <= console.Profile.Width) console.Write(table);
        else Align(writer, headings.Count > 0 ? [headings, .. rows] : rows);
    }

    // In a frame that is too narrow an id would be broken into lines, and a broken id can not be copied. So the terminal breaks the line where it will.
    private static void Align(TextWriter writer, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var shown = rows.Select(row => row.Select(Printable.Line).ToArray()).ToArray();
        var widths = Enumerable.Range(0, shown[0].Length).Select(column => shown.Max(row => row[column].GetCellWidth())).ToArray();
        foreach (var row in shown)
        {
            var cells = row.Select((cell, column) => column < row.Length - 1 ? cell + new string(' ', widths[column] - cell.GetCellWidth()) : cell);
            writer.Write(string.Join("  ", cells) + "\n");
        }
    }

    /// <summary>A console of Spectre's on a writer: coloured only for eyes that did not ask for none.</summary>
    public static IAnsiConsole Drawing(Surroundings surroundings, TextWriter writer, bool isSeen) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = isSeen && surroundings.Variable("TERM") != "dumb" ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = isSeen && string.IsNullOrEmpty(surroundings.Variable("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });
}
