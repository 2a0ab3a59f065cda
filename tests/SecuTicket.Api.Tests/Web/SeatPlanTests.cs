using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>How a house is drawn from nothing but its seats' names.</summary>
public sealed class SeatPlanTests
{
    private static readonly EventId Event = EventId.Of(Hash256.Sha256("event"u8));

    [Theory]
    [InlineData("A-1", "", "A", 1)]
    [InlineData("B12", "", "B", 12)]
    [InlineData("Balcony A-1", "Balcony", "A", 1)]
    [InlineData("Stalls-left-AA-007", "Stalls-left", "AA", 7)]
    [InlineData("Row C Seat 5", "", "C", 5)]
    [InlineData("12-5", "", "12", 5)]
    [InlineData("17", "", "", 17)]
    [InlineData("General 17", "", "General", 17)]
    [InlineData("VIP", "", "", null)]
    [InlineData("A-123456", "", "", null)]
    [InlineData("---", "", "", null)]
    public void A_seats_name_says_section_row_and_number(string seat, string section, string row, int? number) => SeatLabel.Of(seat).Should().Be(new SeatLabel(section, row, number));

    [Fact]
    public void Rows_stand_below_each_other_by_number_in_the_order_in_which_people_count()
    {
        var plan = PlanOf("AA-1", "B-3", "B-2", "A-2", "A-4");

        var area = plan.Areas.Should().ContainSingle().Subject;
        area.Lines.Select(line => (line.Row, string.Join(' ', line.Seats.Select(seat => $"{seat.Name}@{seat.Column}")))).Should()
            .Equal(("A", "A-2@1 A-4@3"), ("B", "B-2@1 B-3@2"), ("AA", "AA-1@0"));
        (area.IsWhole, area.Columns, area.Count).Should().Be((true, 4, 5));
    }

    [Fact]
    public void Seats_without_rows_or_with_wide_ones_are_packed()
    {
        var area = PlanOf([.. Enumerable.Range(1, 90).Select(seat => $"Floor {seat}")]).Areas[0];

        area.Lines.Select(line => line.Seats.Count).Should().Equal(40, 40, 10);
        area.Lines.Should().OnlyContain(line => line.Row == "Floor" && line.Seats[0].Column == 0);
        PlanOf("VIP", "Box", "Crown").Areas[0].Lines.Single().Seats.Select(seat => seat.Name).Should().Equal("Box", "Crown", "VIP");
    }

    [Fact]
    public void A_house_of_any_size_is_cut_into_areas_of_which_a_page_shows_one()
    {
        var seats = new[] { "North", "South" }.SelectMany(side => Enumerable.Range(1, 600), (side, row) => (side, row)).SelectMany(_ => Enumerable.Range(1, 50), (at, seat) => $"{at.side} R{at.row}-{seat}");

        var plan = PlanOf([.. seats]);

        plan.Seats.Should().Be(60_000);
        plan.Areas.Should().HaveCount(24).And.OnlyContain(area => area.Count == SeatPlan.AreaSeats && !area.IsWhole);
        plan.Areas.SelectMany(area => area.Seats).Select(seat => seat.Ticket).Should().OnlyHaveUniqueItems();
        plan.Areas.Select(area => area.Section).Distinct().Should().Equal("North", "South");
    }

    [Fact]
    public void Names_that_are_made_to_fill_a_page_do_not()
    {
        PlanOf([.. Enumerable.Range(1, 300).Select(section => $"Section{section} A-1")]).Areas.Should().ContainSingle().Which.Count.Should().Be(300);
        PlanOf([.. Enumerable.Range(1, 300).Select(row => $"R{row}-1")]).Areas.Single().Lines.Should().HaveCount(8);
        PlanOf([.. Enumerable.Range(1, 30).Select(row => $"R{row}-1")]).Areas.Single().Lines.Should().HaveCount(30);
    }

    [Fact]
    public void A_count_may_be_seconds_old_and_no_older()
    {
        var area = PlanOf("A-1").Areas[0];
        var now = DateTimeOffset.UnixEpoch;
        var free = Trie<TicketId, Ticket>.Empty.Set(IdOf("A-1"), TicketOf(0, "A-1"));
        var sold = free.Set(IdOf("A-1"), TicketOf(0, "A-1") with { Status = TicketStatus.Sold });

        area.RecentIn(free, now).FreeSeats.Should().Be(1);
        area.RecentIn(sold, now + SeatArea.CountedFor - TimeSpan.FromTicks(1)).FreeSeats.Should().Be(1);
        area.RecentIn(sold, now + SeatArea.CountedFor).FreeSeats.Should().Be(0);
    }

