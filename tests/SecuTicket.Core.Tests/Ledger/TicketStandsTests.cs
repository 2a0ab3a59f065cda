using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Ledger;

public sealed class TicketStandsTests
{
    private const int Tickets = 20_000;
    private static readonly int[] SoldOnes = [0, 63, 64, 4_095, 4_096, Tickets - 1];

    private static readonly LedgerState State = Of(Tickets, place => place % 2, place => SoldOnes.Contains(place) ? TicketStatus.Sold : TicketStatus.Unsold);

    private static EventId Event => State.Events.Single().Key;

    [Fact]
    public void The_few_of_a_status_are_found_without_a_look_at_the_others()
    {
        var stands = State.Stands.Single().Value;
        var sold = SoldOnes.Select(place => TicketStands.KeyOf(new Ticket(Issue(place % 2), place, SeatName.Of("A"), default) { Status = TicketStatus.Sold })).Distinct().ToArray();

        stands.Select(entry => entry.Key.Value).Where(key => sold.Contains(key)).Should().HaveCount(6, "an entry is there for what is sold, and for nothing else");
        TicketStands.Places(stands, [(0, TicketStatus.Sold), (1, TicketStatus.Sold)], 0).Should().Equal(SoldOnes.Select(place => (long)place));
        stands.Count.Should().Be((2 * ((Tickets / 64) + 1)) + 6, "64 places share an entry");
    }

    [Theory]
    [InlineData(0, 63)]
    [InlineData(62, 63)]
    [InlineData(63, 64)]
    [InlineData(64, 4_095)]
    [InlineData(4_096, Tickets - 1)]
    public void Reading_goes_on_after_a_place_wherever_it_lies(int after, int expected)
    {
        State.TicketsOf(Event, null, TicketStatus.Sold, after).First().Key.Value.Should().Be(expected);
    }

    [Fact]
    public void Sessions_are_kept_apart_and_none_ends_in_the_next()
    {
        var places = State.TicketsOf(Event, 0, TicketStatus.Sold).Select(entry => entry.Key.Value);

        places.Should().Equal(SoldOnes.Where(place => place % 2 == 0).Select(place => (long)place));
        State.TicketsOf(Event, 1, null).Should().HaveCount(Tickets / 2).And.OnlyContain(entry => entry.Key.Value % 2 == 1);
        State.TicketsOf(Event, 2, null).Should().BeEmpty();
        State.TicketsOf(default, null, TicketStatus.Sold).Should().BeEmpty();
    }

    [Fact]
    public void Face_prices_are_counted_as_tickets_are_issued()
    {
        State.FacePrices.Single().Value.Select(entry => (entry.Key.Value, entry.Value)).Should().Equal((5_000, Tickets / 2), (5_001, Tickets / 2));
    }

    private static TicketIssue Issue(int session) => new(default, session, 5_000 + session, 1);

    private static LedgerState Of(int count, Func<int, int> sessionOf, Func<int, TicketStatus> statusOf)
    {
        var scenario = new Scenario();
        var created = scenario.Creates("organiser", sessions: 2);
        var terms = scenario.State.Events.Find(created)!;
        TicketIssue[] issues = [Issue(0) with { Event = terms.Id }, Issue(1) with { Event = terms.Id }];
        var tickets = new KeyValuePair<TicketId, Ticket>[count];
        Span<byte> id = stackalloc byte[TicketId.Size];
        for (var place = 0; place < count; place++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(id, place);
            tickets[place] = KeyValuePair.Create(new TicketId(id), new Ticket(issues[sessionOf(place)], place, SeatName.Of("A"), default) { Status = statusOf(place) });
        }

        return LedgerState.Of(0, LedgerState.Empty.Balances, [terms], LedgerState.Empty.Tallies, tickets, LedgerState.Empty.References, () => LedgerState.Empty.Seen);
    }
}
