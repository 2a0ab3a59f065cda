using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>Wishes of a few people who share few events, seats and coins, so that about half of what they want collides with a rule.</summary>
internal sealed class RandomLife(int seed, ChainSpec spec)
{
    private static readonly Person[] People = [.. Enumerable.Range(0, 6).Select(i => (Person)$"person {i}")];

    private readonly Random _random = new(seed);
    private readonly List<(EventId Id, Person EventKey)> _events = [];
    private readonly List<TicketId> _tickets = [];
    private readonly List<VerifiedTransaction> _past = [];
    private int _made;

    /// <summary>Unsigned, as from a disk: nobody checks signatures here.</summary>
    public VerifiedTransaction Next(LedgerState state, long seconds)
    {
        if (_past.Count > 0 && _random.Next(25) == 0) return Any(_past);

        var (who, wish, with) = Choose(state, seconds);
        var payload = Payload.From(wish.Json(who, seconds + _random.Next(-10, 3_600), $"random-{++_made:D12}", spec.ChainId)).Value;
        EquatableArray<TransactionSignature> signatures = with is null ? [who.Scribble()] : [who.Scribble(), with.Scribble()];
        if (wish.Type == "create_event") _events.Add((EventId.Of(payload.Id), with ?? who));
        var transaction = TransactionVerifier.Restore(new Transaction(payload, payload.Operation is SellTicket ? signatures : [who.Scribble()]));
        _past.Add(transaction);
        return transaction;
    }

    private (Person Who, Wish Wish, Person? With) Choose(LedgerState state, long seconds)
    {
        var kind = _events.Count == 0 ? 0 : _tickets.Count == 0 ? 1 : _random.Next(22);
        var ticket = _tickets.Count > 0 ? Any(_tickets) : default;
        if (kind == 11 || (kind is > 5 and < 11 && _random.Next(2) == 0))
        {
            // Few are listed at any time: those who unlist, and half of those who buy or list, look for one.
            var listed = state.Tickets.Where(entry => entry.Value.Status == TicketStatus.Listed).Select(entry => entry.Key).ToArray();
            if (listed.Length > 0) ticket = Any(listed);
        }

        var known = state.Tickets.Find(ticket);
        // Mostly whoever can, sometimes whoever wants to.
        var holder = known is not null && _random.Next(5) > 0 ? Known(known.Owner) : Somebody();
        switch (kind)
        {
            case 0:
                var key = Somebody();
                return (Somebody(), Wish.CreateEvent(Rules(seconds), [Somebody()], [People[0]], key, _random.Next(3) == 0 ? seconds + _random.Next(600) : null), key);
            case 1 or 2:
                var (id, _) = Any(_events);
                var seats = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"S{_random.Next(40)}").Distinct().ToArray();
                _tickets.AddRange(seats.Select(seat => IssueTickets.TicketOf(id, 0, seat)));
                return (Organiser(state, id), Wish.Issue(id, _random.Next(4) == 0 ? 0 : _random.Next(2_000), seats), null);
            case 3:
                var changed = Any(_events).Id;
                return (Organiser(state, changed), _random.Next(2) == 0 ? Wish.UpdateEvent(changed, Rules(seconds) ?? new { }) : Wish.UpdateEvent(changed, gates: [People[0], Any(People[1..])], sellers: [Somebody()]), null);
            case 4 when _random.Next(6) == 0:
                var cancelled = Any(_events).Id;
                return (Organiser(state, cancelled), Wish.CancelEvent(cancelled), null);
            case 4 or 5:
                var amount = _random.Next(8) == 0 ? Operation.MaxAmount - _random.Next(50_000) : _random.Next(1, 20_000);
                return (_random.Next(6) == 0 ? Somebody() : TestSpec.Bank, Wish.TopUp(Somebody(), amount, $"ref {_random.Next(2_000)}"), null);
            case 6 or 7 or 8: return (Somebody(), Wish.Purchase(ticket, _random.Next(3_000)), null);
            case 9 or 10: return (holder, Wish.List(ticket, _random.Next(2_500), _random.Next(4) == 0 ? Somebody() : null), null);
            case 11: return (holder, Wish.Unlist(ticket), null);
            case 12 or 13: return (holder, Wish.Give(ticket, Somebody()), null);
            case 14 or 15: return (holder, Wish.Return(ticket), null);
            case 16: return (_random.Next(4) == 0 ? Somebody() : People[0], Wish.Redeem(ticket), null);
            case 17: return (known is null ? Somebody() : Organiser(state, known.Event), Wish.Revoke(ticket), null);
            case 18 or 19: return Sale(state, ticket, known);
            case 20: return (Somebody(), Wish.Record(_random.Next()), null);
            default: return (Somebody(), Wish.Pay(Somebody(), _random.Next(1, 5_000)), null);
        }
    }

    private (Person Who, Wish Wish, Person? With) Sale(LedgerState state, TicketId ticket, Ticket? known)
    {
        var wish = Wish.Sell(ticket, Somebody(), _random.Next(2) == 0 ? _random.Next(2_000) : null);
        if (known is null || state.Events.Find(known.Event) is not { } terms) return (Somebody(), wish, null);

        var seller = _random.Next(3) == 0 ? Somebody() : Known(terms.Organiser);
        var key = Known(terms.EventKey);
        return (seller, wish, seller == key && _random.Next(4) > 0 ? null : _random.Next(5) == 0 ? Somebody() : key);
    }

    private object? Rules(long seconds) => _random.Next(4) == 0 ? null : new
    {
        transfer = _random.Next(5) == 0 ? "forbidden" : "allowed",
        resale = new[] { "forbidden", "face_value", "capped", "free" }[_random.Next(4)],
        max_price_percent = _random.Next(0, 300),
        commission_percent = _random.Next(0, 101),
        commission_to = _random.Next(2) == 0 ? Somebody() : null,
        resellers = _random.Next(4) == 0 ? new[] { People[1], People[2], People[3] } : null,
        max_resales = _random.Next(3) == 0 ? _random.Next(3) : (int?)null,
        opens_at = _random.Next(4) == 0 ? seconds + _random.Next(-100, 1_000) : (long?)null,
        closes_at = _random.Next(4) == 0 ? seconds + _random.Next(5_000) : (long?)null,
        @return = new { refund_percent = _random.Next(0, 150), until = _random.Next(4) == 0 ? seconds + _random.Next(5_000) : (long?)null },
    };

    private Person Organiser(LedgerState state, EventId id) => state.Events.Find(id) is { } terms && _random.Next(8) > 0 ? Known(terms.Organiser) : Somebody();

    private static Person Known(Address address) => People.First(person => person.Address == address);

    private Person Somebody() => Any(People);

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
