namespace SecuTicket.Cli.Output;

/// <summary>Makes text of strangers safe to show: what could move a terminal's cursor or feign another line becomes a question mark.</summary>
internal static class Printable
{
    /// <summary>One line without control characters, format characters that turn text around, and line ends.</summary>
    public static string Line(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < line.Length; i++) line[i] = IsSafe(source[i]) ? source[i] : '?';
    });

    // Bidirectional controls can make a price or an address read as another one.
    private static bool IsSafe(char character) => !char.IsControl(character) && character is not ('\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
