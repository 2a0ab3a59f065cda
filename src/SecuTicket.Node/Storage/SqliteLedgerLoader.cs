using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Reads the ledger's values into its maps: all tickets at every start.</summary>
/// <remarks>
/// Asking SQLite for a million rows takes a core a second, so each connection is read on a core of its own; and whatever can be is read without an object for
/// each row on the way. The loops are compiled in full at once: they run once, a million rounds long.
/// </remarks>
internal static class SqliteLedgerLoader
{
    // More than cores, so that none waits long for another's last part.
    private const int TicketParts = 8;

    // Each column that is asked for costs more than reading it: fixed sizes go together in one, and what takes a few bits in another.
    private const string TicketColumns =
        """
        place, id || owner || seat, face_price, issued_in, changed_in,
        (resales << 14) | (session << 5) | ((identity IS NOT NULL OR listing_price IS NOT NULL OR gate IS NOT NULL) << 4) | ((paid_on_chain <> 0) << 3) | status,
        identity, listing_price, listing_buyer, gate, redeemed_at, redeemed_by
        """;

    private const int ResalesShift = 14;
    private const int SessionShift = 5;
    private const long SessionMask = (1 << (ResalesShift - SessionShift)) - 1;
    private const long RareBit = 1 << 4;
    private const long PaidBit = 1 << 3;
    private const long StatusMask = PaidBit - 1;

    /// <summary>The ledger after the tip.</summary>
    /// <param name="connections">In read transactions of the caller's, which see one and the same commit.</param>
    /// <param name="head">The store's head.</param>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public static LedgerState Load(IReadOnlyList<SqliteConnection> connections, StoreHead head)
    {
        var changes = ReadUnsettled(connections[0], head);
        var events = ReadEvents(connections[0]);
        var tallies = ReadTallies(connections[0]);
        var ids = events.ToDictionary(static entry => entry.Key, static entry => entry.Value.Id);
        var total = tallies.Values.Sum(static tally => (long)tally.Issued);
        var starts = TicketStarts(ids, tallies, total);
        var tickets = new List<KeyValuePair<TicketId, Ticket>>[TicketParts];
        var (balances, references, seen) = (Trie<Address, long>.Empty, Trie<Hash256, Present>.Empty, Trie<NumberedHash, Present>.Empty);
        Read(connections,
        [
            connection => seen = ReadSeen(connection, head.Forgotten),
            .. Enumerable.Range(0, TicketParts).Select<int, Action<SqliteConnection>>(part => connection => tickets[part] = ReadTickets(connection, starts[part], starts[part + 1], (int)(total / TicketParts) + 1, ids, changes)),
            connection => balances = ReadBalances(connection, changes),
            connection => references = ReadReferences(connection),
        ]);

        return LedgerState.Of(
            head.Supply,
            balances,
            [.. events.Values.Where(terms => !changes.Events.ContainsKey(terms.Id)), .. changes.Events.Values.OfType<EventTerms>()],
            Trie<EventId, EventTally>.Of(tallies.Where(entry => !changes.Tallies.ContainsKey(entry.Key)).Concat(Present(changes.Tallies, static tally => tally == EventTally.Empty ? null : tally))),
            Joined([.. tickets, [.. Present(changes.Tickets, static ticket => ticket.After)]]),
            references,
            seen,
            Together);
    }

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

    private static T[] Joined<T>(IReadOnlyList<List<T>> parts)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Trie<NumberedHash, Present> ReadSeen(SqliteConnection connection, byte[] forgotten)
    {
        using var size = new DirectStatement(connection, "SELECT sum(length(entries)) FROM seen WHERE last > ?").With(0, forgotten);
        var seen = new TrieBuilder<NumberedHash, Present>(size.Step() ? (int)(size.Long(0) / NumberedHash.Size) : 0);
        using var row = new DirectStatement(connection, "SELECT entries FROM seen WHERE last > ? ORDER BY block_index").With(0, forgotten);
        while (row.Step())
        {
            foreach (ref readonly var entry in Split<NumberedHash>(row.Bytes(0)))
                if (!SqliteLedgerTables.IsForgotten(entry.Span, forgotten)) seen.Add(entry, default);
        }

        return seen.ToTrie();
    }

    // Places at which parts of about as many tickets begin, and one past all.
    private static long[] TicketStarts(Dictionary<long, EventId> events, Dictionary<EventId, EventTally> tallies, long total)
    {
        var starts = new List<long> { 0 };
        var before = 0L;
        foreach (var (ordinal, id) in events)
        {
            var issued = tallies.TryGetValue(id, out var tally) ? tally.Issued : 0;
            while (starts.Count < TicketParts && total * starts.Count / TicketParts is var next && next < before + issued) starts.Add((ordinal << 32) + (next - before));
            before += issued;
        }

        while (starts.Count <= TicketParts) starts.Add(long.MaxValue);
        return [.. starts];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static List<KeyValuePair<TicketId, Ticket>> ReadTickets(SqliteConnection connection, long from, long to, int expected, Dictionary<long, EventId> events, LedgerChanges changes)
    {
        var tickets = new List<KeyValuePair<TicketId, Ticket>>(expected);
        TicketIssue? issue = null;
        using var row = new DirectStatement(connection, $"SELECT {TicketColumns} FROM ticket WHERE place >= ? AND place < ? ORDER BY place").With(0, from).With(1, to);
        while (row.Step())
        {
            var named = row.Bytes(1);
            var id = new TicketId(named[..TicketId.Size]);
            if (!changes.Tickets.ContainsKey(id)) tickets.Add(new KeyValuePair<TicketId, Ticket>(id, ReadTicket(row, id, named[TicketId.Size..], events, ref issue)));
        }

        return tickets;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Ticket ReadTicket(DirectStatement row, in TicketId id, ReadOnlySpan<byte> ownerAndSeat, Dictionary<long, EventId> events, ref TicketIssue? last)
    {
        var (place, packed) = (row.Long(0), row.Long(5));
        if (!events.TryGetValue(place >> 32, out var eventId)) throw new InvalidDataException($"Ticket {id} is of no stored event.");
        if ((packed & StatusMask) is var status && status > (long)TicketStatus.Revoked) throw new InvalidDataException($"Ticket {id} has status {status}.");

        // Tickets of one issue lie together, and share what they have in common.
        var (session, facePrice, issuedIn) = ((int)((packed >> SessionShift) & SessionMask), row.Long(2), row.Long(3));
        if (last is null || last.Event != eventId || last.Session != session || last.FacePrice != facePrice || last.Block != issuedIn) last = new TicketIssue(eventId, session, facePrice, issuedIn);

        var (owner, seat) = (new Address(ownerAndSeat[..Address.Size]), new SeatName(ownerAndSeat[Address.Size..]));
        var ticket = new Ticket(last, (int)(uint)place, seat, (TicketStatus)status, owner, (packed & PaidBit) != 0, (int)(packed >> ResalesShift), row.Long(4));
        return (packed & RareBit) == 0 ? ticket : ticket with
        {
            IdentityCommitment = row.IsNull(6) ? null : new Hash256(row.Bytes(6)),
            Listing = row.IsNull(7) ? null : new Listing(row.Long(7), row.IsNull(8) ? null : new Address(row.Bytes(8))),
            Redemption = row.IsNull(9) ? null : new Redemption(new Address(row.Bytes(9)), row.Long(10), new Hash256(row.Bytes(11))),
        };
    }
}
