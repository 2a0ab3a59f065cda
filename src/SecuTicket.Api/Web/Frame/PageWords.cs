using System.Globalization;
using Microsoft.Extensions.Localization;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Frame;

/// <summary>How money, days and numbers are written in the reader's language.</summary>
/// <remarks>Machines without ICU know no language's formats, so they are among our words. <c>wwwroot/web/js/words.js</c> writes the same in the browser.</remarks>
/// <param name="words">The words of all pages.</param>
/// <param name="node">Names the currency.</param>
public sealed class PageWords(IStringLocalizer<Words> words, TicketNode node)
{
    private const int MinorUnits = 100;

    /// <summary>The language, two letters.</summary>
    public static string Language => CultureInfo.CurrentUICulture.Name[..2];

    /// <summary>An amount with its currency, as <c>50.00 EUR</c>.</summary>
    /// <param name="amount">Minor units.</param>
    public string Money(long amount) => $"{Amount(amount)} {node.Spec.Currency}";

    /// <summary>An amount alone, as <c>1,250.00</c>.</summary>
    /// <param name="amount">Minor units.</param>
    public string Amount(long amount)
    {
        var sign = amount < 0 ? "−" : "";
        var whole = Math.Abs((decimal)amount);
        return $"{sign}{Grouped(decimal.Truncate(whole / MinorUnits))}{words["format.decimal"]}{(int)(whole % MinorUnits):00}";
    }

    /// <summary>A number, as <c>12,345</c>.</summary>
    public string Number(long number) => number < 0 ? $"−{Grouped(-(decimal)number)}" : Grouped(number);

    /// <summary>A day, as <c>Tuesday 15 June 2027</c>.</summary>
    public string Day(DateOnly day) => words["format.day", DayName(day.DayOfWeek), day.Day, MonthName(day.Month), day.Year];

    /// <summary>A moment in UTC, as <c>15 June 2027, 19:00:05</c>.</summary>
    public string Moment(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return words["format.moment", utc.Day, MonthName(utc.Month), utc.Year, utc.ToString("HH:mm:ss", CultureInfo.InvariantCulture)];
    }

    /// <summary>A session's day and time, as its event writes them.</summary>
    /// <param name="date"><c>2027-06-15</c>.</param>
    /// <param name="time"><c>19:00</c>.</param>
    public string Session(string date, string time) => words["format.session", Day(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture)), time];

    /// <summary>A moment as a field of the browser holds it, <c>2027-06-15T19:00</c>; null where it is none.</summary>
    public string? Local(string typed) => DateTime.TryParseExact(typed, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        ? Session(at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), at.ToString("HH:mm", CultureInfo.InvariantCulture))
        : null;

    private string DayName(DayOfWeek day) => words["format.days"].Value.Split(' ')[(int)day];

    private string MonthName(int month) => words["format.months"].Value.Split(' ')[month - 1];

    private string Grouped(decimal whole) => whole.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", words["format.group"], StringComparison.Ordinal);
}
