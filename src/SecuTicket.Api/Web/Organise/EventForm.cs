using System.Globalization;
using System.Text.Json.Nodes;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>One performance, as it is typed.</summary>
public sealed class SessionForm
{
    /// <summary>The day, as <c>2027-06-15</c>.</summary>
    public string Date { get; set; } = string.Empty;

    /// <summary>The time of day, as <c>19:00</c>.</summary>
    public string Time { get; set; } = string.Empty;
}

/// <summary>A new event, as it is typed.</summary>
public sealed class EventForm
{
    /// <summary>Most characters of a time zone's name, as the contract has it.</summary>
    public const int MaxZone = 64;

    /// <summary>What it is called.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Where it is.</summary>
    public string Venue { get; set; } = string.Empty;

    /// <summary>IANA name of the zone in which its times are.</summary>
    public string TimeZone { get; set; } = string.Empty;

    /// <summary>Its performances, one at least.</summary>
    public List<SessionForm> Sessions { get; } = [new()];

    /// <summary>Its seats.</summary>
    public SeatsForm Seats { get; } = new();

    /// <summary>What holders may do.</summary>
    public RulesForm Rules { get; } = new();

    /// <summary>When the sale opens, by the browser's clock; empty for at once.</summary>
    public string SaleOpensAt { get; set; } = string.Empty;

    /// <summary>Official sellers, one a line.</summary>
    public string Sellers { get; set; } = string.Empty;

    /// <summary>Gates, one a line.</summary>
    public string Gates { get; set; } = string.Empty;

    /// <summary>Adds a performance, a day after the last one; not beyond what an event may have.</summary>
    public void AddSession()
    {
        if (Sessions.Count >= CreateEvent.MaxSessions) return;

        var last = Sessions[^1];
        Sessions.Add(new SessionForm { Date = TryDay(last.Date, out var day) && day < DateOnly.MaxValue ? TextOf(day.AddDays(1)) : string.Empty, Time = last.Time });
    }

    /// <summary>Takes a performance away; the last one stays.</summary>
    public void RemoveSession(SessionForm session)
    {
        if (Sessions.Count > 1) Sessions.Remove(session);
    }

    /// <summary>The payload's fields. Of use only when <paramref name="typed"/> found nothing wrong.</summary>
    /// <param name="typed">Notes what is wrong.</param>
    /// <param name="moments">Unix seconds of the moments that were typed.</param>
    public JsonObject Read(Typed typed, FormMoments moments)
    {
        var fields = new JsonObject
        {
            ["type"] = CreateEvent.TypeName,
            ["name"] = typed.Text("name", Name, CreateEvent.MaxNameLength),
            ["venue"] = typed.Text("venue", Venue, CreateEvent.MaxNameLength),
            ["sessions"] = ReadSessions(typed),
            ["resale"] = RulesForm.JsonOf(Rules.Read(typed, moments)),
        };
        if (TimeZone.Trim() is { Length: > 0 } zone)
        {
            if (zone.Length > MaxZone || !zone.All(static character => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-' or '+')) typed.Refuse("time_zone", "fault.zone");
            fields["time_zone"] = zone;
        }

        if (moments.Read(typed, "sale_opens_at", SaleOpensAt) is { } opens) fields["sale_opens_at"] = opens;
        if (typed.Accounts("sellers", Sellers) is { Count: > 0 } sellers) fields["sellers"] = Typed.Json(sellers);
        if (typed.Accounts("gates", Gates) is { Count: > 0 } gates) fields["gates"] = Typed.Json(gates);
        return fields;
    }

    /// <summary>Performances that have begun already, as they are written; none of those of which day or time are not typed.</summary>
    /// <param name="now">The present.</param>
    public IEnumerable<SessionForm> Begun(DateTimeOffset now)
    {
        var zone = SessionTimes.ZoneOf(TimeZone.Trim());
        return Sessions.Where(session => TryDay(session.Date, out var day) && TryTime(session.Time, out var time) && SessionTimes.BeginOf(zone, new Session(day, time)) <= now);
    }

    private JsonArray ReadSessions(Typed typed)
    {
        var sessions = new JsonArray();
        for (var i = 0; i < Sessions.Count; i++)
        {
            if (!TryDay(Sessions[i].Date, out var day)) typed.Refuse($"sessions[{i}].date", "fault.date");
            if (!TryTime(Sessions[i].Time, out _)) typed.Refuse($"sessions[{i}].time", "fault.time");
            sessions.Add(new JsonObject { ["date"] = TextOf(day), ["time"] = Sessions[i].Time });
        }

        return sessions;
    }

    private static bool TryDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Moments that were typed by the browser's clock, and what they are in unix seconds.</summary>
/// <param name="seconds">By the text that was typed.</param>
public sealed class FormMoments(IReadOnlyDictionary<string, long?> seconds)
{
    /// <summary>Asks the browser.</summary>
    public static async Task<FormMoments> AskAsync(SigningBrowser browser, params string[] texts)
    {
        string[] typed = [.. texts.Where(static text => text.Length > 0).Distinct(StringComparer.Ordinal)];
        if (typed.Length == 0) return new FormMoments(new Dictionary<string, long?>());

        var read = await browser.SecondsAsync(typed);
        return new FormMoments(typed.Zip(read).ToDictionary(static one => one.First, static one => one.Second, StringComparer.Ordinal));
    }

    /// <summary>Unix seconds; null where nothing was typed.</summary>
    public long? Read(Typed typed, string field, string text)
    {
        if (text.Length == 0) return null;
        if (seconds.GetValueOrDefault(text) is { } moment and >= 0) return moment;

        typed.Refuse(field, "fault.moment");
        return null;
    }
}
