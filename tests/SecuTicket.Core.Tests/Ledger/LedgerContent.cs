using System.Text;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>Everything a ledger says, indexes included, as one text: two states are the same exactly when these are.</summary>
internal static class LedgerContent
{
    /// <summary>The same accounts, events and tickets with these stakes.</summary>
    public static LedgerState With(LedgerState state, StakeState? stakes)
    {
        var edit = state.Edit();
        edit.Stakes = stakes?.Edit();
        return edit.ToState();
    }

    public static string Of(LedgerState state)
    {
        var text = new StringBuilder().AppendLine($"supply {state.Supply}");
        foreach (var (account, balance) in state.Balances) text.AppendLine($"balance {account} {balance}");
        foreach (var (id, terms) in state.Events) text.AppendLine($"event {id} {Convert.ToHexString(LedgerEncoding.Encode(terms))}");
        foreach (var (place, id) in state.EventOrder) text.AppendLine($"order {place} {id}");
        foreach (var (id, tally) in state.Tallies) text.AppendLine($"tally {id} {tally}");
        foreach (var (id, ticket) in state.Tickets) text.AppendLine($"ticket {id} {ticket}");
        foreach (var (id, tickets) in state.EventTickets) text.AppendLine($"issued {id} {string.Join(' ', tickets.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (id, prices) in state.FacePrices) text.AppendLine($"prices {id} {string.Join(' ', prices.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (organiser, events) in state.OwnEvents) text.AppendLine($"own {organiser} {string.Join(' ', events.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (gate, events) in state.GateEvents) text.AppendLine($"gate {gate} {string.Join(' ', events.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (id, stands) in state.Stands) text.AppendLine($"stands {id} {string.Join(' ', stands.Select(entry => $"{entry.Key}:{entry.Value:x}"))}");
        foreach (var (owner, tickets) in state.OwnedTickets) text.AppendLine($"owned {owner} {string.Join(' ', tickets.Select(entry => entry.Key))}");
        foreach (var (reference, _) in state.References) text.AppendLine($"reference {reference}");
        foreach (var (seen, _) in state.Seen) text.AppendLine($"seen {seen.Number} {seen.Hash}");
        if (state.Stakes is { } stakes)
        {
            foreach (var (account, validator) in stakes.Validators) text.AppendLine($"validator {account} {Convert.ToHexString(StakeEncoding.Encode(validator))}");
            foreach (var (withdrawn, _) in stakes.Queue) text.AppendLine($"withdrawn {withdrawn.Number} {withdrawn.Account}");
            text.AppendLine($"tables {Convert.ToHexString(StakeEncoding.Encode(stakes.Tables))}").AppendLine($"round {Convert.ToHexString(StakeEncoding.Encode(stakes.Round))}");
        }

        return text.ToString();
    }

    /// <summary>What must hold of every state.</summary>
    public static void CheckInvariants(LedgerState state)
    {
        (state.Balances.Sum(entry => entry.Value) + (state.Stakes?.Total ?? 0)).Should().Be(state.Supply, "coins come from top-ups and rewards, and go when they are burnt, only");
        state.Supply.Should().BeInRange(0, Core.Transactions.Operation.MaxAmount);
        state.Balances.Where(entry => entry.Value <= 0).Should().BeEmpty();

        var owned = state.OwnedTickets.SelectMany(owner => owner.Value.Select(ticket => (ticket.Key, Owner: owner.Key))).OrderBy(entry => entry.Key).ToArray();
        owned.Should().Equal(state.Tickets.Select(ticket => (ticket.Key, ticket.Value.Owner)), "every ticket has one owner, whose index names it");
        state.OwnedTickets.Where(entry => entry.Value.Count == 0).Should().BeEmpty();

        var issued = state.EventTickets.SelectMany(entry => entry.Value.Select(ticket => (Ticket: ticket.Value, Event: entry.Key, Place: ticket.Key.Value))).OrderBy(entry => entry.Ticket).ToArray();
        issued.Should().Equal(state.Tickets.Select(ticket => (ticket.Key, ticket.Value.Event, (long)ticket.Value.Ordinal)));

        state.EventOrder.Select(entry => entry.Value).Order().Should().Equal(state.Events.Select(entry => entry.Key));
        state.EventOrder.Select(entry => entry.Key.Value).Should().Equal(Enumerable.Range(0, state.Events.Count).Select(i => (long)i));
        foreach (var (id, terms) in state.Events)
        {
            var tickets = state.TicketsOf(id).Select(entry => state.Tickets.Find(entry.Value)!).ToArray();
            var tally = state.TallyOf(id);
            tally.Issued.Should().Be(tickets.Length);
            tally.Sold.Should().Be(tickets.Count(ticket => ticket.Status is TicketStatus.Sold or TicketStatus.Listed or TicketStatus.Redeemed));
            tally.Redeemed.Should().Be(tickets.Count(ticket => ticket.Status == TicketStatus.Redeemed));
            tally.Revoked.Should().Be(tickets.Count(ticket => ticket.Status == TicketStatus.Revoked));
            foreach (var (session, status) in Enumerable.Range(0, terms.Sessions.Count).SelectMany(_ => Enum.GetValues<TicketStatus>(), static (session, status) => (session, status)))
                state.CountOf(id, session, status).Should().Be(tickets.Count(ticket => ticket.Session == session && ticket.Status == status));
            foreach (var ticket in tickets) CheckTicket(ticket, terms);

            (state.FacePrices.Find(id)?.Select(price => (price.Key.Value, price.Value)) ?? [])
                .Should().Equal(tickets.GroupBy(ticket => ticket.FacePrice).OrderBy(price => price.Key).Select(price => (price.Key, price.Count())));
            foreach (var status in Enum.GetValues<TicketStatus>())
                state.TicketsOf(id, null, status).Select(entry => entry.Key.Value).Should().Equal(tickets.Where(ticket => ticket.Status == status).Select(ticket => (long)ticket.Ordinal));
            for (var session = 0; session < terms.Sessions.Count; session++)
                state.TicketsOf(id, session, null).Select(entry => entry.Key.Value).Should().Equal(tickets.Where(ticket => ticket.Session == session).Select(ticket => (long)ticket.Ordinal));
        }

        state.OwnEvents.Sum(static organiser => organiser.Value.Count).Should().Be(state.Events.Count);
        state.OwnEvents.Where(static entry => entry.Value.Count == 0).Should().BeEmpty();
        foreach (var own in state.Events.Select(static entry => entry.Value).GroupBy(static terms => terms.Organiser))
            state.EventsOf(own.Key).Should().Equal(own.OrderByDescending(static terms => terms.Ordinal));
        state.GateEvents.SelectMany(gate => gate.Value.Select(entry => (entry.Value, Gate: gate.Key))).Order()
            .Should().Equal(state.Events.SelectMany(entry => entry.Value.Gates.Select(gate => (entry.Key, Gate: gate))).Order());
        state.FacePrices.Where(static entry => entry.Value.Count == 0).Should().BeEmpty();
        state.Stands.Where(static entry => entry.Value.Any(static stand => stand.Value == 0)).Should().BeEmpty();
    }

    private static void CheckTicket(Ticket ticket, EventTerms terms)
    {
        (ticket.Listing is not null).Should().Be(ticket.Status == TicketStatus.Listed);
        (ticket.Redemption is not null).Should().Be(ticket.Status == TicketStatus.Redeemed);
        if (ticket.Status == TicketStatus.Unsold) (ticket.Owner, ticket.PaidOnChain, ticket.Resales).Should().Be((terms.Organiser, false, 0));
    }
}
