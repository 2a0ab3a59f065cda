using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Writes the ledger's values, forwards and backwards.</summary>
internal sealed class SqliteLedgerTables(SqliteConnection connection) : IDisposable
{
    private readonly DirectStatement _setBalance = new(connection, "INSERT INTO balance (account, amount) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET amount = excluded.amount");
    private readonly DirectStatement _deleteBalance = new(connection, "DELETE FROM balance WHERE account = ?");
    private readonly DirectStatement _setEvent = new(connection, "INSERT INTO event (ordinal, id, terms) VALUES (?, ?, ?) ON CONFLICT (ordinal) DO UPDATE SET terms = excluded.terms");
    private readonly DirectStatement _deleteEvent = new(connection, "DELETE FROM event WHERE id = ?");
    private readonly DirectStatement _setTally = new(connection, "INSERT INTO tally (event, counts) VALUES (?, ?) ON CONFLICT (event) DO UPDATE SET counts = excluded.counts");
    private readonly DirectStatement _deleteTally = new(connection, "DELETE FROM tally WHERE event = ?");
    private readonly DirectStatement _insertReferences = new(connection, "INSERT INTO used_reference (block_index, entries) VALUES (?, ?)");
    private readonly DirectStatement _deleteReferences = new(connection, "DELETE FROM used_reference WHERE block_index = ?");
    private readonly DirectStatement _insertSeen = new(connection, "INSERT INTO seen (block_index, last, entries) VALUES (?, ?, ?)");
    private readonly DirectStatement _deleteSeen = new(connection, "DELETE FROM seen WHERE block_index = ?");

    // What was forgotten when the oldest block that can still be undone came: undoing brings none of it back. Two rows a block, so that no commit pays for many.
    private readonly DirectStatement _pruneSeen = new(connection,
        """
        DELETE FROM seen WHERE last <= (SELECT forgotten FROM undo WHERE block_index = ?1)
        AND block_index IN (SELECT block_index FROM seen ORDER BY block_index LIMIT 2)
        """);

    private readonly SqliteTicketTables _tickets = new(connection);

    /// <summary>Whether <paramref name="entry"/> is among those that the head's <paramref name="forgotten"/> says are forgotten.</summary>
    /// <remarks>The ledger forgets in key order and never sees a key again that it could have forgotten, so one key says it all.</remarks>
    public static bool IsForgotten(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> forgotten) => entry.SequenceCompareTo(forgotten) <= 0;

    /// <summary>Keeps what a block adds to the lists that are one row a block.</summary>
    /// <param name="index">The block.</param>
    /// <param name="delta">What it changed.</param>
    /// <param name="forgotten">The head's <see cref="StoreHead.Forgotten"/> before it.</param>
    /// <param name="final">The newest block that can not be undone any more.</param>
    /// <returns>The head's <see cref="StoreHead.Forgotten"/> after it.</returns>
    public byte[] Append(long index, LedgerDelta delta, byte[] forgotten, long final)
    {
        if (delta.References.Count > 0) _insertReferences.With(0, index).With(1, MemoryMarshal.AsBytes(delta.References.Span)).Run();
        if (delta.Seen.Count > 0) _insertSeen.With(0, index).With(1, Last(delta.Seen.Span).Span).With(2, MemoryMarshal.AsBytes(delta.Seen.Span)).Run();
        if (final > 0) _pruneSeen.With(0, final + 1).Run();
        return delta.Forgotten.Count > 0 ? Last(delta.Forgotten.Span).Span.ToArray() : forgotten;
    }

    /// <summary>Takes away what <see cref="Append"/> kept. What the block forgot comes back with the head's former <see cref="StoreHead.Forgotten"/>.</summary>
    public void RemoveLast(long index)
    {
        _deleteReferences.With(0, index).Run();
        _deleteSeen.With(0, index).Run();
    }

    /// <summary>Takes over what versions before 4 kept elsewhere.</summary>
    public void AdoptFormer() => _tickets.AdoptFormer();

    /// <summary>Makes the stored values those after the changes.</summary>
    /// <remarks>In the order of each B-tree, so that a page is touched once, however many of its rows change.</remarks>
    public void Write(LedgerChanges changes)
    {
        foreach (var (id, terms) in changes.Events) SetEvent(id, terms);
        foreach (var (id, tally) in changes.Tallies) SetTally(id, tally);
        foreach (var (account, amount) in changes.Balances.OrderBy(change => change.Key)) SetBalance(account, amount);
        _tickets.Write(changes.Tickets.Select(static change => (change.Key, change.Value.Before, change.Value.After)));
    }

    /// <summary>Makes the stored values those before a block.</summary>
    public void Undo(LedgerDelta delta)
    {
        _tickets.Write(delta.Tickets.Select(static change => (change.Key, change.After, change.Before)));
        foreach (ref readonly var change in delta.Balances.Span) SetBalance(change.Key, change.Before);
        foreach (ref readonly var change in delta.Tallies.Span) SetTally(change.Key, change.Before);
        foreach (ref readonly var change in delta.Events.Span) SetEvent(change.Key, change.Before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)
            [_setBalance, _deleteBalance, _setEvent, _deleteEvent, _setTally, _deleteTally,
             _insertReferences, _deleteReferences, _insertSeen, _deleteSeen, _pruneSeen])
            statement.Dispose();
        _tickets.Dispose();
    }

    private void SetBalance(in Address account, long amount)
    {
        if (amount == 0) _deleteBalance.With(0, account.Span).Run();
        else _setBalance.With(0, account.Span).With(1, amount).Run();
    }

    private void SetEvent(in EventId id, EventTerms? terms)
    {
        if (terms is null) _deleteEvent.With(0, id.Span).Run();
        else _setEvent.With(0, terms.Ordinal).With(1, id.Span).With(2, LedgerEncoding.Encode(terms)).Run();
    }

    private void SetTally(in EventId id, EventTally? tally)
    {
        if (tally is null || tally == EventTally.Empty) _deleteTally.With(0, id.Span).Run();
        else _setTally.With(0, id.Span).With(1, LedgerEncoding.Encode(tally)).Run();
    }

    private static NumberedHash Last(ReadOnlySpan<NumberedHash> entries)
    {
        var last = entries[0];
        foreach (ref readonly var entry in entries[1..])
            if (entry.Span.SequenceCompareTo(last.Span) > 0) last = entry;
        return last;
    }
}
