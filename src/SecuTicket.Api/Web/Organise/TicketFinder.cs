using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Which tickets of an event are looked for.</summary>
/// <param name="Status">Null for all.</param>
/// <param name="Session">Index of a session; null for all.</param>
/// <param name="Seat">How the seat's name begins, in any case; empty for all.</param>
public sealed record TicketFilter(TicketStatus? Status, int? Session, string Seat)
{
    /// <summary>All of them.</summary>
    public static TicketFilter All { get; } = new(null, null, string.Empty);
}

/// <summary>A ticket as a line of the table.</summary>
/// <param name="Id">The ticket.</param>
/// <param name="Ticket">What it is.</param>
public sealed record TicketRow(TicketId Id, Ticket Ticket);

/// <summary>Some lines of the table.</summary>
/// <param name="Rows">The lines.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="IsComplete">False when there were more tickets than are looked at: then there may be more.</param>
public sealed record FoundTickets(IReadOnlyList<TicketRow> Rows, int Count, bool IsComplete)
{
    /// <summary>Nothing.</summary>
    public static FoundTickets Empty { get; } = new([], 0, true);
}

/// <summary>Finds tickets of an event for one page of a table, in the order of their issue.</summary>
/// <param name="state">Where.</param>
/// <param name="id">The event.</param>
/// <param name="maxLooked">Tickets that are looked at one by one, at the most.</param>
public sealed class TicketFinder(LedgerState state, EventId id, int maxLooked = TicketFinder.MaxLooked)
{
    /// <summary>Tickets that are looked at one by one for one page, at the most: some tens of milliseconds.</summary>
    public const int MaxLooked = 100_000;

    /// <summary>Finds some.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="skip">How many come before them.</param>
    /// <param name="take">How many, at the most.</param>
    public FoundTickets Find(TicketFilter filter, int skip, int take)
    {
        if (filter.Seat.Length > 0) return Search(filter, skip, take);

        // Places in the order of issue have no gaps: without a filter nothing is looked at that is not shown.
        if (filter is { Status: null, Session: null })
            return new FoundTickets([.. state.TicketsOf(id, null, null, skip == 0 ? null : skip - 1).Take(take).Select(RowOf)], state.TallyOf(id).Issued, true);

        var rows = state.TicketsOf(id, filter.Session, filter.Status).Take(maxLooked).Skip(skip).Take(take).Select(RowOf).ToArray();
        var count = CountOf(filter);
        return new FoundTickets(rows, Math.Min(count, maxLooked), count <= maxLooked);
    }

    private FoundTickets Search(TicketFilter filter, int skip, int take)
    {
        var (rows, looked, found) = (new List<TicketRow>(), 0, 0);
        foreach (var entry in state.TicketsOf(id, filter.Session, filter.Status))
        {
            if (looked++ == maxLooked) return new FoundTickets(rows, found, false);

            var row = RowOf(entry);
            if (!row.Ticket.Seat.ToString().StartsWith(filter.Seat, StringComparison.OrdinalIgnoreCase)) continue;
            if (found++ >= skip && rows.Count < take) rows.Add(row);
        }

        return new FoundTickets(rows, found, true);
    }

    private int CountOf(TicketFilter filter)
    {
        int[] sessions = filter.Session is { } one ? [one] : [.. Enumerable.Range(0, state.Events.Find(id)?.Sessions.Count ?? 0)];
        TicketStatus[] statuses = filter.Status is { } status ? [status] : Enum.GetValues<TicketStatus>();
        return sessions.Sum(session => statuses.Sum(wanted => state.CountOf(id, session, wanted)));
    }

    private TicketRow RowOf(KeyValuePair<Ordinal, TicketId> entry) => new(entry.Value, state.Tickets.Find(entry.Value)!);
}
