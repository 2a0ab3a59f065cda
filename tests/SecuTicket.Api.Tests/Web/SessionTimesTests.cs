using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What a view of a list costs where events have a session a day.</summary>
public sealed class SessionTimesTests
{
    private static readonly DateOnly First = new(2027, 1, 1);

    // While the first session is still to come.
    private static readonly DateTimeOffset Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_list_of_events_with_a_session_a_day_works_them_out_once_however_often_it_is_viewed()
    {
        var times = new SessionTimes();
        string?[] zones = ["Europe/Zurich", "Nowhere/Land", "America/New_York", null];
        EventTerms[] events = [.. Enumerable.Range(0, 200).Select(number => Yearly(number, zones[number % zones.Length]))];

        for (var view = 0; view < 10; view++)
            foreach (var terms in events) times.NextOf(terms, Now.AddMinutes(view)).Index.Should().Be(0);

        (times.Begins, times.Lookups).Should().Be((events.Length * CreateEvent.MaxSessions, 3));

        foreach (var terms in events) times.IsUpcoming(terms, 3, Now).Should().BeTrue();
        (times.Begins, times.Lookups).Should().Be((events.Length * CreateEvent.MaxSessions, 3));
    }

    [Fact]
    public void What_is_known_of_an_event_is_renewed_when_its_session_is_over_and_when_its_terms_change()
    {
        var times = new SessionTimes();
        var terms = Yearly(0, "Europe/Zurich");
        var over = times.NextOf(terms, Now).End;

        times.NextOf(terms, over.AddTicks(-1)).Index.Should().Be(0);
        times.Begins.Should().Be(CreateEvent.MaxSessions);
        times.NextOf(terms, over).Index.Should().Be(1);
        times.NextOf(terms, over.AddHours(1)).Index.Should().Be(1);
        times.Begins.Should().Be(2 * CreateEvent.MaxSessions);
        times.NextOf(terms, over.AddTicks(-1)).Index.Should().Be(0, "a clock may be put back");
        times.Lookups.Should().Be(1);

        times.NextOf(terms with { TimeZone = "America/New_York" }, over).Index.Should().Be(0);
        times.Lookups.Should().Be(2);
    }

    [Fact]
    public void Sessions_in_any_order_are_found_as_by_whoever_looks_at_each_of_them_each_time()
    {
        var times = new SessionTimes();
        var random = new Random(1);
        foreach (var zone in (string?[])["Europe/Zurich", "Pacific/Apia", "Nowhere/Land", null])
        {
            // At the end of March a night in Zurich has an hour less; two sessions may begin at once.
            var terms = Yearly(0, zone) with { Sessions = [.. Enumerable.Range(0, 60).Select(_ => new Session(new DateOnly(2027, 3, 20).AddDays(random.Next(15)), new TimeOnly(random.Next(24), 30)))] };
            for (var look = 0; look < 500; look++)
            {
                var now = new DateTimeOffset(2027, 3, 19, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(18 * 24 * 60));
                var found = times.NextOf(terms, now);
                (found.Index, found.IsUpcoming(now)).Should().Be(Looked(terms, now), "it is {0} in {1}", now, zone);
            }
        }

        static (int Index, bool IsUpcoming) Looked(EventTerms terms, DateTimeOffset now)
        {
            DateTimeOffset Begin(int session) => SessionTimes.BeginOf(SessionTimes.ZoneOf(terms.TimeZone), terms.Sessions[session]);
            var upcoming = Enumerable.Range(0, terms.Sessions.Count).Where(session => Begin(session).AddHours(6) > now).ToArray();
            return upcoming.Length > 0 ? (upcoming.MinBy(Begin), true) : (terms.Sessions.Count - 1, false);
        }
    }

    [Fact]
    public void Invented_zones_take_no_more_room_than_there_is()
    {
        var times = new SessionTimes();
        for (var zone = 0; zone < (2 * SessionTimes.KeptZones) + 1; zone++) times.NextOf(Once($"Nowhere/{zone}"), Now).Begin.Offset.Should().Be(TimeSpan.Zero);

        times.Zones.Should().BeInRange(1, SessionTimes.KeptZones);
    }

    private static EventTerms Yearly(int ordinal, string? zone) => Once(zone) with
    {
        Ordinal = ordinal,
        Sessions = [.. Enumerable.Range(0, CreateEvent.MaxSessions).Select(day => new Session(First.AddDays(day), new TimeOnly(19, 0)))],
    };

    private static EventTerms Once(string? zone) =>
        new(0, Hash256.Sha256("event"u8), 1, default, "Event", "Hall", [new Session(First, new TimeOnly(19, 0))], zone, [], [], default, null, ResaleRules.Default, false);
}
