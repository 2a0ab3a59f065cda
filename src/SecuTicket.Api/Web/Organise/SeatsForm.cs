using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Rows of seats at one price, as they are typed: «rows A to F, seats 1 to 20, 50.00».</summary>
public sealed class SeatBlockForm
{
    /// <summary>The part of the house, such as <c>Balcony</c>; may be empty.</summary>
    public string Section { get; set; } = string.Empty;

    /// <summary>The first row, a letter or a number.</summary>
    public string FirstRow { get; set; } = "A";

    /// <summary>The last row.</summary>
    public string LastRow { get; set; } = "A";

    /// <summary>The first seat of each row.</summary>
    public string FirstSeat { get; set; } = "1";

    /// <summary>The last seat of each row.</summary>
    public string LastSeat { get; set; } = "20";

    /// <summary>Face price.</summary>
    public string Price { get; set; } = string.Empty;

    /// <summary>Index of the session it is for; empty for each of them.</summary>
    public string Session { get; set; } = string.Empty;
}

/// <summary>All seats of an event, as they are typed.</summary>
public sealed class SeatsForm
{
    /// <summary>Most blocks of one plan.</summary>
    public const int MaxBlocks = 40;

    /// <summary>Most seats of one row.</summary>
    public const int MaxRowSeats = 500;

    /// <summary>Largest number of a seat or row.</summary>
    public const int MaxNumber = 9_999;

    /// <summary>Most tickets of one plan, over all sessions; of more, another one is made after it.</summary>
    public const int MaxTickets = 50_000;

    /// <summary>Most characters of a section's name: with row and seat it makes a seat's name.</summary>
    public const int MaxSection = 20;

    /// <summary>The blocks, one at least.</summary>
    public List<SeatBlockForm> Blocks { get; } = [new()];

    /// <summary>Adds a block that begins after the rows of the last one.</summary>
    public void Add()
    {
        if (Blocks.Count >= MaxBlocks) return;

        var last = Blocks[^1];
        var next = SeatRows.After(last.LastRow);
        Blocks.Add(new SeatBlockForm { Section = last.Section, FirstRow = next, LastRow = next, FirstSeat = last.FirstSeat, LastSeat = last.LastSeat, Session = last.Session });
    }

    /// <summary>Takes a block away; the last one stays.</summary>
    public void Remove(SeatBlockForm block)
    {
        if (Blocks.Count > 1) Blocks.Remove(block);
    }

    /// <summary>What the blocks say. Of use only when <paramref name="typed"/> found nothing wrong.</summary>
    /// <param name="typed">Notes what is wrong.</param>
    /// <param name="sessions">Sessions of the event.</param>
    public SeatPlan Read(Typed typed, int sessions)
    {
        var blocks = new List<SeatBlock>();
        for (var i = 0; i < Blocks.Count; i++)
            if (Read(typed, Blocks[i], $"blocks[{i}].", sessions) is { } block) blocks.Add(block);

        var plan = new SeatPlan(blocks, sessions);
        if (plan.Tickets > MaxTickets) typed.Refuse($"blocks[{Blocks.Count - 1}].last_seat", "fault.tickets", MaxTickets);
        else if (blocks.Count == Blocks.Count && plan.FirstTwice() is { } twice) typed.Refuse($"blocks[{twice.Block}].first_row", "fault.seat_twice", twice.Seat);
        return plan;
    }

    /// <summary>What the blocks that are typed right say, with or without a price; what is wrong with the others is said by <see cref="Read(Typed, int)"/>.</summary>
    public SeatPlan Preview(IStringLocalizer<OrganiseWords> words, int sessions)
    {
        var blocks = new List<SeatBlock>();
        foreach (var form in Blocks)
        {
            var faults = new FormFaults();
            if (Read(new Typed(faults, words), form, string.Empty, sessions) is { } block && faults.Count == (faults["price"] is null ? 0 : 1)) blocks.Add(block);
        }

        return new SeatPlan(blocks, sessions);
    }

    private static SeatBlock? Read(Typed typed, SeatBlockForm block, string field, int sessions)
    {
        var section = block.Section.Trim();
        if (section.Length > MaxSection || !section.All(static character => character is >= ' ' and <= '~')) typed.Refuse(field + "section", "fault.section", MaxSection);
        if (SeatRows.Between(block.FirstRow, block.LastRow) is not { } rows)
        {
            typed.Refuse(field + "first_row", "fault.rows", SeatRows.Most);
            return null;
        }

        var first = typed.Number(field + "first_seat", block.FirstSeat, 0, MaxNumber);
        var last = typed.Number(field + "last_seat", block.LastSeat, first, Math.Min(MaxNumber, first + MaxRowSeats - 1));
        var price = typed.Price(field + "price", block.Price);
        int? session = int.TryParse(block.Session, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < sessions ? index : null;
        return new SeatBlock(section, rows, first, last, price, session);
    }
}

/// <summary>Rows of seats at one price.</summary>
/// <param name="Section">The part of the house; may be empty.</param>
/// <param name="Rows">The rows' names.</param>
/// <param name="First">The first seat of each.</param>
/// <param name="Last">The last one.</param>
/// <param name="Price">Face price, minor units.</param>
/// <param name="Session">The session it is for; null for each of them.</param>
public sealed record SeatBlock(string Section, IReadOnlyList<string> Rows, int First, int Last, long Price, int? Session)
{
    /// <summary>Seats of one row.</summary>
    public int RowSeats => Math.Max(0, Last - First + 1);

