using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>Reads everything a node goes on from.</summary>
/// <remarks>Row by row into the ledger's maps, without lists in between: a million tickets are read at every start.</remarks>
internal static class SqliteBlockStoreLoader
{
    /// <summary>Reads the stored node, inside one read transaction of the caller's.</summary>
    /// <exception cref="StorageException">The store holds another chain or is damaged.</exception>
    public static (StoredNode Node, StoreHead Head) Load(SqliteConnection connection, ChainSpec spec, string file)
    {
        using var row = new DirectStatement(connection, "SELECT h.tip, h.supply, h.next_sequence, h.forgotten, h.spec, b.hash, h.settled, h.commits FROM head h JOIN block b ON b.block_index = 0");
        if (!row.Step()) throw SqliteBodyReader.Damaged(file, "it has no genesis");

        var genesis = new Hash256(row.Bytes(5));
        if (genesis != spec.Genesis.Hash) throw OtherChain(file, row.Bytes(4), genesis, spec);

        var head = new StoreHead(row.Long(0), row.Long(6), row.Long(1), row.Long(2), row.Bytes(3).ToArray(), row.Long(7));
        var recent = ReadHeaders(connection, file, head.Tip - Blockchain.Kept(spec), out var tipHash);
        if (tipHash is not { } hash) throw SqliteBodyReader.Damaged(file, $"block {head.Tip}, the tip, is missing");

        return (new StoredNode(recent, hash, ReadLedger(connection, head), [], head.NextSequence) { Rejected = ReadRejected(connection, file) }, head);
    }

    /// <summary>What the block of our branch with <paramref name="index"/> changed; null when it can not be undone any more.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static LedgerDelta? ReadDelta(ReadLease lease, SqliteTransaction snapshot, long index)
    {
        if (lease.Prepare("SELECT delta FROM undo WHERE block_index = $1").Scalar(snapshot, index) is not byte[] packed) return null;

        var delta = SqliteBlockTables.Unpack(packed);
        return lease.Prepare("SELECT entries FROM seen WHERE block_index = $1").Scalar(snapshot, index) is byte[] seen
            ? delta with { Seen = new EquatableArray<NumberedHash>([.. Split(seen, NumberedHash.Size).Select(static entry => new NumberedHash(entry.Span))]) }
            : delta;
    }

    private static StorageException OtherChain(string file, ReadOnlySpan<byte> storedSpec, Hash256 genesis, ChainSpec spec)
    {
        var name = ChainSpec.Parse(storedSpec).TryGet(out var stored, out _) ? $"«{stored.ChainId}»" : "a chain";
        return new StorageException(
            StorageFault.NotOurs,
            $"'{file}' holds {name} with genesis {genesis}; the node was started for «{spec.ChainId}» with genesis {spec.Genesis.Hash}. "
            + "Start it with that chain's specification (--Node:ChainSpec=…), or with another --Node:DataDirectory=…; nothing was changed.");
    }

    private static List<ChainNode> ReadHeaders(SqliteConnection connection, string file, long from, out Hash256? tip)
    {
        var recent = new List<ChainNode>();
        tip = null;
        using (var branch = new DirectStatement(connection, "SELECT block_index, hash, weight, header FROM block WHERE block_index >= ? ORDER BY block_index").With(0, from))
        {
            while (branch.Step()) recent.Add(NodeOf(branch, file));
        }

        if (recent.Count > 0) tip = recent[^1].Hash;
        using var side = new DirectStatement(connection, "SELECT block_index, hash, weight, header FROM side_block WHERE block_index >= ? ORDER BY block_index, number").With(0, from);
        while (side.Step()) recent.Add(NodeOf(side, file));
        return recent;
    }

    private static ChainNode NodeOf(DirectStatement row, string file)
    {
        var (index, hash) = (row.Long(0), new Hash256(row.Bytes(1)));
        if (!BlockHeader.Decode(row.Bytes(3)).TryGet(out var header, out var refusal)) throw SqliteBodyReader.Damaged(file, $"the header of block {index} {hash} can not be read ({refusal.Detail})");
        if (header.Hash != hash || header.Index != index) throw SqliteBodyReader.Damaged(file, $"the header kept as block {index} {hash} is that of block {header.Index} {header.Hash}");

        return new ChainNode(header, SqliteBlockTables.WeightOf(row.Bytes(2)));
    }

    /// <summary>What versions before 3 kept in the ledger's file of what waits.</summary>
    public static List<StoredPending> ReadFormerPending(SqliteConnection connection, string file)
    {
        var pending = new List<StoredPending>();
        using var row = new DirectStatement(connection, "SELECT sequence, admitted_at, bytes FROM pending ORDER BY sequence");
        while (row.Step())
        {
            if (!Transaction.Decode(row.Bytes(2)).TryGet(out var transaction, out var refusal))
                throw SqliteBodyReader.Damaged(file, $"the pending transaction with sequence {row.Long(0)} can not be read ({refusal.Detail})");

            pending.Add(new StoredPending(transaction, row.Long(0), row.Long(1)));
        }

        return pending;
    }

