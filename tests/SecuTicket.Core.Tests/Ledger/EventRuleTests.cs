using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S0.1, S0.2, S0.8, S1.3: events and the tickets an organiser brings into being.
public class EventRuleTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Person Stranger = "stranger";
    private static readonly EventId Unknown = new(new byte[EventId.Size]);

    private readonly Scenario _story = new();

    [Fact]
    public void Whoever_creates_an_event_is_its_organiser_and_its_id_is_the_first_half_of_the_transaction_s()
    {
        var transaction = _story.Sign(Organiser, Wish.CreateEvent(sellers: ["seller"], gates: ["gate"], eventKey: "event key", saleOpensAt: 5, sessions: 2));
        var outcome = _story.Applies(transaction);

        var id = EventId.Of(transaction.Id);
        id.ToString().Should().Be(transaction.Id.ToString()[..32]);
        var terms = _story.State.Events.Find(id)!;
        terms.Should().Be(new EventTerms(
            0, transaction.Id, 1, Organiser.Address, "Concert", "Hall",
            [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0)), new Session(new DateOnly(2027, 6, 16), new TimeOnly(19, 0))],
            null, [((Person)"seller").Address], [((Person)"gate").Address], ((Person)"event key").Address, 5, ResaleRules.Default, false));
        terms.Id.Should().Be(id);
        outcome.Effects.Changes.Count.Should().Be(0);
        outcome.Effects.Parties.Should().Equal(Organiser.Address);
    }

    [Fact]
    public void What_is_left_out_is_the_organiser_s_key_and_the_default_rules()
    {
        var terms = _story.State.Events.Find(_story.Creates(Organiser)) ?? _story.State.Events.Single().Value;

        terms.EventKey.Should().Be(Organiser.Address);
        terms.Resale.Should().Be(new ResaleRules(true, ResaleMode.FaceValue, 100, 0, null, null, null, null, null, 100, null));
        terms.SaleOpensAt.Should().BeNull();
        terms.IsSeller(Organiser.Address).Should().BeTrue();
        terms.IsSeller(Stranger.Address).Should().BeFalse();
    }

    [Fact]
    public void Events_keep_the_order_of_their_creation()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => _story.Creates(Organiser)).ToArray();

        _story.State.EventOrder.Select(entry => entry.Value).Should().Equal(ids);
    }

    [Fact]
    public void An_organiser_s_events_are_found_the_newest_first_from_any_place_on()
    {
        var own = new List<EventId>();
        for (var i = 0; i < 40; i++)
        {
            var id = _story.Creates(i % 2 == 0 ? Organiser : Stranger);
            if (i % 2 == 0) own.Insert(0, id);
        }

        _story.State.EventsOf(Organiser.Address).Select(terms => terms.Id).Should().Equal(own);
        _story.State.EventsOf(Organiser.Address, before: 10).Select(terms => terms.Ordinal).Should().Equal(8, 6, 4, 2, 0);
        _story.State.EventsOf(Organiser.Address, before: 0).Should().BeEmpty();
        _story.State.EventsOf(Organiser.Address, before: long.MaxValue).Should().HaveCount(20);
        _story.State.EventsOf(((Person)"nobody").Address).Should().BeEmpty();
    }

    [Fact]
    public void Only_the_organiser_updates_cancels_and_issues()
    {
        var id = _story.Creates(Organiser, gates: ["gate"], sellers: ["seller"]);

        foreach (var other in new[] { Stranger, "gate", "seller" })
        {
            _story.Refuses("not_organiser", other, Wish.UpdateEvent(id, gates: [Stranger]));
            _story.Refuses("not_organiser", other, Wish.CancelEvent(id));
            _story.Refuses("not_organiser", other, Wish.Issue(id, 1, "A-1"));
        }
    }

    [Fact]
    public void An_event_that_does_not_exist_is_not_found()
    {
        _story.Refuses("not_found", Organiser, Wish.UpdateEvent(Unknown, gates: [Stranger]));
        _story.Refuses("not_found", Organiser, Wish.CancelEvent(Unknown));
        _story.Refuses("not_found", Organiser, Wish.Issue(Unknown, 1, "A-1"));
    }

    [Fact]
    public void An_update_changes_what_it_names_and_nothing_else()
    {
        var id = _story.Creates(Organiser, new { resale = "free" }, sellers: ["seller"], gates: ["gate"], saleOpensAt: 5);
        var before = _story.State.Events.Find(id)!;

        _story.Does(Organiser, Wish.UpdateEvent(id, gates: ["other gate"]));
        _story.State.Events.Find(id).Should().Be(before with { Gates = [((Person)"other gate").Address] });
        _story.Does(Organiser, Wish.UpdateEvent(id, sellers: []));
        _story.Does(Organiser, Wish.UpdateEvent(id, saleOpensAt: 9));
        _story.Does(Organiser, Wish.UpdateEvent(id, new { resale = "forbidden" }));

        _story.State.Events.Find(id).Should().Be(before with
        {
            Gates = [((Person)"other gate").Address],
            Sellers = [],
            SaleOpensAt = 9,
            Resale = ResaleRules.Default with { Mode = ResaleMode.Forbidden },
        });
    }

    [Fact]
    public void A_cancelled_event_is_neither_updated_cancelled_again_nor_given_more_tickets()
    {
        var id = _story.Creates(Organiser);
        _story.Does(Organiser, Wish.CancelEvent(id));

        _story.State.Events.Find(id)!.Cancelled.Should().BeTrue();
        _story.Refuses("event_cancelled", Organiser, Wish.UpdateEvent(id, gates: [Stranger]));
        _story.Refuses("event_cancelled", Organiser, Wish.CancelEvent(id));
        _story.Refuses("event_cancelled", Organiser, Wish.Issue(id, 1, "A-1"));
        _story.Refuses("not_organiser", Stranger, Wish.CancelEvent(id));
    }

    [Fact]
    public void Tickets_are_issued_unsold_in_the_order_of_the_seats()
    {
        var id = _story.Creates(Organiser, sessions: 2);
        var outcome = _story.Does(Organiser, Wish.IssueIn(id, 1, 2_500, "B-2", "A-1"));
        _story.Does(Organiser, Wish.IssueIn(id, 0, 0, "A-1"));

        var first = IssueTickets.TicketOf(id, 1, "B-2");
        _story[first].Should().Be(new Ticket(new TicketIssue(id, 1, 2_500, 1), 0, SeatName.Of("B-2"), Organiser.Address));
        _story.State.TicketsOf(id).Select(entry => entry.Value).Should().Equal(first, IssueTickets.TicketOf(id, 1, "A-1"), IssueTickets.TicketOf(id, 0, "A-1"));
        outcome.Effects.Changes.Should().Equal(
            new TicketChange(first, "issue_tickets", TicketStatus.Unsold, null, Organiser.Address, 2_500),
            new TicketChange(IssueTickets.TicketOf(id, 1, "A-1"), "issue_tickets", TicketStatus.Unsold, null, Organiser.Address, 2_500));
        _story.Tally(id).Should().Be(EventTally.Empty with { Issued = 3 });
        _story[first].Price.Should().Be(2_500);
    }

    [Fact]
    public void A_seat_that_has_its_ticket_is_a_conflict_and_then_nothing_of_the_batch_is_issued()
    {
        var id = _story.Creates(Organiser, sessions: 2);
        _story.Issues(Organiser, id, "A-1");

        _story.Refuses("ticket_exists", Organiser, Wish.Issue(id, 100, "A-2", "A-1")).Field.Should().Be("seats");
        _story.State.Tickets.Contains(IssueTickets.TicketOf(id, 0, "A-2")).Should().BeFalse();
        _story.Does(Organiser, Wish.IssueIn(id, 1, 100, "A-1"));
        _story.Refuses("ticket_exists", Organiser, Wish.IssueIn(id, 1, 100, "A-1"));
    }

    [Fact]
    public void A_revoked_or_returned_seat_stays_the_seat_it_is()
    {
        var (id, ticket) = _story.Sold(Organiser, "anna");
        _story.Does("anna", Wish.Return(ticket));
        _story.Refuses("ticket_exists", Organiser, Wish.Issue(id, 1, "A-1"));
        _story.Does(Organiser, Wish.Revoke(ticket));
        _story.Refuses("ticket_exists", Organiser, Wish.Issue(id, 1, "A-1"));
    }

    [Fact]
    public void A_session_that_the_event_does_not_have_is_refused()
    {
        var id = _story.Creates(Organiser, sessions: 2);

        _story.Does(Organiser, Wish.IssueIn(id, 1, 1, "A-1"));
        _story.Refuses("invalid_field", Organiser, Wish.IssueIn(id, 2, 1, "A-1")).Field.Should().Be("session");
    }

    [Fact]
    public void A_thousand_seats_are_issued_at_once()
    {
        var id = _story.Creates(Organiser);
        _story.Does(Organiser, Wish.Issue(id, 1, [.. Enumerable.Range(0, 1_000).Select(i => $"seat {i}")]));

        _story.State.TicketsOf(id).Count.Should().Be(1_000);
        _story.State.TicketsOf(Organiser.Address).Count.Should().Be(1_000);
    }

    // S0.1: «6:00» and «11», «6:001» and «1» were one id there.
    [Fact]
    public void Ticket_ids_are_those_of_the_independent_implementation_and_do_not_run_together()
    {
        EventId.TryParse("53303a03274d95f5a79f41017f874e23", out var id).Should().BeTrue();

        IssueTickets.TicketOf(id, 0, "A-1").ToString().Should().Be("c1b2396e90bf19cc47c00b5ff93898d9");
        new[] { (1, "1"), (11, ""), (1, "11"), (111, "") }.Select(seat => IssueTickets.TicketOf(id, seat.Item1, seat.Item2)).Should().OnlyHaveUniqueItems();
    }
}
