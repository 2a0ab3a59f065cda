using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Sale;

/// <summary>A seat on a plan.</summary>
/// <param name="Ticket">Its ticket.</param>
/// <param name="Name">Its name.</param>
/// <param name="FacePrice">Minor units.</param>
/// <param name="Column">Its place in its line, from 0.</param>
public readonly record struct PlannedSeat(TicketId Ticket, string Name, long FacePrice, int Column);

/// <summary>Seats that are drawn side by side.</summary>
/// <param name="Row">The row's name; empty where the seats' names have none.</param>
/// <param name="Seats">From left to right.</param>
public sealed record SeatLine(string Row, IReadOnlyList<PlannedSeat> Seats);

/// <summary>How the seats of one session lie, drawn from their names alone: sections, their rows, and in them the numbers.</summary>
/// <remarks>
/// A house may have any number of seats, a page may not: the plan is cut into areas of at most <see cref="AreaSeats"/> seats, of which a page shows one.
/// The rows of a section stand below each other by number where their numbers let them; else, and where names have no numbers, seats are packed in the order of their names.
/// </remarks>
/// <param name="Areas">In the order in which their sections were first issued.</param>
public sealed record SeatPlan(IReadOnlyList<SeatArea> Areas)
{
    /// <summary>Seats of one area, at the most: names and prices of so many take about 30 KiB on the wire.</summary>
    public const int AreaSeats = 2_500;

    /// <summary>Columns of a section whose rows stand below each other by number, at the most.</summary>
    public const int MostColumns = 60;

    /// <summary>Columns in which seats are packed.</summary>
    public const int PackedColumns = 40;

    /// <summary>Sections of a house, at the most: where names give more, they are no sections.</summary>
    public const int MostSections = 200;

    /// <summary>Rows that may have one seat; where there are more, and most have one, names give no rows.</summary>
    public const int MostLoneRows = 40;

    /// <summary>Seats in all areas.</summary>
    public int Seats => Areas.Sum(static area => area.Count);

    /// <summary>The plan of one session.</summary>
    /// <param name="tickets">Its tickets in the order of their issue.</param>
    public static SeatPlan Of(IEnumerable<KeyValuePair<TicketId, Ticket>> tickets)
    {
        var seats = tickets.Select(static entry => (Seat: new PlannedSeat(entry.Key, entry.Value.Seat.ToString(), entry.Value.FacePrice, 0), Label: SeatLabel.Of(entry.Value.Seat.ToString()))).ToArray();
        var sections = seats.GroupBy(static entry => entry.Label.Section, StringComparer.OrdinalIgnoreCase).ToArray();
        if (sections.Length > MostSections) sections = [.. seats.GroupBy(static _ => string.Empty)];
        return new SeatPlan([.. sections.SelectMany(static section => AreasOf(section.Key, LinesOf([.. section])))]);
    }

    private static List<SeatLine> LinesOf((PlannedSeat Seat, SeatLabel Label)[] section)
    {
        var lone = section.Select(static entry => entry.Label.Row).Distinct().Count();
        if (lone > MostLoneRows && 2 * lone > section.Length) section = [.. section.Select(static entry => entry with { Label = new SeatLabel(string.Empty, string.Empty, null) })];

        var rows = section.GroupBy(static entry => entry.Label.Row, StringComparer.Ordinal)
            .OrderBy(static row => row.Key.Length == 0 || !row.Key.All(char.IsAsciiDigit))
            .ThenBy(static row => row.Key.Length)
            .ThenBy(static row => row.Key, StringComparer.Ordinal)
            .Select(static row => row.OrderBy(static entry => entry.Label.Number ?? int.MaxValue).ThenBy(static entry => entry.Seat.Name, StringComparer.Ordinal).ToArray())
            .ToArray();
        var first = section.Min(static entry => entry.Label.Number ?? 0);
        var standsByNumber = section.All(static entry => entry.Label.Number is not null)
            && section.Max(static entry => entry.Label.Number!.Value) - first < MostColumns
            && rows.All(static row => row.DistinctBy(static entry => entry.Label.Number).Count() == row.Length);
        return standsByNumber
            ? [.. rows.Select(row => new SeatLine(row[0].Label.Row, [.. row.Select(entry => entry.Seat with { Column = entry.Label.Number!.Value - first })]))]
            : [.. rows.SelectMany(static row => row.Chunk(PackedColumns), static (row, part) => new SeatLine(row[0].Label.Row, [.. part.Select(static (entry, column) => entry.Seat with { Column = column })]))];
    }

    private static IEnumerable<SeatArea> AreasOf(string section, List<SeatLine> lines)
    {
        var (area, count, isWhole) = (new List<SeatLine>(), 0, lines.Sum(static line => line.Seats.Count) <= AreaSeats);
        foreach (var line in lines)
        {
            if (count + line.Seats.Count > AreaSeats)
            {
                yield return new SeatArea(section, area, isWhole);
                (area, count) = ([], 0);
            }

            area.Add(line);
            count += line.Seats.Count;
        }

        yield return new SeatArea(section, area, isWhole);
    }
}
