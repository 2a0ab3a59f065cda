using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

public sealed class PackedTicketsTests
{
    private const long Number = (7L << 28) | 3;

    private static readonly EventId Event = EventId.Of(Hash256.Sha256("some"u8));
    private static readonly Hash256 Hash = Hash256.Sha256("other"u8);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_page_holds_what_was_written_last_at_each_of_its_places(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedDictionary<int, PlacedTicket>();
        byte[] page = [];
        for (var step = 0; step < 400; step++)
        {
            var changes = Enumerable.Range(0, PackedTickets.Places).Where(_ => random.Next(6) == 0).Select(place => Any(random, place)).ToArray();
            foreach (var change in changes)
                if (change.Ticket is null) expected.Remove((int)(change.Place & 15));
                else expected[(int)(change.Place & 15)] = change;

            page = PackedTickets.With(page, changes);
            page.Should().Equal(PackedTickets.With(default, [.. expected.Values]), "what was there before leaves nothing");
            Read(page).SequenceEqual(expected.Values.Select(placed => KeyValuePair.Create(placed.Id, placed.Ticket!))).Should().BeTrue();
        }

        PackedTickets.With(page, [.. expected.Values.Select(placed => placed with { Ticket = null })]).Should().BeEmpty();
    }

    [Fact]
    public void A_ticket_with_all_that_one_can_have_fits_and_a_sale_of_a_page_takes_less_than_72_bytes_a_ticket()
    {
        var full = new Ticket(new TicketIssue(Event, 365, Operation.MaxAmount, long.MaxValue), 48, SeatName.Of(new string('~', 32)), TicketStatus.Redeemed, Owner(1), true, int.MaxValue, long.MaxValue)
        {
            Listing = new Listing(long.MaxValue, Owner(2)),
            IdentityCommitment = Hash,
            Redemption = new Redemption(Owner(3), long.MaxValue, Hash),
        };
        Read(PackedTickets.With(default, [new PlacedTicket(Number << 4, Id(1), full)])).Single().Value.Should().Be(full);

        var issue = new TicketIssue(Event, 0, 5_000, 1);
        PlacedTicket[] sold = [.. Enumerable.Range(0, 16).Select(i => new PlacedTicket((Number << 4) + i, Id(i), new Ticket(issue, 48 + i, SeatName.Of("Block 7 Row 12 Seat"), TicketStatus.Sold, Owner(i), true, 0, 9)))];
        var page = PackedTickets.With(default, sold);
        (page.Length / 16).Should().BeLessThan(72);
        Read(page).Select(entry => entry.Value.Issue).Distinct(ReferenceEqualityComparer.Instance).Should().HaveCount(1, "what they have in common is one object");
    }

    [Fact]
    public void Tickets_of_another_page_or_out_of_order_are_a_mistake_of_whoever_writes()
    {
        var random = new Random(1);
        PlacedTicket[] wrong = [Any(random, 5), Any(random, 4)];
        var write = () => PackedTickets.With(default, wrong);
        write.Should().Throw<ArgumentException>();
    }

    // What a broken disk gives is one kind of exception, and never anything else.
    [Fact]
    public void Cut_off_or_changed_bytes_are_an_InvalidDataException_or_other_tickets_but_nothing_else()
    {
        var random = new Random(1);
        var page = PackedTickets.With(default, [.. Enumerable.Range(0, 4).Select(place => Any(random, place))]);
        var refused = 0;
        for (var i = 0; i < page.Length; i++)
        {
            refused += IsRefused(page[..i]);
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = page.ToArray();
                changed[i] ^= (byte)(1 << bit);
                refused += IsRefused(changed);
            }
        }

        refused.Should().BeGreaterThan(page.Length);

        static int IsRefused(byte[] bytes)
        {
            try
            {
                Read(bytes);
                PackedTickets.With(bytes, []);
                return 0;
            }
            catch (InvalidDataException)
            {
                return 1;
            }
        }
    }

    [Fact]
    public void A_record_that_is_longer_than_what_it_says_is_refused()
    {
        const int Length = 22;
        var page = Sold();

        FluentActions.Invoking(() => Read([.. page[..Length], (byte)(page[Length] + 1), .. page[(Length + 1)..], 0])).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void A_place_that_comes_again_and_a_status_that_there_is_not_are_refused()
    {
        const int Records = 21;
        const int Form = Records + 3;
        var page = Sold();
        byte[] twice = [.. page, .. page[Records..]];
        byte[] strange = [.. page[..Form], (byte)(page[Form] | 7), .. page[(Form + 1)..]];

        foreach (var wrong in new[] { twice, strange }) FluentActions.Invoking(() => Read(wrong)).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void Tickets_of_one_issue_share_it_from_page_to_page_and_those_of_another_event_do_not()
    {
        var page = Sold();
        var other = EventId.Of(Hash256.Sha256("another"u8));
        var tickets = new KeyValuePair<TicketId, Ticket>[PackedTickets.Places];
        TicketIssue? issue = null;
        Ticket First(in EventId of)
        {
            PackedTickets.Read(page, Number, of, ref issue, tickets).Should().Be(1);
            return tickets[0].Value;
        }

        var first = First(Event);

        First(Event).Issue.Should().BeSameAs(first.Issue);
        First(other).Event.Should().Be(other);
    }

    private static byte[] Sold()
    {
        var ticket = new Ticket(new TicketIssue(Event, 0, 5_000, 1), 48, SeatName.Of("A-1"), TicketStatus.Sold, Owner(1), true, 0, 2);
        return PackedTickets.With(default, [new PlacedTicket(Number << 4, Id(0), ticket)]);
    }

    private static KeyValuePair<TicketId, Ticket>[] Read(byte[] page)
    {
        var tickets = new KeyValuePair<TicketId, Ticket>[PackedTickets.Places];
        TicketIssue? issue = null;
        return page.Length == 0 ? [] : tickets[..PackedTickets.Read(page, Number, Event, ref issue, tickets)];
    }

    private static PlacedTicket Any(Random random, int place)
    {
        var issue = new TicketIssue(Event, random.Next(3), random.Next(2), 1);
        var ticket = new Ticket(issue, 48 + place, SeatName.Of($"A-{random.Next(100)}"), (TicketStatus)random.Next(5), Owner(random.Next(9)), random.Next(2) == 0, random.Next(2), random.Next(9));
        if (random.Next(4) == 0) ticket = ticket with { Listing = new Listing(5, random.Next(2) == 0 ? null : Owner(1)) };
        if (random.Next(4) == 0) ticket = ticket with { IdentityCommitment = Hash };
        if (random.Next(4) == 0) ticket = ticket with { Redemption = new Redemption(Owner(2), 8, Hash) };
        return new PlacedTicket((Number << 4) + place, Id(place), random.Next(5) == 0 ? null : ticket);
    }

    private static Address Owner(int number) => new([.. Enumerable.Repeat((byte)number, Address.Size)]);

    private static TicketId Id(int number) => new([.. Enumerable.Repeat((byte)number, TicketId.Size)]);
}
