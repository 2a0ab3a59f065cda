using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What somebody finds who looks for something to go to.</summary>
public sealed class EventSearchTests
{
    [Fact]
    public async Task What_is_next_comes_first_and_what_is_over_or_cancelled_only_when_asked_for()
    {
        // It is 15 June 2027.
        using var node = new NodeFactory();
        var organiser = node.KeepAccount();
        string? cancelled = null;
        foreach (var (name, venue, date) in new[]
        {
            ("Winter Gala", "Old Hall", "2027-12-01"), ("Old Play", "Barn", "2027-06-01"), ("Summer Twin", "Opera", "2027-07-01"), ("Late Play", "Barn", "2027-06-10"), ("Gone", "Opera", "2027-08-01"), ("Another Twin", "Opera", "2027-07-01"),
        })
        {
            var created = await node.Api.PostAsync("/events", organiser, "create_event", new { name, venue, sessions = new[] { new { date, time = "19:00" } } });
            if (name == "Gone") cancelled = created.GetProperty("event_id").GetString();
        }

        await node.Api.PostAsync("/events/cancel", organiser, "cancel_event", new { event_id = cancelled });
        var search = node.Services.GetRequiredService<EventSearch>();
        IEnumerable<string> Found(string wanted, bool all = false) => search.Find(wanted, all).Select(static terms => terms.Name);

        Found("").Should().Equal("Summer Twin", "Another Twin", "Winter Gala");
        Found("", all: true).Should().Equal("Summer Twin", "Another Twin", "Gone", "Winter Gala", "Late Play", "Old Play");
        Found("hALL  gala").Should().Equal("Winter Gala");
        Found("old", all: true).Should().Equal("Winter Gala", "Old Play");
        Found("old twin", all: true).Should().BeEmpty();
    }

    [Fact]
    public void The_latest_events_are_looked_at_however_many_there_are()
    {
        Looked(3).Should().Equal(0, 1, 2);
        Looked(EventSearch.Looked + 2).Should().Equal(Enumerable.Range(2, EventSearch.Looked));

        static int[] Looked(int events) => [.. EventSearch.Latest(Chain(events)).Select(static terms => terms.Ordinal)];
    }

    [Fact]
    public async Task A_search_that_is_made_again_works_out_no_session_again()
    {
        using var node = new NodeFactory();
        var organiser = node.KeepAccount();
        var sessions = Enumerable.Range(0, CreateEvent.MaxSessions).Select(day => new { date = new DateOnly(2027, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), time = "19:00" });
        var created = await node.Api.PostAsync("/events", organiser, "create_event", new { name = "Daily", venue = "Hall", time_zone = "Europe/Zurich", sessions });
        var (search, times) = (node.Services.GetRequiredService<EventSearch>(), node.Services.GetRequiredService<SessionTimes>());

        search.Find("", all: false).Should().ContainSingle();
        var begins = times.Begins;
        begins.Should().BePositive();
        var shown = search.Show(search.Find("daily", all: true).Single());

        times.Begins.Should().Be(begins);
        (shown.Id.ToString(), shown.Session.Date, shown.IsUpcoming).Should().Be((created.GetProperty("event_id").GetString()!, new DateOnly(2027, 6, 15), true));
    }

    private static LedgerState Chain(int events)
    {
        EventTerms Terms(int ordinal) =>
            new(ordinal, Hash256.Sha256(BitConverter.GetBytes(ordinal)), 1, default, "Event", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [], [], default, null, ResaleRules.Default, false);
        return LedgerState.Of(0, Trie<Address, long>.Empty, [.. Enumerable.Range(0, events).Select(Terms)], Trie<EventId, EventTally>.Empty, [], Trie<Hash256, Present>.Empty, () => Trie<NumberedHash, Present>.Empty);
    }
}
