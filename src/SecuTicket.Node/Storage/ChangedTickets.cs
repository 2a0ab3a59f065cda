using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>The tickets that blocks changed which the tables do not follow yet.</summary>
/// <remarks>They are few, so that whoever reads a million tickets asks once a page and not for each.</remarks>
internal sealed class ChangedTickets
{
    /// <summary>None.</summary>
    public static readonly ChangedTickets None = new(new LedgerChanges(), []);

    private readonly Dictionary<TicketId, (Ticket? Before, Ticket? After)> _tickets;
    private readonly HashSet<long> _pages = [];

    /// <param name="changes">What changed.</param>
    /// <param name="events">Events of the tables, by ordinal.</param>
    public ChangedTickets(LedgerChanges changes, Dictionary<long, EventId> events)
    {
        _tickets = changes.Tickets;
        if (_tickets.Count == 0) return;

        var ordinals = events.ToDictionary(static entry => entry.Value, static entry => entry.Key);
        foreach (var (before, after) in _tickets.Values)
            if ((before ?? after) is { } ticket && ordinals.TryGetValue(ticket.Event, out var ordinal)) _pages.Add(PackedTickets.NumberOf((ordinal << 32) | (uint)ticket.Ordinal));
    }

    /// <summary>Whether some of them are on a page.</summary>
    public bool AreOn(long page) => _pages.Contains(page);

    /// <summary>Brings the others of <paramref name="tickets"/> to the front.</summary>
    /// <returns>How many those are.</returns>
    public int LeftOut(Span<KeyValuePair<TicketId, Ticket>> tickets)
    {
        var others = 0;
        foreach (var ticket in tickets)
            if (!_tickets.ContainsKey(ticket.Key)) tickets[others++] = ticket;

        return others;
    }
}
