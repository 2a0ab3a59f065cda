using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Reads the ledger's values into its maps: all tickets at every start.</summary>
/// <remarks>
/// Each connection is read on a core of its own, and whatever can be is read without an object for each row on the way. The loops are compiled in full at once: they run once,
/// a million rounds long.
/// </remarks>
internal static class SqliteLedgerLoader
{
    // More than cores, so that none waits long for another's last part.
    private const int TicketParts = 8;

    // Of one part, that room is made for beforehand: what the counts of a damaged store say is not believed further.
    private const int MaxExpected = 1 << 20;

    /// <summary>The ledger after the tip.</summary>
    /// <param name="connections">In read transactions of the caller's, which see one and the same commit.</param>
    /// <param name="head">The store's head.</param>
    /// <param name="file">What to call the file.</param>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public static LedgerState Load(IReadOnlyList<SqliteConnection> connections, StoreHead head, string file)
    {
        var changes = ReadUnsettled(connections[0], head);
        var events = ReadEvents(connections[0]);
        var tallies = ReadTallies(connections[0]);
        var ids = events.ToDictionary(static entry => entry.Key, static entry => entry.Value.Id);
        var total = tallies.Values.Sum(static tally => (long)tally.Issued);
        var starts = TicketStarts(ids, tallies, total);
        var expected = (int)Math.Clamp(total / TicketParts, 0, MaxExpected);
        var changed = new ChangedTickets(changes, ids);
        var tickets = new ArraySegment<KeyValuePair<TicketId, Ticket>>[TicketParts];
        var (balances, references, seen) = (Trie<Address, long>.Empty, Trie<Hash256, Present>.Empty, new TrieBuilder<NumberedHash, Present>());
        Read(connections,
        [
            connection => seen = ReadSeen(connection, head.Forgotten),
            .. Enumerable.Range(0, TicketParts).Select<int, Action<SqliteConnection>>(part => connection => tickets[part] = SqliteTicketTables.Read(connection, starts[part], starts[part + 1], ids, expected, changed)),
            connection => balances = ReadBalances(connection, changes),
            connection => references = ReadReferences(connection),
        ]);

        return LedgerState.Of(
            head.Supply,
            balances,
            [.. events.Values.Where(terms => !changes.Events.ContainsKey(terms.Id)), .. changes.Events.Values.OfType<EventTerms>()],
            Trie<EventId, EventTally>.Of(tallies.Where(entry => !changes.Tallies.ContainsKey(entry.Key)).Concat(Present(changes.Tallies, static tally => tally == EventTally.Empty ? null : tally))),
            Joined([.. tickets, Present(changes.Tickets, static ticket => ticket.After).ToArray()]),
            references,
            () => ToTrie(seen, file),
            SqliteStakeTables.Load(connections[0], head));
    }

    /// <summary>All tickets of the tables.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public static IReadOnlyCollection<KeyValuePair<TicketId, Ticket>> ReadTickets(SqliteConnection connection) =>
        SqliteTicketTables.Read(connection, 0, long.MaxValue, ReadEvents(connection).ToDictionary(static entry => entry.Key, static entry => entry.Value.Id), 0, ChangedTickets.None);

    /// <summary>Takes a list of entries apart that lies in one column.</summary>
    /// <typeparam name="T">An entry: its bytes and nothing else.</typeparam>
    /// <exception cref="InvalidDataException">These are no whole entries.</exception>
    public static ReadOnlySpan<T> Split<T>(ReadOnlySpan<byte> joined)
        where T : unmanaged =>
        joined.Length % Unsafe.SizeOf<T>() == 0 ? MemoryMarshal.Cast<byte, T>(joined) : throw new InvalidDataException($"{joined.Length} bytes are no list of {Unsafe.SizeOf<T>()} bytes each.");

    // Each connection takes the next part as soon as it is free.
    private static void Read(IReadOnlyList<SqliteConnection> connections, IEnumerable<Action<SqliteConnection>> parts)
    {
        var left = new ConcurrentQueue<Action<SqliteConnection>>(parts);
        Together([.. connections.Select<SqliteConnection, Action>(connection => () =>
        {
            while (left.TryDequeue(out var read)) read(connection);
        })]);
    }

    private static void Together(Action[] work) => Task.WhenAll(work.Select(Task.Run)).GetAwaiter().GetResult();

    private static T[] Joined<T>(IReadOnlyList<ArraySegment<T>> parts)
    {
        var joined = new T[parts.Sum(static part => part.Count)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, at);
            at += part.Count;
        }