    [Fact]
    public void States_are_one_letter_a_seat_and_shared_until_the_ledger_changes()
    {
        var seats = new[] { "A-1", "A-2", "A-3", "A-4", "A-5" };
        var buyer = Address.Of(KeyOf(7));
        Ticket[] tickets =
        [
            TicketOf(0, "A-1"), TicketOf(1, "A-2") with { Status = TicketStatus.Sold }, TicketOf(2, "A-3") with { Status = TicketStatus.Listed, Listing = new Listing(5_500, null) },
            TicketOf(3, "A-4") with { Status = TicketStatus.Listed, Listing = new Listing(5_000, buyer) }, TicketOf(4, "A-5") with { Status = TicketStatus.Revoked },
        ];
        var ledger = Trie<TicketId, Ticket>.Of(tickets.Select(ticket => KeyValuePair.Create(IdOf(ticket.Seat.ToString()), ticket)));
        var area = PlanOf(seats).Areas[0];

        var states = area.StatesIn(ledger);

        System.Text.Encoding.UTF8.GetString(states.Json.Span).Should().Be($$"""{"offers":[[2,5500],[3,5000,"{{buyer}}"]],"states":"ftopx"}""");
        (states.FreeSeats, states.OfferedSeats).Should().Be((1, 1));
        area.StatesIn(ledger).Should().BeSameAs(states);
        var next = area.StatesIn(ledger.Set(IdOf("A-1"), tickets[0] with { Status = TicketStatus.Sold }));
        next.Tag.Should().NotBe(states.Tag);
        SeatRow.Of(area, states).Single().Should().Be(new SeatRow("A", "1", 1, "3", 5_000, 5_000));
    }

    [Fact]
    public void A_row_is_told_in_ranges()
    {
        var area = PlanOf("A-1", "A-2", "A-3", "A-5", "A-8", "A-9").Areas[0];
        var ledger = Trie<TicketId, Ticket>.Of(area.Seats.Select((seat, place) => KeyValuePair.Create(seat.Ticket, TicketOf(place, seat.Name))));

        SeatRow.Of(area, area.StatesIn(ledger)).Single().Free.Should().Be("1–3, 5, 8–9");
    }

    [Fact]
    public void Plans_that_nobody_looks_at_make_room_and_one_that_somebody_does_is_made_once()
    {
        var plans = new SeatPlans();
        var large = LedgerOf(SeatPlans.KeptSeats);
        var small = LedgerOf(10);

        var first = plans.Of(small, Event, 0);
        plans.Of(small, Event, 0).Should().BeSameAs(first);
        plans.Of(large, Event, 0);
        plans.Count.Should().Be(1);
        plans.Of(small, Event, 0).Should().NotBeSameAs(first);
        plans.Count.Should().Be(1);
    }

    [Fact]
    public async Task A_plan_that_many_ask_for_at_once_is_made_by_one_of_them_and_kept_once()
    {
        var plans = new SeatPlans();
        var ledger = LedgerOf(50_000);
        const int Askers = 4;
        using var together = new Barrier(Askers);

        var made = await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return plans.Of(ledger, Event, 0);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        made.Distinct(ReferenceEqualityComparer.Instance).Count().Should().Be(1);
        plans.Count.Should().Be(1);
    }

    private static LedgerState LedgerOf(int seats)
    {
        var terms = new EventTerms(0, Hash256.Sha256("event"u8), 1, default, "Name", "Venue", [default(Session)], null, [], [], default, null, ResaleRules.Default, Cancelled: false);
        var tickets = Enumerable.Range(0, seats).Select(seat => KeyValuePair.Create(IdOf($"A-{seat}"), TicketOf(seat, $"A-{seat}"))).ToArray();
        return LedgerState.Of(0, Trie<Address, long>.Empty, [terms], Trie<EventId, EventTally>.Empty, tickets, Trie<Hash256, Present>.Empty, () => Trie<NumberedHash, Present>.Empty);
    }

    private static SeatPlan PlanOf(params string[] seats) => SeatPlan.Of(seats.Select((seat, place) => KeyValuePair.Create(IdOf(seat), TicketOf(place, seat))));

    private static Ticket TicketOf(int place, string seat) => new(new TicketIssue(Event, 0, 5_000, 1), place, SeatName.Of(seat), default);

    private static TicketId IdOf(string seat) => new(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(seat)).Span[..TicketId.Size]);

    private static PublicKey KeyOf(byte seed)
    {
        using var key = SecuTicket.Core.Cryptography.P256PrivateKey.FromScalar(Hash256.Sha256([seed]).Span);
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        return new PublicKey(point);
    }
}
