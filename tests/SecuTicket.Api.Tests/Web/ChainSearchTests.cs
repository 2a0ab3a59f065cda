using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Explorer;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What the explorer finds of what somebody typed.</summary>
public sealed class ChainSearchTests
{
    [Fact]
    public async Task Ids_lead_to_what_they_are_of_however_they_are_written()
    {
        using var concert = await Concert.StartAsync(seats: 2);
        var block = concert.Node.Node.Snapshot.Tip;
        var bought = (await concert.BuyAsync(concert.Alice, concert.Tickets[0])).GetProperty("transaction_id").GetString()!;

        Found("1").Should().Equal("Block 1 /explorer/blocks/1");
        Found("2").Should().BeEmpty("there is no such block yet");
        Found(block.Hash.ToString().ToUpperInvariant()).Should().Equal($"Block {block.Hash} /explorer/blocks/{block.Hash}");
        Found(concert.CreatedBy).Should().Equal($"Transaction {concert.CreatedBy} /explorer/transactions/{concert.CreatedBy}");
        Found(bought).Should().Equal($"Transaction {bought} /explorer/transactions/{bought}");
        foreach (var written in new[] { concert.Bob.Id, concert.Bob.Id.ToLowerInvariant(), concert.Bob.Id[2..] }) Found(written).Should().Equal($"Account {concert.Bob.Id} /explorer/accounts/{concert.Bob.Id}");
        Found(concert.EventId).Should().Equal($"Event Les Élans /explorer/events/{concert.EventId}");
        Found(concert.Tickets[1].ToUpperInvariant()).Should().Equal($"Ticket A-2 /explorer/tickets/{concert.Tickets[1]} Les Élans · 1");
        Found(new string('0', 64)).Should().BeEmpty();
        Found(new string('0', 32)).Should().BeEmpty();

        string[] Found(string text) => [.. new ChainSearch(concert.Node.Node).Find(text).Found.Select(static one => $"{one.Kind} {one.Name} {one.Href} {one.Of}".Trim())];
    }

    [Fact]
    public async Task Names_and_seats_are_looked_for_in_the_newest_events_and_so_many_are_shown()
    {
        using var concert = await Concert.StartAsync(seats: 1);
        await concert.IssueAsync(1, "a-1");
        for (var i = 0; i < ChainSearch.MaxFound; i++)
            await concert.Api.PostAsync("/events", concert.Organiser, "create_event", new { name = $"Evening {i}", venue = "v", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } });

        Names("élans").Should().Equal("Les Élans");
        Names("EVENING 1").Should().Equal([.. Enumerable.Range(10, 10).Reverse().Select(static i => $"Evening {i}"), "Evening 1"]);
        Names("a-1").Should().Equal("A-1 Les Élans · 1", "a-1 Les Élans · 2");
        foreach (var nothing in new[] { "", new string('e', ChainSearch.MaxLength + 1), "A-10", "é-1" }) Names(nothing).Should().BeEmpty();

        new ChainSearch(concert.Node.Node).Find("evening").IsCut.Should().BeFalse("all are shown");
        var cut = new ChainSearch(concert.Node.Node).Find("e");
        (cut.Found.Count, cut.IsCut).Should().Be((ChainSearch.MaxFound, true));
        Names("élans", maxEvents: ChainSearch.MaxFound).Should().BeEmpty();
        Names("élans", maxEvents: ChainSearch.MaxFound + 1).Should().ContainSingle();
        Names("a-1", maxSessions: ChainSearch.MaxFound).Should().BeEmpty();
        Names("A-1", maxSessions: ChainSearch.MaxFound + 1).Should().Equal("A-1 Les Élans · 1");

        string[] Names(string text, int maxEvents = ChainSearch.MaxEvents, int maxSessions = ChainSearch.MaxSessions) =>
            [.. new ChainSearch(concert.Node.Node, maxEvents, maxSessions).Find(text).Found.Select(static one => $"{one.Name} {one.Of}".Trim())];
    }
}
