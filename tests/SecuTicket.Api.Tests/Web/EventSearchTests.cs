using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Sale;

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
}
