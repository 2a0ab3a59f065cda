using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Writes tickets: 16 neighbours of an event are one row (<see cref="PackedTickets"/>).</summary>
internal sealed class SqliteTicketTables(SqliteConnection connection) : IDisposable
{
    private readonly DirectStatement _page = new(connection, "SELECT tickets FROM ticket_page WHERE number = ?");
    private readonly DirectStatement _setPage = new(connection, "INSERT OR REPLACE INTO ticket_page (number, tickets) VALUES (?, ?)");
    private readonly DirectStatement _deletePage = new(connection, "DELETE FROM ticket_page WHERE number = ?");
    private readonly DirectStatement _ordinalOf = new(connection, "SELECT ordinal FROM event WHERE id = ?");
    private readonly Dictionary<EventId, long> _ordinals = [];

    /// <summary>Writes tickets as they are after some changes; where there is none any more, what was there before says which it was.</summary>
    /// <remarks>In the order of the B-tree, so that a row is written once, however many of its tickets change.</remarks>
    public void Write(IEnumerable<(TicketId Id, Ticket? Former, Ticket? Ticket)> changes)
    {
        _ordinals.Clear();
        var placed = new List<PlacedTicket>();
        foreach (var (id, former, ticket) in changes)
            if ((ticket ?? former) is { } either) placed.Add(new PlacedTicket(PlaceOf(either), id, ticket));

        placed.Sort(static (left, right) => left.Place.CompareTo(right.Place));
        Write(CollectionsMarshal.AsSpan(placed));
    }

    /// <summary>The tickets of some pages, in the order of their places.</summary>
    /// <param name="connection">Where they are.</param>
    /// <param name="from">The first page.</param>
    /// <param name="to">The page after the last one.</param>
    /// <param name="events">Events by ordinal.</param>
    /// <param name="expected">How many there are, more or less.</param>
    /// <param name="changed">Tickets that are left out, and on which pages they are.</param>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ArraySegment<KeyValuePair<TicketId, Ticket>> Read(SqliteConnection connection, long from, long to, Dictionary<long, EventId> events, int expected, ChangedTickets changed)
    {
        var tickets = new KeyValuePair<TicketId, Ticket>[expected + PackedTickets.Places];
        var count = 0;
        TicketIssue? issue = null;
        using var row = new DirectStatement(connection, "SELECT number, tickets FROM ticket_page WHERE number >= ? AND number < ? ORDER BY number").With(0, from).With(1, to);
        while (row.Step())
        {
            var number = row.Long(0);
            if (!events.TryGetValue(PackedTickets.EventOf(number), out var eventId)) throw new InvalidDataException($"Tickets of page {number} are of no stored event.");
            if (tickets.Length - count < PackedTickets.Places) Array.Resize(ref tickets, 2 * tickets.Length);

            var page = tickets.AsSpan(count, PackedTickets.Read(row.Bytes(1), number, eventId, ref issue, tickets.AsSpan(count)));
            count += changed.AreOn(number) ? changed.LeftOut(page) : page.Length;
        }

        return new ArraySegment<KeyValuePair<TicketId, Ticket>>(tickets, 0, count);
    }

    /// <summary>Takes over the tickets that versions before 4 kept in rows of their own.</summary>
    public void AdoptFormer()
    {
        using (var row = new DirectStatement(connection, FormerTickets.Select))
        {
            var page = new List<PlacedTicket>();
            while (row.Step())
            {
                var ticket = FormerTickets.Read(row);
                if (page.Count > 0 && PackedTickets.NumberOf(page[0].Place) != PackedTickets.NumberOf(ticket.Place))
                {
                    Write(CollectionsMarshal.AsSpan(page));
                    page.Clear();
                }

                page.Add(ticket);
            }

            Write(CollectionsMarshal.AsSpan(page));
        }

        using var delete = new DirectStatement(connection, "DELETE FROM ticket");
        delete.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)[_page, _setPage, _deletePage, _ordinalOf]) statement.Dispose();
    }

    // In the order of places.
    private void Write(ReadOnlySpan<PlacedTicket> placed)
    {
        for (int start = 0, end; start < placed.Length; start = end)
        {
            var number = PackedTickets.NumberOf(placed[start].Place);
            for (end = start + 1; end < placed.Length && PackedTickets.NumberOf(placed[end].Place) == number;) end++;

            byte[] page;
            try
            {
                page = PackedTickets.With(_page.With(0, number).Step() ? _page.Bytes(0) : default, placed[start..end]);
            }
            finally
            {
                _page.Reset();
            }

            if (page.Length == 0) _deletePage.With(0, number).Run();
            else _setPage.With(0, number).With(1, page).Run();
        }
    }

    // Tickets of one event lie together in the order of their issue: changes to one event touch few pages.
    private long PlaceOf(Ticket ticket)
    {
        if (!_ordinals.TryGetValue(ticket.Event, out var ordinal)) _ordinals.Add(ticket.Event, ordinal = ReadOrdinal(ticket.Event));
        return (ordinal << 32) | (uint)ticket.Ordinal;
    }

    private long ReadOrdinal(EventId id)
    {
        try
        {
            return _ordinalOf.With(0, id.Span).Step() ? _ordinalOf.Long(0) : throw new InvalidOperationException($"A block changes a ticket of event {id}, which is not stored.");
        }
        finally
        {
            _ordinalOf.Reset();
        }
    }
}
