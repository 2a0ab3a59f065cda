using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Which sessions of an event are still to come.</summary>
public static class SessionTimes
{
    /// <summary>How long after its begin a session is still shown as one to go to: who comes late comes in.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromHours(6);

    /// <summary>When a session begins. Its day and time are in the event's zone; in UTC where the event names none, or one that this machine does not know.</summary>
    public static DateTimeOffset BeginOf(EventTerms terms, Session session) => BeginOf(terms.TimeZone, session);

    /// <summary>The same of an event that is not there yet.</summary>
    /// <param name="name">Its zone's.</param>
    /// <param name="session">Its session.</param>
    public static DateTimeOffset BeginOf(string? name, Session session)
    {
        var local = session.Date.ToDateTime(session.Time);
        if (name is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && local.Year is > 1 and < 9999)
            return new DateTimeOffset(local, zone.GetUtcOffset(local));

        return new DateTimeOffset(local, TimeSpan.Zero);
    }

    /// <summary>Whether a session is still to come, or has just begun.</summary>
    public static bool IsUpcoming(EventTerms terms, Session session, DateTimeOffset now)
    {
        var begin = BeginOf(terms, session);
        return begin > DateTimeOffset.MaxValue - Late || begin + Late > now;
    }

    /// <summary>Index of the next session; that of the last one when all are over.</summary>
    public static int Next(EventTerms terms, DateTimeOffset now)
    {
        var next = -1;
        for (var i = 0; i < terms.Sessions.Count; i++)
            if (IsUpcoming(terms, terms.Sessions[i], now) && (next < 0 || BeginOf(terms, terms.Sessions[i]) < BeginOf(terms, terms.Sessions[next]))) next = i;
        return next < 0 ? terms.Sessions.Count - 1 : next;
    }
}
