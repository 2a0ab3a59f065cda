using System.Globalization;

namespace SecuTicket.Core.Transactions;

/// <summary>One performance of an event, in the event's own local time.</summary>
/// <param name="Date">The day.</param>
/// <param name="Time">The hour and minute it starts.</param>
public readonly record struct Session(DateOnly Date, TimeOnly Time)
{
    internal static Session Read(FieldReader fields)
    {
        var date = fields.Text("date", 10, 10, char.IsAscii, "characters: a date such as 2027-06-15");
        var time = fields.Text("time", 5, 5, char.IsAscii, "characters: a time of day such as 19:00");
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && date.Length > 0)
            fields.Refuse("date", $"There is no day {date}: expected a date such as 2027-06-15.");
        if (!TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) && time.Length > 0)
            fields.Refuse("time", $"There is no time {time}: expected a time of day from 00:00 to 23:59.");
        return new Session(day, start);
    }
}
