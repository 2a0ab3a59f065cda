using System.Globalization;
using System.Text;

namespace SecuTicket.Api.Web.Frame;

/// <summary>What there is to see of names that somebody chose.</summary>
/// <remarks>The ledger takes any text. A name that shows nothing is a link that nobody finds, and one that nobody can type.</remarks>
public static class Visible
{
    /// <summary>Whether a text has a character that can be seen.</summary>
    public static bool Is(string text) => text.EnumerateRunes().Any(IsSeen);

    /// <summary>A name; where it shows nothing, the id of what is called so.</summary>
    public static string NameOf(string name, string id) => Is(name) ? name : id;

    /// <summary>A name within a sentence: its direction of writing ends with it (Unicode UAX #9, first strong isolate). Isolations of its own are left out: one that it ends would be ours.</summary>
    public static string Isolated(string name) => $"\u2068{string.Concat(name.Where(static character => character is not (>= '\u2066' and <= '\u2069')))}\u2069";

    // Letters that are blanks: the fillers of Hangul, and the cell of Braille without a dot.
    private static bool IsSeen(Rune character) =>
        character.Value is not (0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0)
        && Rune.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);
}
