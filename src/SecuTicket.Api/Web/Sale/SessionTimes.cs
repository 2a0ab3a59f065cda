using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Which sessions of an event are still to come.</summary>
/// <remarks>
/// A list asks for the next session of thousands of events at each view, and each may have one a day in a zone that this machine looks for on its disk. So the next one is worked out once, and
/// known until it is over; what is known of an event goes with its terms.
/// </remarks>
public sealed class SessionTimes
{
    /// <summary>Names of zones that are kept, those that this machine does not know included. There are about 600; whoever invents more only has them looked for again.</summary>
    public const int KeptZones = 1_000;

    private readonly ConditionalWeakTable<EventTerms, Known> _known = [];
    private readonly ConcurrentDictionary<string, TimeZoneInfo?> _zones = new(StringComparer.Ordinal);
    private long _lookups;
    private long _begins;

    /// <summary>How often this machine was asked for a zone.</summary>
    internal long Lookups => Interlocked.Read(ref _lookups);

    /// <summary>How often the begin of a session was worked out.</summary>
    internal long Begins => Interlocked.Read(ref _begins);

    /// <summary>Zones that are kept now.</summary>
    internal int Zones => _zones.Count;

    /// <summary>The zone of a name; null where there is none, or one that this machine does not know.</summary>
    public static TimeZoneInfo? ZoneOf(string? name) => name is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>When a session begins. Its day and time are in the event's zone; in UTC where the event names none, or one that this machine does not know.</summary>
    /// <param name="zone">The event's.</param>
    /// <param name="session">Its session.</param>
    public static DateTimeOffset BeginOf(TimeZoneInfo? zone, Session session)
    {
        var local = session.Date.ToDateTime(session.Time);
        return new DateTimeOffset(local, zone is not null && local.Year is > 1 and < 9999 ? zone.GetUtcOffset(local) : TimeSpan.Zero);
    }

    /// <summary>The next session; the last one when all are over.</summary>
    public NextSession NextOf(EventTerms terms, DateTimeOffset now)
    {
        var isKnown = _known.TryGetValue(terms, out var known);
        // A clock that was put back may ask for what is known to be over.
        if (isKnown && known!.Since <= now && now < known.Until) return known.Next;

        var next = WorkOut(terms, isKnown ? known!.Zone : KeptZoneOf(terms.TimeZone), now);
        _known.AddOrUpdate(terms, next);
        return next.Next;
    }

    /// <summary>Whether one of the sessions is still to come, or has just begun.</summary>
    public bool IsUpcoming(EventTerms terms, int index, DateTimeOffset now)
    {
        var zone = _known.TryGetValue(terms, out var known) ? known.Zone : KeptZoneOf(terms.TimeZone);
        return new NextSession(index, BeginOf(zone, terms.Sessions[index])).IsUpcoming(now);
    }

    private Known WorkOut(EventTerms terms, TimeZoneInfo? zone, DateTimeOffset now)
    {
        Interlocked.Add(ref _begins, terms.Sessions.Count);
        NextSession? next = null;
        var (last, since) = (default(NextSession), DateTimeOffset.MinValue);
        for (var i = 0; i < terms.Sessions.Count; i++)
        {
            last = new NextSession(i, BeginOf(zone, terms.Sessions[i]));
            if (!last.IsUpcoming(now)) since = last.End > since ? last.End : since;
            else if (next is not { } best || last.Begin < best.Begin) next = last;
        }

        return new Known(zone, next ?? last, since, next?.End ?? DateTimeOffset.MaxValue);
    }

    private TimeZoneInfo? KeptZoneOf(string? name)
    {
        if (name is not { Length: > 0 }) return null;
        if (_zones.TryGetValue(name, out var kept)) return kept;

        Interlocked.Increment(ref _lookups);
        if (_zones.Count >= KeptZones) _zones.Clear();
        return _zones[name] = ZoneOf(name);
    }

    private sealed record Known(TimeZoneInfo? Zone, NextSession Next, DateTimeOffset Since, DateTimeOffset Until);
}
