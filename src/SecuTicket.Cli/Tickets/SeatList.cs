using System.Globalization;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Tickets;

/// <summary>Seats as people type them: <c>A-1..A-20,B-1,Box</c>.</summary>
internal static class SeatList
{
    /// <summary>Most seats of one command.</summary>
    public const int MaxSeats = 200_000;

    private const int MaxDigits = 9;

    /// <summary>Reads seats and ranges, separated by commas; a first number with leading zeros keeps all as wide.</summary>
    /// <returns>The seats in order, or <c>usage</c>.</returns>
    public static Verdict<IReadOnlyList<string>> Parse(IEnumerable<string> texts)
    {
        var seats = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!Expand(part, MaxSeats - seats.Count).TryGet(out var expanded, out var refusal)) return refusal;

            foreach (var seat in expanded)
            {
                if (!known.Add(seat)) return Wrong($"the seat {seat} stands twice");
                seats.Add(seat);
            }
        }

        return seats.Count > 0 ? seats : Wrong("there is none");
    }

    private static Verdict<IReadOnlyList<string>> Expand(string part, int most)
    {
        if (part.Length == 0) return Wrong("a seat is empty");

        var ends = part.Split("..");
        if (ends.Length == 1) return most > 0 ? new[] { part } : TooMany();

        if (ends.Length != 2 || Split(ends[0]) is not { } first || Split(ends[1]) is not { } last) return Wrong($"'{part}' is no range such as A-1..A-20");
        if (first.Prefix != last.Prefix) return Wrong($"the ends of '{part}' differ in more than their numbers");
        if (last.Number < first.Number) return Wrong($"the range '{part}' runs backwards");
        if (last.Number - first.Number >= most) return TooMany();

        var width = first.Digits.StartsWith('0') ? first.Digits.Length : 1;
        var seats = new string[last.Number - first.Number + 1];
        for (var i = 0; i < seats.Length; i++) seats[i] = first.Prefix + (first.Number + i).ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        return seats;
    }

    private static (string Prefix, string Digits, int Number)? Split(string end)
    {
        var start = end.Length;
        while (start > 0 && char.IsAsciiDigit(end[start - 1])) start--;
        var digits = end[start..];
        return digits.Length is > 0 and <= MaxDigits ? (end[..start], digits, int.Parse(digits, CultureInfo.InvariantCulture)) : null;
    }

    private static Refusal TooMany() => Wrong($"there are more than {MaxSeats}");

    private static Refusal Wrong(string fault) => new(FailureCodes.Usage, $"--seats: {fault}. Expected seats and ranges such as A-1..A-20,B-7.");
}
