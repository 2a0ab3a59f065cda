using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>A small chain, and events beside its own that are written into the tables: no ticket of them was issued.</summary>
internal static class ManyEvents
{
    private const int EventsOfOneWrite = 50_000;

    /// <summary>Adds events to a world until there are so many.</summary>
    /// <param name="world">A world with one event, on which no node runs.</param>
    /// <param name="count">All events.</param>
    public static void AddTo(TicketWorld world, int count)
    {
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        var terms = store.Load(world.Spec).Ledger.Events.First().Value;
        database.Write((connection, _) =>
        {
            using var ledger = new SqliteLedgerTables(connection);
            foreach (var some in Enumerable.Range(1, count - 1).Chunk(EventsOfOneWrite))
            {
                var changes = new LedgerChanges();
                foreach (var one in some.Select(ordinal => terms with { Ordinal = ordinal, CreatedBy = Hash256.Sha256(BitConverter.GetBytes(ordinal)) })) changes.Events[one.Id] = one;
                ledger.Write(changes);
            }
        });
    }
}
