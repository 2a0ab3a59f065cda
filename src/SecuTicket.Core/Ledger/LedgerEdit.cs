using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Many changes to a <see cref="LedgerState"/>, which copy each part of its maps once; dropped when one of them must not be. For one thread.</summary>
/// <remarks>What the <c>Set…</c> methods change beside their own map are indexes that follow from it, so they can not disagree with it, also after undoing.</remarks>
internal sealed class LedgerEdit(LedgerState state)
{
    private readonly TrieEdit<Address, long> _balances = state.Balances.Edit();
    private readonly TrieEdit<EventId, EventTerms> _events = state.Events.Edit();
    private readonly TrieEdit<EventId, EventTally> _tallies = state.Tallies.Edit();
    private readonly TrieEdit<TicketId, Ticket> _tickets = state.Tickets.Edit();
    private readonly TrieEdit<Hash256, Present> _references = state.References.Edit();
    private TrieEdit<NumberedHash, Present> _seen = state.Seen.Edit();
    private readonly TrieEdit<Ordinal, EventId> _eventOrder = state.EventOrder.Edit();
    private readonly NestedEdit<Address, Ordinal, EventId> _ownEvents = new(state.OwnEvents);
    private readonly NestedEdit<Address, Ordinal, EventId> _gateEvents = new(state.GateEvents);
    private readonly TicketIndexEdit? _ticketIndexes = state.IsIndexed ? new TicketIndexEdit(state) : null;

    /// <summary>All coins there are, in minor units.</summary>
    public long Supply { get; set; } = state.Supply;

    /// <summary>What is at stake; null on chains without stakes.</summary>
    public StakeEdit? Stakes { get; set; } = state.Stakes?.Edit();

    /// <summary>How many events there are.</summary>
    public int EventCount => _events.Count;

    public EventTerms? Find(in EventId id) => _events.Find(id);

    public Ticket? Find(in TicketId id) => _tickets.Find(id);

    /// <summary>Coins of <paramref name="account"/>, in minor units.</summary>
    public long BalanceOf(in Address account) => _balances.Find(account);

    public EventTally? FindTally(in EventId id) => _tallies.Find(id);

    public EventTally TallyOf(in EventId id) => FindTally(id) ?? EventTally.Empty;

    /// <summary>Whether a top-up with this reference is on the chain.</summary>
    public bool IsUsed(in Hash256 reference) => _references.Contains(reference);

    /// <summary>The transactions seen that expire first, up to <paramref name="most"/> of those before unix second <paramref name="end"/>.</summary>
    public NumberedHash[] SeenBefore(long end, int most) => [.. _seen.ToTrie().Take(most).Select(static entry => entry.Key).TakeWhile(seen => seen.Number < end)];

    public void SetBalance(in Address account, long? balance) => Set(_balances, account, balance ?? 0, balance is null or 0);

    public void SetTally(in EventId id, EventTally? tally) => Set(_tallies, id, tally!, tally is null || tally == EventTally.Empty);

    public void SetReference(in Hash256 reference, bool used) => Set(_references, reference, default, !used);

    /// <summary>Remembers a transaction.</summary>
    /// <returns>False when it is on the chain and not forgotten.</returns>
    public bool AddSeen(in NumberedHash transaction) => _seen.Add(transaction, default);

    /// <summary>Whether it remembers a transaction.</summary>
    public bool IsSeen(in NumberedHash transaction) => _seen.Contains(transaction);

    public void SetSeen(in NumberedHash transaction, bool seen) => Set(_seen, transaction, default, !seen);

    /// <summary>Remembers what another state does, and nothing else.</summary>
    public void RememberAs(LedgerState other) => _seen = other.Seen.Edit();

    public void SetEvent(in EventId id, EventTerms? terms)
    {
        var former = _events.Find(id);
        if (former is not null)
        {
            var place = new Ordinal(former.Ordinal);
            _eventOrder.Remove(place);
            _ownEvents.Remove(former.Organiser, LedgerState.AgeOf(former.Ordinal));
            foreach (var gate in former.Gates) _gateEvents.Remove(gate, place);
        }

        if (terms is not null)
        {
            var place = new Ordinal(terms.Ordinal);
            _eventOrder.Set(place, id);
            _ownEvents.Set(terms.Organiser, LedgerState.AgeOf(terms.Ordinal), id);
            foreach (var gate in terms.Gates) _gateEvents.Set(gate, place, id);
        }

        Set(_events, id, terms!, terms is null);
    }

    public void SetTicket(in TicketId id, Ticket? ticket) => SetTicket(id, _tickets.Find(id), ticket);

    /// <summary>As <see cref="SetTicket(in TicketId, Ticket?)"/>, of one that was looked up already.</summary>
    public void SetTicket(in TicketId id, Ticket? former, Ticket? ticket)
    {
        _ticketIndexes?.Change(id, former, ticket);
        Set(_tickets, id, ticket!, ticket is null);
    }

    /// <summary>The state as it is now; the edit may go on.</summary>
    public LedgerState ToState()
    {
        var tickets = _tickets.ToTrie();
        return new LedgerState(_ticketIndexes is null ? new LateMaps(() => [.. tickets]) : null)
        {
            Supply = Supply,
            Balances = _balances.ToTrie(),
            Events = _events.ToTrie(),
            Tallies = _tallies.ToTrie(),
            Tickets = tickets,
            References = _references.ToTrie(),
            Seen = _seen.ToTrie(),
            EventOrder = _eventOrder.ToTrie(),
            EventTickets = _ticketIndexes?.EventTickets!,
            OwnedTickets = _ticketIndexes?.OwnedTickets!,
            Stakes = Stakes?.ToState(),
            FacePrices = _ticketIndexes?.FacePrices!,
            OwnEvents = _ownEvents.ToTrie(),
            GateEvents = _gateEvents.ToTrie(),
            Stands = _ticketIndexes?.Stands!,
            IsIndexed = _ticketIndexes is not null,
        };
    }

    private static void Set<TKey, TValue>(TrieEdit<TKey, TValue> map, in TKey key, TValue value, bool isNone)
        where TKey : struct, ITrieKey<TKey>
    {
        if (isNone) map.Remove(key);
        else map.Set(key, value);
    }
}
