using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

public sealed class LateMapsTests
{
    private static readonly Person Owner = "owner";
    private static readonly NumberedHash Sale = new(1_900_000_000, Hash256.Sha256("a sale"u8));

    private int _made;

    [Fact]
    public void What_no_ticket_is_found_by_is_made_once_when_it_is_first_asked_for()
    {
        var state = Stored();
        var (id, ticket) = state.Tickets.Single();
        (state.BalanceOf(Owner.Address), state.Events.Single().Key).Should().Be((7, ticket.Event));
        _made.Should().Be(0);

        state.Seen.Contains(Sale).Should().BeTrue();
        state.Seen.Should().BeSameAs(state.Seen);
        _made.Should().Be(1);
        state.TicketsOf(Owner.Address).Should().BeSameAs(state.TicketsOf(Owner.Address)).And.ContainSingle().Which.Key.Should().Be(id);
    }

    [Fact]
    public void All_can_be_made_before_anybody_asks()
    {
        var state = Stored();
        state.Complete();
        _made.Should().Be(1);
        state.Seen.Contains(Sale).Should().BeTrue();
        _made.Should().Be(1);
    }

    [Fact]
    public void What_was_made_is_a_later_states_too()
    {
        var edit = Stored().Edit();
        edit.SetBalance(Owner.Address, 8);
        var later = edit.ToState();

        later.Seen.Contains(Sale).Should().BeTrue();
        later.TicketsOf(Owner.Address).Should().ContainSingle();
        later.CountOf(later.Events.Single().Key, 0, TicketStatus.Unsold).Should().Be(1);
        LedgerState.SameContent(later, Stored()).Should().BeFalse();
    }

    [Fact]
    public void A_damage_that_is_met_is_met_by_all_who_ask_and_does_not_hide_the_tickets()
    {
        var state = Stored(() => throw new InvalidDataException("damaged"));
        for (var i = 0; i < 2; i++) state.Invoking(damaged => damaged.Seen).Should().Throw<InvalidDataException>();
        state.Invoking(damaged => damaged.Edit()).Should().Throw<InvalidDataException>("nothing may be taken twice");
        state.Tickets.Should().ContainSingle();
    }

    private LedgerState Stored(Func<Trie<NumberedHash, Present>>? seen = null)
    {
        var terms = new EventTerms(0, default, 1, Owner.Address, "Event", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [], [], Owner.Address, null, ResaleRules.Default, false);
        var ticket = new Ticket(new TicketIssue(terms.Id, 0, 50_00, 1), 0, SeatName.Of("A-1"), Owner.Address);
        return LedgerState.Of(
            7,
            Trie<Address, long>.Empty.Set(Owner.Address, 7),
            [terms],
            Trie<EventId, EventTally>.Empty.Set(terms.Id, EventTally.Empty with { Issued = 1 }),
            [KeyValuePair.Create(IssueTickets.TicketOf(terms.Id, 0, "A-1"), ticket)],
            Trie<Hash256, Present>.Empty,
            seen ?? (() =>
            {
                _made++;
                return Trie<NumberedHash, Present>.Empty.Set(Sale, default);
            }));
    }
}
