namespace SecuTicket.Api.Web.Organise;

/// <summary>Writes a text that somebody else chose as a cell of a table.</summary>
/// <remarks>A spreadsheet takes a cell that begins like a formula for one and may send what stands in others anywhere: such a text gets an apostrophe before it (OWASP, «CSV Injection»).</remarks>
public static class CsvText
{
    /// <summary>The cell, quoted where RFC 4180 asks for it.</summary>
    public static string Of(string text)
    {
        var cell = text.Length > 0 && text.TrimStart() is [('=' or '+' or '-' or '@'), ..] ? $"'{text}" : text;
        return cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