        return joined;
    }

    private static LedgerChanges ReadUnsettled(SqliteConnection connection, StoreHead head)
    {
        var changes = new LedgerChanges();
        using var row = new DirectStatement(connection, "SELECT block_index, delta FROM undo WHERE block_index > ? ORDER BY block_index").With(0, head.Settled);
        for (var index = head.Settled + 1; index <= head.Tip; index++)
        {
            if (!row.Step() || row.Long(0) != index) throw new InvalidDataException($"block {index} has no undo record");
            changes.Add(SqliteBlockTables.Unpack(row.Bytes(1)));
        }

        return changes;
    }

    private static IEnumerable<KeyValuePair<TKey, TValue>> Present<TKey, TChange, TValue>(Dictionary<TKey, TChange> changes, Func<TChange, TValue?> valueOf)
        where TKey : notnull
        where TValue : class
    {
        foreach (var (key, change) in changes)
            if (valueOf(change) is { } value) yield return new KeyValuePair<TKey, TValue>(key, value);
    }

    private static SortedDictionary<long, EventTerms> ReadEvents(SqliteConnection connection)
    {
        var events = new SortedDictionary<long, EventTerms>();
        using var row = new DirectStatement(connection, "SELECT ordinal, terms FROM event ORDER BY ordinal");
        while (row.Step()) events.Add(row.Long(0), LedgerEncoding.DecodeTerms(row.Bytes(1)));
        return events;
    }

    private static Dictionary<EventId, EventTally> ReadTallies(SqliteConnection connection)
    {
        var tallies = new Dictionary<EventId, EventTally>();
        using var row = new DirectStatement(connection, "SELECT event, counts FROM tally");
        while (row.Step()) tallies.Add(new EventId(row.Bytes(0)), LedgerEncoding.DecodeTally(row.Bytes(1)));
        return tallies;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Trie<Address, long> ReadBalances(SqliteConnection connection, LedgerChanges changes)
    {
        var balances = new TrieBuilder<Address, long>();
        using var row = new DirectStatement(connection, "SELECT account, amount FROM balance");
        while (row.Step())
        {
            var account = new Address(row.Bytes(0));
            if (!changes.Balances.ContainsKey(account)) balances.Add(account, row.Long(1));
        }

        foreach (var (account, amount) in changes.Balances)
            if (amount != 0) balances.Add(account, amount);
        return balances.ToTrie();
    }

    private static Trie<Hash256, Present> ReadReferences(SqliteConnection connection)
    {
        var references = new TrieBuilder<Hash256, Present>();
        using var row = new DirectStatement(connection, "SELECT entries FROM used_reference ORDER BY block_index");
        while (row.Step())
        {
            foreach (ref readonly var entry in Split<Hash256>(row.Bytes(0))) references.Add(entry, default);
        }

        return references.ToTrie();
    }

    // Read at once, but put in order when it is asked for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TrieBuilder<NumberedHash, Present> ReadSeen(SqliteConnection connection, byte[] forgotten)
    {
        using var size = new DirectStatement(connection, "SELECT sum(length(entries)) FROM seen WHERE last > ?").With(0, forgotten);
        var seen = new TrieBuilder<NumberedHash, Present>(size.Step() ? (int)(size.Long(0) / NumberedHash.Size) : 0);
        using var row = new DirectStatement(connection, "SELECT entries FROM seen WHERE last > ? ORDER BY block_index").With(0, forgotten);
        while (row.Step())
        {
            foreach (ref readonly var entry in Split<NumberedHash>(row.Bytes(0)))
                if (!SqliteLedgerTables.IsForgotten(entry.Span, forgotten)) seen.Add(entry, default);
        }

        return seen;
    }

    private static Trie<NumberedHash, Present> ToTrie(TrieBuilder<NumberedHash, Present> seen, string file)
    {
        try
        {
            return seen.ToTrie();
        }
        catch (ArgumentException twice)
        {
            throw SqliteBodyReader.Damaged(file, twice.Message);
        }
    }

    // Pages at which parts of about as many tickets begin, and one past all.
    private static long[] TicketStarts(Dictionary<long, EventId> events, Dictionary<EventId, EventTally> tallies, long total)
    {
        var starts = new List<long> { 0 };
        var before = 0L;
        foreach (var (ordinal, id) in events)
        {
            var issued = tallies.TryGetValue(id, out var tally) ? tally.Issued : 0;
            while (starts.Count < TicketParts && total * starts.Count / TicketParts is var next && next < before + issued) starts.Add(PackedTickets.NumberOf((ordinal << 32) + (next - before)));
            before += issued;
        }

        while (starts.Count <= TicketParts) starts.Add(long.MaxValue);
        return [.. starts];
    }
}
