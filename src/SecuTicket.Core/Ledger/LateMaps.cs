using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Maps of a state that a store kept, or that a replay made, each made once, when it is first asked for, on the thread that asks.</summary>
/// <remarks>They are more than half of what a start loads, and no ticket is found by them: gates and lookups need not wait for them, and no rule asks for those of tickets.</remarks>
/// <param name="tickets">Gives all tickets.</param>
/// <param name="seen">Makes the last one, in which a damaged store may yet be found; null for a state that has it.</param>
internal sealed class LateMaps(Func<KeyValuePair<TicketId, Ticket>[]> tickets, Func<Trie<NumberedHash, Present>>? seen = null)
{
    /// <summary>See <see cref="LedgerState.Seen"/>.</summary>
    public Lazy<Trie<NumberedHash, Present>> Seen { get; } = new(seen ?? (static () => Trie<NumberedHash, Present>.Empty));

    /// <summary>See <see cref="LedgerState.OwnedTickets"/>.</summary>
    public Lazy<Trie<Address, Trie<TicketId, Present>>> OwnedTickets { get; } =
        new(() => TicketGroups<Address>.Of(tickets(), static ticket => ticket.Owner, static (id, _) => KeyValuePair.Create(id, default(Present))));

    /// <summary>See <see cref="LedgerState.EventTickets"/>.</summary>
    public Lazy<Trie<EventId, Trie<Ordinal, TicketId>>> EventTickets { get; } =
        new(() => TicketGroups<EventId>.Of(tickets(), static ticket => ticket.Event, static (id, ticket) => KeyValuePair.Create(new Ordinal(ticket.Ordinal), id)));

    /// <summary>See <see cref="LedgerState.FacePrices"/>.</summary>
    public Lazy<Trie<EventId, Trie<Ordinal, int>>> FacePrices { get; } = new(() => TicketStands.Gather<int>(tickets(), static ticket => ticket.FacePrice, static (count, _) => count + 1));

    /// <summary>See <see cref="LedgerState.Stands"/>.</summary>
    public Lazy<Trie<EventId, Trie<Ordinal, ulong>>> Stands { get; } = new(() => TicketStands.Gather<ulong>(tickets(), TicketStands.KeyOf, static (bits, ticket) => bits | TicketStands.BitOf(ticket)));

    /// <summary>Makes all.</summary>
    public void Make()
    {
        // What every write asks for comes first, then what pages show.
        _ = Seen.Value;
        _ = OwnedTickets.Value;
        _ = EventTickets.Value;
        _ = Stands.Value;
        _ = FacePrices.Value;
    }
}
