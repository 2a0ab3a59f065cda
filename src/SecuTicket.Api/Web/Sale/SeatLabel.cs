using System.Buffers;
using System.Globalization;

namespace SecuTicket.Api.Web.Sale;

/// <summary>What a seat's name says about where it is: «Balcony A-12» is number 12 of row A of the section Balcony.</summary>
/// <remarks>The ledger knows names only. Whatever does not end in a number has no row and no number; it is still a seat.</remarks>
/// <param name="Section">Part of the house; empty where the name has none.</param>
/// <param name="Row">The row; empty where the name has none.</param>
/// <param name="Number">The number in its row; null where the name has none.</param>
public readonly record struct SeatLabel(string Section, string Row, int? Number)
{
    /// <summary>Digits that are still a number: of more, none is a seat's place in a row.</summary>
    public const int MostDigits = 5;

    private static readonly char[] Between = [' ', '-', '_', '.', ',', '/', ':', '#'];

    private static readonly SearchValues<char> Cuts = SearchValues.Create(Between);

    // Said beside what they name: «Row A Seat 3» is A-3.
    private static readonly string[] Fillers = ["row", "seat", "rang", "place", "no", "nr"];

    /// <summary>Reads a name.</summary>
    public static SeatLabel Of(string seat)
    {
        var end = seat.Length;
        while (end > 0 && char.IsAsciiDigit(seat[end - 1])) end--;
        if (end == seat.Length || seat.Length - end > MostDigits) return new SeatLabel(string.Empty, string.Empty, null);

        var number = int.Parse(seat.AsSpan(end), CultureInfo.InvariantCulture);
        var head = WithoutFiller(seat[..end].Trim(Between));
        var cut = head.AsSpan().LastIndexOfAny(Cuts);
        return cut < 0 ? new SeatLabel(string.Empty, head, number) : new SeatLabel(WithoutFiller(head[..cut].Trim(Between)), head[(cut + 1)..], number);
    }

    private static string WithoutFiller(string text)
    {
        var cut = text.AsSpan().LastIndexOfAny(Cuts);
        return Fillers.Contains(text[(cut + 1)..], StringComparer.OrdinalIgnoreCase) ? text[..Math.Max(cut, 0)].TrimEnd(Between) : text;
    }
}