    /// <summary>Seats of it, in each of its sessions.</summary>
    public int Seats => Rows.Count * RowSeats;

    /// <summary>The names of its seats, as tickets have them. The fans' seat map reads section, row and number out of them; <c>desk.js</c> writes the same.</summary>
    public IEnumerable<string> Names() => Rows.SelectMany(row => Enumerable.Range(First, RowSeats).Select(seat => $"{(Section.Length > 0 ? $"{Section} " : "")}{row}-{seat.ToString(CultureInfo.InvariantCulture)}"));
}

/// <summary>All seats that are to be issued.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Sessions">Sessions of the event.</param>
public sealed record SeatPlan(IReadOnlyList<SeatBlock> Blocks, int Sessions)
{
    /// <summary>Tickets of it, over all sessions.</summary>
    public long Tickets => Blocks.Sum(block => (long)block.Seats * SessionsOf(block));

    /// <summary>What all of them cost, minor units; as much as a number holds, where it is more.</summary>
    public decimal Worth => Blocks.Sum(block => (decimal)block.Price * block.Seats * SessionsOf(block));

    /// <summary>Transactions that it takes: each issues seats of one session at one price.</summary>
    public int Transactions => Blocks.GroupBy(static block => (block.Session, block.Price))
        .Sum(group => (group.Sum(static block => block.Seats) + IssueTickets.MaxSeats - 1) / IssueTickets.MaxSeats * SessionsOf(group.First()));

    /// <summary>The first seat that stands in two blocks of one session; null when none does.</summary>
    public (int Block, string Seat)? FirstTwice()
    {
        // By session; under -1 what is in each of them.
        var seen = new HashSet<(int Session, string Seat)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Blocks.Count; i++)
            foreach (var seat in Blocks[i].Names())
            {
                var session = Blocks[i].Session ?? -1;
                if (seen.Contains((-1, seat)) || (session < 0 ? names.Contains(seat) : seen.Contains((session, seat)))) return (i, seat);

                seen.Add((session, seat));
                names.Add(seat);
            }

        return null;
    }

    /// <summary>The blocks as <c>desk.js</c> issues them.</summary>
    public JsonArray ToJson() =>
    [
        .. Blocks.Select(block => new JsonObject
        {
            ["section"] = block.Section,
            ["rows"] = new JsonArray([.. block.Rows.Select(static row => JsonValue.Create(row))]),
            ["first"] = block.First,
            ["last"] = block.Last,
            ["price"] = block.Price,
            ["sessions"] = new JsonArray([.. (block.Session is { } one ? [one] : Enumerable.Range(0, Sessions)).Select(static session => JsonValue.Create(session))]),
        }),
    ];

    private int SessionsOf(SeatBlock block) => block.Session is null ? Sessions : 1;
}

/// <summary>Names of rows: letters, as columns of a spreadsheet have them, or numbers.</summary>
public static class SeatRows
{
    /// <summary>Most rows of one block.</summary>
    public const int Most = 200;

    private const int Letters = 26;

    /// <summary>The rows from one to another; null when they are no rows, of two kinds, the wrong way round or too many.</summary>
    public static IReadOnlyList<string>? Between(string first, string last)
    {
        var (from, to) = (Parse(first), Parse(last));
        if (from is not { } start || to is not { } end || start.IsLetters != end.IsLetters || end.Number < start.Number || end.Number - start.Number >= Most) return null;

        return [.. Enumerable.Range(start.Number, end.Number - start.Number + 1).Select(number => NameOf(number, start.IsLetters))];
    }

    /// <summary>The row after one; the first one where that is none.</summary>
    public static string After(string row) => Parse(row) is { } parsed ? NameOf(parsed.Number + 1, parsed.IsLetters) : "A";

    private static (int Number, bool IsLetters)? Parse(string text)
    {
        var row = text.Trim().ToUpperInvariant();
        if (row.Length is 1 or 2 && row.All(char.IsAsciiLetterUpper)) return (row.Aggregate(0, static (number, letter) => (number * Letters) + letter - 'A' + 1), true);

        return int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) && plain <= SeatsForm.MaxNumber ? (plain, false) : null;
    }

    private static string NameOf(int number, bool isLetters)
    {
        if (!isLetters) return number.ToString(CultureInfo.InvariantCulture);

        var name = string.Empty;
        for (; number > 0; number = (number - 1) / Letters) name = (char)('A' + ((number - 1) % Letters)) + name;
        return name;
    }
}
