using System.Globalization;
using System.Text;

namespace SecuTicket.Api.Web.Sale;

/// <summary>A row as a line of text: which of its seats can be bought.</summary>
/// <param name="Row">Its name; empty where it has none.</param>
/// <param name="Free">The organiser's, such as <c>1–4, 7</c>.</param>
/// <param name="FreeSeats">How many.</param>
/// <param name="Offered">Those of holders.</param>
/// <param name="Lowest">The lowest face price of those that are free, in minor units; null without any.</param>
/// <param name="Highest">The highest.</param>
public sealed record SeatRow(string Row, string Free, int FreeSeats, string Offered, long? Lowest, long? Highest)
{
    /// <summary>The rows of an area.</summary>
    public static IEnumerable<SeatRow> Of(SeatArea area, SeatStates states)
    {
        var place = 0;
        foreach (var line in area.Lines)
        {
            var first = place;
            var free = line.Seats.Where((_, i) => states.Letters[first + i] == SeatStates.Free).ToArray();
            var offered = line.Seats.Where((_, i) => states.Letters[first + i] == SeatStates.Offered).ToArray();
            place += line.Seats.Count;
            yield return new SeatRow(line.Row, Ranges(free), free.Length, Ranges(offered), free.Length == 0 ? null : free.Min(static seat => seat.FacePrice), free.Length == 0 ? null : free.Max(static seat => seat.FacePrice));
        }
    }

    // Numbers that follow each other are one range; names without a number stand for themselves.
    private static string Ranges(IEnumerable<PlannedSeat> seats)
    {
        var text = new StringBuilder();
        int? from = null, to = null;
        foreach (var seat in seats)
        {
            var number = SeatLabel.Of(seat.Name).Number;
            if (number is not null && number == to + 1)
            {
                to = number;
                continue;
            }

            Close();
            (from, to) = (number, number);
            if (number is null) Begin().Append(seat.Name);
        }

        Close();
        return text.ToString();

        StringBuilder Begin() => text.Length == 0 ? text : text.Append(", ");

        void Close()
        {
            if (from is not { } start) return;
            Begin().Append(CultureInfo.InvariantCulture, $"{start}");
            if (to > start) text.Append(CultureInfo.InvariantCulture, $"–{to}");
            from = null;
        }
    }
}