    private static List<StoredTransaction> ReadRejected(SqliteConnection connection, string file)
    {
        var rejected = new List<StoredTransaction>();
        using var row = new DirectStatement(connection, $"SELECT bytes, code, detail FROM rejected ORDER BY number DESC LIMIT {StoredNode.MaxRejected}");
        while (row.Step())
        {
            if (!Transaction.Decode(row.Bytes(0)).TryGet(out var transaction, out var refusal))
                throw SqliteBodyReader.Damaged(file, $"a rejected transaction can not be read ({refusal.Detail})");

            rejected.Add(new StoredTransaction(transaction, TransactionStatus.Rejected, null, row.Text(1), row.Text(2)));
        }

        return rejected;
    }

    private static LedgerState ReadLedger(SqliteConnection connection, StoreHead head)
    {
        var changes = ReadUnsettled(connection, head);
        var events = new Dictionary<long, EventTerms>();
        using (var row = new DirectStatement(connection, "SELECT ordinal, terms FROM event ORDER BY ordinal"))
        {
            while (row.Step()) events.Add(row.Long(0), LedgerEncoding.DecodeTerms(row.Bytes(1)));
        }

        var ids = events.ToDictionary(static entry => entry.Key, static entry => entry.Value.Id);
        return LedgerState.Of(
            head.Supply,
            ReadBalances(connection).Where(entry => !changes.Balances.ContainsKey(entry.Key)).Concat(changes.Balances),
            events.Values.Where(terms => !changes.Events.ContainsKey(terms.Id)).Concat(changes.Events.Values.OfType<EventTerms>()),
            ReadTallies(connection).Where(entry => !changes.Tallies.ContainsKey(entry.Key)).Concat(Present(changes.Tallies, static tally => tally)),
            ReadTickets(connection, ids).Where(entry => !changes.Tickets.ContainsKey(entry.Key)).Concat(Present(changes.Tickets, static ticket => ticket.After)),
            ReadReferences(connection),
            ReadSeen(connection, head.Forgotten));
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

    private static IEnumerable<KeyValuePair<Address, long>> ReadBalances(SqliteConnection connection)
    {
        using var row = new DirectStatement(connection, "SELECT account, amount FROM balance");
        while (row.Step()) yield return new KeyValuePair<Address, long>(new Address(row.Bytes(0)), row.Long(1));
    }

    private static IEnumerable<KeyValuePair<EventId, EventTally>> ReadTallies(SqliteConnection connection)
    {
        using var row = new DirectStatement(connection, "SELECT event, counts FROM tally");
        while (row.Step()) yield return new KeyValuePair<EventId, EventTally>(new EventId(row.Bytes(0)), LedgerEncoding.DecodeTally(row.Bytes(1)));
    }

    private static IEnumerable<KeyValuePair<TicketId, Ticket>> ReadTickets(SqliteConnection connection, Dictionary<long, EventId> events)
    {
        using var row = new DirectStatement(connection,
            """
            SELECT place, id, session, seat, status, owner, face_price, paid_on_chain, resales, issued_in, changed_in,
                identity, listing_price, listing_buyer, gate, redeemed_at, redeemed_by
            FROM ticket ORDER BY place
            """);
        while (row.Step()) yield return new KeyValuePair<TicketId, Ticket>(new TicketId(row.Bytes(1)), TicketOf(row, events));
    }

    private static Ticket TicketOf(DirectStatement row, Dictionary<long, EventId> events)
    {
        var place = row.Long(0);
        if (!events.TryGetValue(place >> 32, out var eventId)) throw new InvalidDataException($"Ticket {Convert.ToHexStringLower(row.Bytes(1))} is of no stored event.");

        return new Ticket(
            eventId,
            (int)(uint)place,
            (int)row.Long(2),
            row.Text(3),
            (TicketStatus)row.Long(4),
            new Address(row.Bytes(5)),
            row.Long(6),
            row.Long(7) != 0,
            row.IsNull(12) ? null : new Listing(row.Long(12), row.IsNull(13) ? null : new Address(row.Bytes(13))),
            (int)row.Long(8),
            row.IsNull(11) ? null : new Hash256(row.Bytes(11)),
            row.IsNull(14) ? null : new Redemption(new Address(row.Bytes(14)), row.Long(15), new Hash256(row.Bytes(16))),
            row.Long(9),
            row.Long(10));
    }

    private static IEnumerable<Hash256> ReadReferences(SqliteConnection connection)
    {
        using var row = new DirectStatement(connection, "SELECT entries FROM used_reference ORDER BY block_index");
        while (row.Step())
        {
            foreach (var entry in Split(row.Bytes(0).ToArray(), Hash256.Size)) yield return new Hash256(entry.Span);
        }
    }

    private static IEnumerable<NumberedHash> ReadSeen(SqliteConnection connection, byte[] forgotten)
    {
        using var row = new DirectStatement(connection, "SELECT entries FROM seen WHERE last > ? ORDER BY block_index").With(0, forgotten);
        while (row.Step())
        {
            foreach (var entry in Split(row.Bytes(0).ToArray(), NumberedHash.Size))
                if (!SqliteLedgerTables.IsForgotten(entry.Span, forgotten)) yield return new NumberedHash(entry.Span);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> joined, int size)
    {
        if (joined.Length % size != 0) throw new InvalidDataException($"{joined.Length} bytes are no list of {size} bytes each.");
        for (var at = 0; at < joined.Length; at += size) yield return joined.Slice(at, size);
    }
}
