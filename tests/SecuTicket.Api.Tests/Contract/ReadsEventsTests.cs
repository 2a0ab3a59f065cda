using System.Net;
using System.Text.Json;
using SecuTicket.Api.Events;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsEventsTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    private static readonly string Nowhere = new('0', 32);

    [Fact]
    public async Task An_event_shows_its_terms_in_the_words_in_which_it_was_created()
    {
        using var concert = await Concert.StartAsync(resale: new
        {
            transfer = "forbidden",
            resale = "capped",
            max_price_percent = 110,
            commission_percent = 5,
            resellers = new[] { "0x00000000000000000000000000000000000acc00" },
            max_resales = 2,
            opens_at = 1,
            closes_at = 2,
            @return = new { refund_percent = 80, until = 3 },
        });

        var shown = await concert.Api.GetAsync($"/events/{concert.EventId}");

        JsonSerializer.Serialize(shown).Should().Be(JsonSerializer.Serialize(JsonSerializer.SerializeToElement(new
        {
            id = concert.EventId,
            organiser = concert.Organiser.Id,
            name = "Les Élans",
            venue = "Grand Hall",
            sessions = new[] { new { date = "2027-06-15", time = "19:00" }, new { date = "2027-06-16", time = "20:30" } },
            sellers = new[] { concert.Seller.Id },
            gates = new[] { concert.Gate.Id },
            event_key = concert.Organiser.Id,
            resale = new
            {
                transfer = "forbidden",
                resale = "capped",
                max_price_percent = 110,
                commission_percent = 5,
                commission_to = concert.Organiser.Id,
                @return = new { refund_percent = 80, until = 3 },
                resellers = new[] { "0x00000000000000000000000000000000000AcC00" },
                max_resales = 2,
                opens_at = 1,
                closes_at = 2,
            },
            cancelled = false,
            issued = 5,
            sold = 0,
            created_in = 1,
            transaction_id = concert.CreatedBy,
            organiser_name = "unverified",
            organiser_status = "unverified",
            time_zone = "Europe/Paris",
        })));
    }

    [Fact]
    public async Task Rules_that_were_left_out_show_what_holds_then()
    {
        using var concert = await Concert.StartAsync(resale: new { });

        var resale = (await concert.Api.GetAsync($"/events/{concert.EventId}")).GetProperty("resale");

        JsonSerializer.Serialize(resale).Should().Be(JsonSerializer.Serialize(new
        {
            transfer = "allowed",
            resale = "face_value",
            max_price_percent = 100,
            commission_percent = 0,
            commission_to = concert.Organiser.Id,
            @return = new { refund_percent = 100 },
        }));
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("face_value")]
    [InlineData("capped")]
    [InlineData("free")]
    public async Task Rules_as_shown_can_be_sent_back(string mode)
    {
        using var concert = await Concert.StartAsync(resale: new { resale = mode });
        var resale = (await concert.Api.GetAsync($"/events/{concert.EventId}")).GetProperty("resale");

        await concert.Api.PostAsync("/transactions", concert.Organiser, "update_event", new { event_id = concert.EventId, resale });
        await concert.SealAsync();

        (await concert.Api.GetAsync($"/events/{concert.EventId}")).GetProperty("resale").GetRawText().Should().Be(resale.GetRawText());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task Events_come_in_the_order_of_their_creation_in_pages_of_any_size(int limit)
    {
        using var node = new NodeFactory();
        var organiser = node.OwnAccount("organiser");
        (await node.Api.GetAsync("/events")).GetRawText().Should().Be("""{"items":[],"next":null}""");
        for (var i = 0; i < 5; i++)
        {
            await node.Api.PostAsync("/events", organiser, "create_event", new { name = $"{i}", venue = "v", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } });
            if (i == 3) await node.SealAsync();
        }

        (await node.Api.GetAllAsync("/events", limit)).Select(one => one.GetProperty("name").GetString()).Should().Equal("0", "1", "2", "3");
        var all = await node.Api.GetAllAsync("/events?pending=true", limit);
        all.Select(one => one.GetProperty("name").GetString()).Should().Equal("0", "1", "2", "3", "4");
        all[4].GetProperty("created_in").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_event_that_waits_and_a_cancellation_that_waits_are_shown_when_asked_for()
    {
        using var concert = await Concert.StartAsync();
        await concert.CancelAsync();

        (await concert.Api.GetAsync($"/events/{concert.EventId}")).GetProperty("cancelled").GetBoolean().Should().BeFalse();
        (await concert.Api.GetAsync($"/events/{concert.EventId}?pending=true")).GetProperty("cancelled").GetBoolean().Should().BeTrue();
        await concert.SealAsync();
        (await concert.Api.GetAsync($"/events/{concert.EventId}")).GetProperty("cancelled").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task Its_tickets_come_in_the_order_of_their_issue_by_status_and_session(int limit)
    {
        using var concert = await Concert.StartAsync(seats: 4);
        await concert.IssueAsync(1, "B-1", "B-2");
        await concert.BuyAsync(concert.Alice, concert.Tickets[2]);
        await concert.SealAsync();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        var path = $"/events/{concert.EventId}/tickets";

        (await SeatsAsync(path)).Should().Equal("A-1", "A-2", "A-3", "A-4", "B-1", "B-2");
        (await SeatsAsync($"{path}?session=1")).Should().Equal("B-1", "B-2");
        (await SeatsAsync($"{path}?session=365")).Should().BeEmpty();
        (await SeatsAsync($"{path}?status=unsold")).Should().Equal("A-1", "A-2", "A-4", "B-1", "B-2");
        (await SeatsAsync($"{path}?status=unsold&session=0")).Should().Equal("A-1", "A-2", "A-4");
        (await SeatsAsync($"{path}?status=sold")).Should().Equal("A-3");
        (await SeatsAsync($"{path}?status=sold&pending=true")).Should().Equal("A-1", "A-3");
        (await SeatsAsync($"{path}?status=redeemed")).Should().BeEmpty();

        async Task<IEnumerable<string?>> SeatsAsync(string query) => (await concert.Api.GetAllAsync(query, limit)).Select(ticket => ticket.GetProperty("seat").GetString());
    }

    [Fact]
    public async Task Malformed_ids_are_refused_and_unknown_events_not_found()
    {
        foreach (var path in new[] { "", "/tickets", "/stats" })
        {
            await empty.Api.GetRefusedAsync($"/events/{Nowhere}{path}", HttpStatusCode.NotFound, "not_found");
            await empty.Api.GetRefusedAsync($"/events/{Nowhere}{path}?pending=true", HttpStatusCode.NotFound, "not_found");
            await empty.Api.GetRefusedAsync($"/events/{Nowhere}{path}?pending=1", HttpStatusCode.BadRequest, "invalid_field");
            foreach (var malformed in new[] { "x", new string('0', 31), new string('F', 32), new string('0', 64) })
                await empty.Api.GetRefusedAsync($"/events/{malformed}{path}", HttpStatusCode.BadRequest, "invalid_field");
        }
    }

    [Theory]
    [InlineData("/tickets", "status=bought")]
    [InlineData("/tickets", "status=")]
    [InlineData("/tickets", "status=Sold")]
    [InlineData("/tickets", "session=-1")]
    [InlineData("/tickets", "session=366")]
    [InlineData("/tickets", "session=first")]
    [InlineData("/tickets", "limit=0")]
    [InlineData("/tickets", "limit=1001")]
    [InlineData("/tickets", "after=x")]
    [InlineData("", "limit=0")]
    [InlineData("", "after=__________8")]
    public async Task A_query_is_taken_as_it_says_or_refused(string list, string query)
    {
        await empty.Api.GetRefusedAsync($"{(list.Length == 0 ? "/events" : $"/events/{Nowhere}{list}")}?{query}", HttpStatusCode.BadRequest, "invalid_field");
    }

    // S1.8
    [Fact]
    public async Task Statistics_count_sales_resales_and_who_came_in()
    {
        using var concert = await Concert.StartAsync(seats: 10);
        var tickets = concert.Tickets;
        await concert.BuyAsync(concert.Alice, tickets[0]);
        await concert.BuyAsync(concert.Alice, tickets[1]);
        await concert.BuyAsync(concert.Bob, tickets[2]);
        await concert.ListAsync(concert.Alice, tickets[0], 5501);
        await concert.BuyAsync(concert.Bob, tickets[0]);
        await concert.ListAsync(concert.Alice, tickets[1], 4900);
        await concert.BuyAsync(concert.Bob, tickets[1]);
        await concert.ReturnAsync(concert.Bob, tickets[2]);
        await concert.RevokeAsync(tickets[4]);
        await concert.SealAsync();
        await concert.RedeemAsync(tickets[0]);
        await concert.SealAsync();
        concert.Node.Clock.Advance(TimeSpan.FromMinutes(61));
        await concert.RedeemAsync(tickets[1]);
        await concert.SealAsync();

        var stats = await concert.Api.GetAsync($"/events/{concert.EventId}/stats");

        JsonSerializer.Serialize(stats).Should().Be(JsonSerializer.Serialize(new
        {
            event_id = concert.EventId,
            issued = 10,
            sold = 2,
            unsold = 7,
            redeemed = 2,
            revoked = 1,
            returns = 1,
            sales = 3,
            revenue = 15_000,
            outside_revenue = 0,
            refunds = 5_000,
            resales = 2,
            resale_volume = 10_401,
            average_resale_premium = 200, // (501 − 100) / 2
            average_resale_premium_percent = 4, // 401 of 10,000
            commission = 1_040, // 550 and 490
            attendance = new[] { new { minute = "2027-06-15T18:00Z", admitted = 1 }, new { minute = "2027-06-15T19:01Z", admitted = 1 } },
            attendance_complete = true,
        }));
    }

    [Fact]
    public async Task Statistics_show_what_was_paid_outside_and_what_waits_when_asked_for()
    {
        using var concert = await Concert.StartAsync();
        await concert.Api.PostAsync("/transactions", concert.Organiser, "sell_ticket", new { ticket_id = concert.Tickets[0], recipient = concert.Bob.Id, price = 4800 });
        await concert.RedeemAsync(concert.Tickets[0]);

        var confirmed = await concert.Api.GetAsync($"/events/{concert.EventId}/stats");
        var waiting = await concert.Api.GetAsync($"/events/{concert.EventId}/stats?pending=true");

        confirmed.GetProperty("sold").GetInt32().Should().Be(0);
        confirmed.GetProperty("average_resale_premium").ValueKind.Should().Be(JsonValueKind.Null);
        confirmed.GetProperty("average_resale_premium_percent").ValueKind.Should().Be(JsonValueKind.Null);
        waiting.GetProperty("outside_revenue").GetInt64().Should().Be(4_800);
        waiting.GetProperty("redeemed").GetInt32().Should().Be(1);
        waiting.GetProperty("attendance").GetArrayLength().Should().Be(0, "a redemption that waits is in no minute yet");
    }

    [Theory]
    [InlineData(3, 10_000, 100, 33, 1)] // 100 / 3, 100 of 9,900
    [InlineData(3, 9_900, -100, -33, -1)] // toward zero, not down
    [InlineData(2, 3, -1, 0, -25)]
    [InlineData(1, 5, 5, 5, null)] // of tickets that cost nothing no percentage can be told
    [InlineData(0, 0, 0, null, null)]
    public void Averages_are_rounded_toward_zero(int resales, long volume, long premium, int? average, int? percent)
    {
        var stats = EventStatsContract.Of(default, EventTally.Empty with { Resales = resales, ResaleVolume = volume, ResalePremium = premium }, new Attendance([], true));

        stats.AverageResalePremium.Should().Be(average);
        stats.AverageResalePremiumPercent.Should().Be(percent);
    }

    [Fact]
    public async Task Attendance_adds_up_the_blocks_of_a_minute_and_says_when_it_did_not_look_at_all()
    {
        using var concert = await Concert.StartAsync(seats: 4);
        foreach (var ticket in concert.Tickets) await concert.BuyAsync(concert.Alice, ticket);
        await concert.SealAsync();
        foreach (var ticket in concert.Tickets)
        {
            await concert.RedeemAsync(ticket);
            await concert.SealAsync();
            concert.Node.Clock.Advance(TimeSpan.FromSeconds(25));
        }

        var all = Attendance.Read(concert.Node.Node.Store, concert.Node.Node.Snapshot.Chain.Ledger.EventOrder.First().Value);
        var some = Attendance.Read(concert.Node.Node.Store, concert.Node.Node.Snapshot.Chain.Ledger.EventOrder.First().Value, maxBlocks: 2);
        var exactly = Attendance.Read(concert.Node.Node.Store, concert.Node.Node.Snapshot.Chain.Ledger.EventOrder.First().Value, maxBlocks: 4);

        all.Minutes.Should().Equal(new AttendanceContract("2027-06-15T18:00Z", 3), new AttendanceContract("2027-06-15T18:01Z", 1));
        all.IsComplete.Should().BeTrue();
        some.Minutes.Should().Equal(new AttendanceContract("2027-06-15T18:00Z", 2));
        some.IsComplete.Should().BeFalse();
        exactly.IsComplete.Should().BeTrue();
        Attendance.MaxBlocks.Should().Be(50_000);
    }

    [Fact]
    public async Task A_filter_that_few_pass_fills_its_page_and_is_read_on_from_any_place()
    {
        using var concert = await Concert.StartAsync(seats: 7);
        await concert.BuyAsync(concert.Alice, concert.Tickets[4]);
        await concert.BuyAsync(concert.Alice, concert.Tickets[6]);
        var view = new LedgerView(concert.Node.Node.Snapshot, IsPending: true);
        var id = view.State.EventOrder.First().Value;
        var tickets = new EventTickets(view);

        var all = tickets.Read(id, null, TicketStatus.Sold, 100, null);
        all.Items.Select(ticket => ticket.Seat).Should().Equal("A-5", "A-7");
        all.Next.Should().BeNull();
        var first = tickets.Read(id, 0, TicketStatus.Sold, 1, null);
        first.Items.Select(ticket => ticket.Seat).Should().Equal("A-5");
        NumberPlace.TryParse(first.Next!, out var place).Should().BeTrue();
        tickets.Read(id, 0, TicketStatus.Sold, 1, place).Items.Select(ticket => ticket.Seat).Should().Equal("A-7");
        tickets.Read(id, null, TicketStatus.Unsold, 100, place).Items.Select(ticket => ticket.Seat).Should().Equal("A-6");
        tickets.Read(id, 1, null, 100, null).Items.Should().BeEmpty("there is one session");
    }
}
