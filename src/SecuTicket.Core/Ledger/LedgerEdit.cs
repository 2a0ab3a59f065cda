using System.Numerics;
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
    private readonly NestedEdit<EventId, Ordinal, TicketId> _eventTickets = new(state.EventTickets);
    private readonly NestedEdit<Address, TicketId, Present> _ownedTickets = new(state.OwnedTickets);
    private readonly SharedEdit<int> _facePrices = new(state.FacePrices);
    private readonly NestedEdit<Address, Ordinal, EventId> _ownEvents = new(state.OwnEvents);
    private readonly NestedEdit<Address, Ordinal, EventId> _gateEvents = new(state.GateEvents);
    private readonly SharedEdit<ulong> _stands = new(state.Stands);

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
        if (former?.Owner != ticket?.Owner)
        {
            if (former is not null) _ownedTickets.Remove(former.Owner, id);
            if (ticket is not null) _ownedTickets.Set(ticket.Owner, id, default);
        }

        if (former is null && ticket is not null)
        {
            _eventTickets.Set(ticket.Event, new Ordinal(ticket.Ordinal), id);
            Count(ticket, 1);
        }

        if (former is not null && ticket is null)
        {
            _eventTickets.Remove(former.Event, new Ordinal(former.Ordinal));
            Count(former, -1);
        }

        if (former?.Status != ticket?.Status)
        {
            if (former is not null) Flip(former);
            if (ticket is not null) Flip(ticket);
        }

        Set(_tickets, id, ticket!, ticket is null);
    }

    /// <summary>The state as it is now; the edit may go on.</summary>
    public LedgerState ToState() => new()
    {
        Supply = Supply,
        Balances = _balances.ToTrie(),
        Events = _events.ToTrie(),
        Tallies = _tallies.ToTrie(),
        Tickets = _tickets.ToTrie(),
        References = _references.ToTrie(),
        Seen = _seen.ToTrie(),
        EventOrder = _eventOrder.ToTrie(),
        EventTickets = _eventTickets.ToTrie(),
        OwnedTickets = _ownedTickets.ToTrie(),
        Stakes = Stakes?.ToState(),
        FacePrices = _facePrices.ToTrie(),
        OwnEvents = _ownEvents.ToTrie(),
        GateEvents = _gateEvents.ToTrie(),
        Stands = _stands.ToTrie(),
    };

    private void Count(Ticket ticket, int more) => _facePrices.At(ticket.Event, ticket.FacePrice) += more;

    // A ticket stands where its bit is set: there it goes away, elsewhere it comes.
    private void Flip(Ticket ticket) => _stands.At(ticket.Event, TicketStands.KeyOf(ticket)) ^= TicketStands.BitOf(ticket);

    private static void Set<TKey, TValue>(TrieEdit<TKey, TValue> map, in TKey key, TValue value, bool isNone)
        where TKey : struct, ITrieKey<TKey>
    {
        if (isNone) map.Remove(key);
        else map.Set(key, value);
    }

    // Maps in a map, each edited in place too: a block of sales takes a thousand tickets out of one organiser's.
    private sealed class NestedEdit<TOuter, TInner, TValue>(Trie<TOuter, Trie<TInner, TValue>> map)
        where TOuter : struct, ITrieKey<TOuter>
        where TInner : struct, ITrieKey<TInner>
    {
        private readonly TrieEdit<TOuter, Trie<TInner, TValue>> _map = map.Edit();
        private Dictionary<TOuter, TrieEdit<TInner, TValue>>? _open;

        // The two that were asked for last: a sale goes between an organiser and a buyer, and the next one mostly from the same organiser.
        private (TOuter Key, TrieEdit<TInner, TValue>? Edit) _last;
        private (TOuter Key, TrieEdit<TInner, TValue>? Edit) _before;

        public TValue? Find(in TOuter outer, in TInner inner) => Open(outer).Find(inner);

        public void Set(in TOuter outer, in TInner inner, TValue value) => Open(outer).Set(inner, value);

        public void Remove(in TOuter outer, in TInner inner) => Open(outer).Remove(inner);

        public Trie<TOuter, Trie<TInner, TValue>> ToTrie()
        {
            if (_open is null) return _map.ToTrie();

            foreach (var (outer, edit) in _open) LedgerEdit.Set(_map, outer, edit.ToTrie(), edit.Count == 0);
            _open.Clear();
            (_last, _before) = (default, default);
            return _map.ToTrie();
        }

        private TrieEdit<TInner, TValue> Open(in TOuter outer)
        {
            if (_last.Edit is { } last && _last.Key.Equals(outer)) return last;

            if (_before.Edit is { } before && _before.Key.Equals(outer))
            {
                (_last, _before) = (_before, _last);
                return before;
            }

            _open ??= [];
            if (!_open.TryGetValue(outer, out var edit))
            {
                edit = (_map.Find(outer) ?? Trie<TInner, TValue>.Empty).Edit();
                _open.Add(outer, edit);
            }

            (_last, _before) = ((outer, edit), _last);
            return edit;
        }
    }

    // Values that many tickets of an event share, none of which is kept where it is 0. Tickets change as they lie, from one value to another: the two
    // that were asked for last are at hand, and go into the map when others are asked for.
    private sealed class SharedEdit<T>(Trie<EventId, Trie<Ordinal, T>> map)
        where T : struct, INumberBase<T>
    {
        private readonly NestedEdit<EventId, Ordinal, T> _map = new(map);
        private Held _first;
        private Held _second;
        private bool _secondIsNewer;

        // To be changed before the next call.
        public ref T At(in EventId id, long key)
        {
            // The one that was asked for last, or else the other, which makes room when it is another one.
            if (!(_secondIsNewer ? ref _second : ref _first).Is(id, key)) _secondIsNewer = !_secondIsNewer;
            ref var held = ref _secondIsNewer ? ref _second : ref _first;
            if (held.Is(id, key)) return ref held.Value;

            PutBack(ref held);
            held = new Held { IsHeld = true, Event = id, Key = key, Value = _map.Find(id, new Ordinal(key)) };
            return ref held.Value;
        }

        public Trie<EventId, Trie<Ordinal, T>> ToTrie()
        {
            PutBack(ref _first);
            PutBack(ref _second);
            return _map.ToTrie();
        }

        private void PutBack(ref Held held)
        {
            if (!held.IsHeld) return;

            if (T.IsZero(held.Value)) _map.Remove(held.Event, new Ordinal(held.Key));
            else _map.Set(held.Event, new Ordinal(held.Key), held.Value);
            held.IsHeld = false;
        }

        private struct Held
        {
            public bool IsHeld;
            public EventId Event;
            public long Key;
            public T Value;

            public readonly bool Is(in EventId id, long key) => IsHeld && Key == key && Event == id;
        }
    }
}
