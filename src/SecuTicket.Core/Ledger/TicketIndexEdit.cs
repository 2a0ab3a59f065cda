using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Changes to the maps of a <see cref="LedgerState"/> that follow from its tickets. No rule asks for them.</summary>
internal sealed class TicketIndexEdit(LedgerState state)
{
    private readonly NestedEdit<EventId, Ordinal, TicketId> _eventTickets = new(state.EventTickets);
    private readonly NestedEdit<Address, TicketId, Present> _ownedTickets = new(state.OwnedTickets);
    private readonly SharedEdit<int> _facePrices = new(state.FacePrices);
    private readonly SharedEdit<ulong> _stands = new(state.Stands);

    /// <summary>See <see cref="LedgerState.EventTickets"/>.</summary>
    public Trie<EventId, Trie<Ordinal, TicketId>> EventTickets => _eventTickets.ToTrie();

    /// <summary>See <see cref="LedgerState.OwnedTickets"/>.</summary>
    public Trie<Address, Trie<TicketId, Present>> OwnedTickets => _ownedTickets.ToTrie();

    /// <summary>See <see cref="LedgerState.FacePrices"/>.</summary>
    public Trie<EventId, Trie<Ordinal, int>> FacePrices => _facePrices.ToTrie();

    /// <summary>See <see cref="LedgerState.Stands"/>.</summary>
    public Trie<EventId, Trie<Ordinal, ulong>> Stands => _stands.ToTrie();

    /// <summary>Follows a ticket's change; null for no ticket.</summary>
    public void Change(in TicketId id, Ticket? former, Ticket? ticket)
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
    }

    private void Count(Ticket ticket, int more) => _facePrices.At(ticket.Event, ticket.FacePrice) += more;

    // A ticket stands where its bit is set: there it goes away, elsewhere it comes.
    private void Flip(Ticket ticket) => _stands.At(ticket.Event, TicketStands.KeyOf(ticket)) ^= TicketStands.BitOf(ticket);
}
