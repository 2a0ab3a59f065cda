using System.Collections.Concurrent;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>The events whose organisers let this node complete official sales with the event's key, where that key is kept here. Thread-safe.</summary>
/// <remarks>A choice about this node, not about the ticket's rules: it stays on this node's disk and never goes on the chain.</remarks>
public sealed class EventDelegations
{
    private static readonly SchemaPart Schema = new("delegation", [["CREATE TABLE event_delegation (event_id BLOB PRIMARY KEY CHECK (length(event_id) = 16)) WITHOUT ROWID"]]);

    private readonly SqliteDatabase _database;
    private readonly PreparedStatement _insert;
    private readonly PreparedStatement _delete;
    private readonly ConcurrentDictionary<EventId, bool> _enabled = new();

    /// <summary>Opens the choices kept in a database, making its table when it is not there.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public EventDelegations(SqliteDatabase database)
    {
        _database = database;
        database.Ensure(Schema);
        _insert = database.Prepare("INSERT OR IGNORE INTO event_delegation (event_id) VALUES ($1)");
        _delete = database.Prepare("DELETE FROM event_delegation WHERE event_id = $1");
        foreach (var id in database.Read(Kept)) _enabled[id] = true;
    }

    /// <summary>Whether the organiser of an event lets this node complete sales.</summary>
    public bool IsEnabled(EventId id) => _enabled.ContainsKey(id);

    /// <summary>Keeps an organiser's choice; durable when this returns.</summary>
    /// <exception cref="StorageException">The disk failed; the choice is as it was.</exception>
    public void Set(EventId id, bool enabled)
    {
        _database.Write((_, transaction) => (enabled ? _insert : _delete).Execute(transaction, id.Span.ToArray()));
        if (enabled) _enabled[id] = true;
        else _enabled.TryRemove(id, out _);
    }

    private static List<EventId> Kept(ReadLease lease)
    {
        using var rows = lease.Prepare("SELECT event_id FROM event_delegation").Query(null);
        var kept = new List<EventId>();
        while (rows.Read()) kept.Add(new EventId(rows.GetFieldValue<byte[]>(0)));
        return kept;
    }
}
