using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>Reads what <see cref="SqliteHistoryTables"/> wrote, a page at a time, each page found by its first line's key.</summary>
internal static class SqliteHistoryReader
{
    /// <inheritdoc cref="IBlockStore.TicketHistory"/>
    public static IReadOnlyList<StoredTicketChange> TicketHistory(
        ReadLease lease, SqliteTransaction snapshot, string file, TicketId ticket, HistoryPosition? after, int limit)
    {
        var changes = new List<StoredTicketChange>();
        var from = after ?? new HistoryPosition(-1, 0);
        using var bodies = new SqliteBodyReader(lease, file);
        using var row = lease.Prepare(
            """
            SELECT c.block_index, c.position, c.at, c.type, c.status, c.holder_before, c.holder, c.price, b.header
            FROM ticket_change c JOIN block b ON b.block_index = c.block_index
            WHERE c.ticket = $1 AND (c.block_index, c.position) > ($2, $3) ORDER BY c.block_index, c.position LIMIT $4
            """).Query(snapshot, ticket.Span.ToArray(), from.BlockIndex, from.Position, Math.Max(limit, 0));
        while (row.Read())
        {
            var position = new HistoryPosition(row.GetInt64(0), row.GetInt32(1));
            var transaction = bodies.Read(position.BlockIndex, row.GetInt64(2));
            changes.Add(new StoredTicketChange(position, ChangeOf(row, ticket, transaction), transaction.Id, TimeOf((byte[])row[8])));
        }

        return changes;
    }

    /// <inheritdoc cref="IBlockStore.AccountTransactions"/>
    public static IReadOnlyList<StoredAccountTransaction> AccountTransactions(
        ReadLease lease, SqliteTransaction snapshot, string file, Address account, HistoryPosition? before, int limit)
    {
        var lines = new List<StoredAccountTransaction>();
        var to = before ?? new HistoryPosition(long.MaxValue, 0);
        using var bodies = new SqliteBodyReader(lease, file);
        using var row = lease.Prepare("SELECT block_index, entries FROM account_transaction WHERE account = $1 AND block_index <= $2 ORDER BY block_index DESC")
            .Query(snapshot, account.Span.ToArray(), to.BlockIndex);
        while (lines.Count < limit && row.Read())
        {
            var index = row.GetInt64(0);
            var entries = (byte[])row[1];
            for (var at = entries.Length - AccountEntry.Size; at >= 0 && lines.Count < limit; at -= AccountEntry.Size)
            {
                var entry = AccountEntry.Read(entries.AsSpan(at));
                if (index == to.BlockIndex && entry.Position >= to.Position) continue;

                lines.Add(new StoredAccountTransaction(new HistoryPosition(index, entry.Position), bodies.Read(index, entry.Offset)));
            }
        }

        return lines;
    }

    /// <inheritdoc cref="IBlockStore.Attendance"/>
    public static IReadOnlyList<StoredAttendance> Attendance(ReadLease lease, SqliteTransaction snapshot, EventId eventId, long afterBlock, int limit)
    {
        var blocks = new List<StoredAttendance>();
        using var row = lease.Prepare(
            """
            SELECT a.block_index, a.redeemed, b.header FROM attendance a JOIN block b ON b.block_index = a.block_index
            WHERE a.event = $1 AND a.block_index > $2 ORDER BY a.block_index LIMIT $3
            """).Query(snapshot, eventId.Span.ToArray(), afterBlock, Math.Max(limit, 0));
        while (row.Read()) blocks.Add(new StoredAttendance(row.GetInt64(0), TimeOf((byte[])row[2]), row.GetInt32(1)));
        return blocks;
    }

    /// <inheritdoc cref="IBlockStore.Resales"/>
    public static IReadOnlyList<StoredResale> Resales(ReadLease lease, SqliteTransaction snapshot, string file, EventId eventId, HistoryPosition? after, int limit)
    {
        var resales = new List<StoredResale>();
        var from = after ?? new HistoryPosition(-1, 0);
        using var bodies = new SqliteBodyReader(lease, file);
        using var row = lease.Prepare(
            """
            SELECT r.block_index, r.position, r.at, r.price, r.face_price, b.header FROM resale r JOIN block b ON b.block_index = r.block_index
            WHERE r.event = $1 AND (r.block_index, r.position) > ($2, $3) ORDER BY r.block_index, r.position LIMIT $4
            """).Query(snapshot, eventId.Span.ToArray(), from.BlockIndex, from.Position, Math.Max(limit, 0));
        while (row.Read())
        {
            var position = new HistoryPosition(row.GetInt64(0), row.GetInt32(1));
            resales.Add(new StoredResale(position, bodies.Read(position.BlockIndex, row.GetInt64(2)).Id, row.GetInt64(3), row.GetInt64(4), TimeOf((byte[])row[5])));
        }

        return resales;
    }

    private static TicketChange ChangeOf(SqliteDataReader row, TicketId ticket, Transaction transaction)
    {
        var sender = transaction.Payload.Sender;
        var type = row[3] as string ?? SqliteBlockStoreSchema.TypeOf(row.GetInt64(3));
        Address? from = row[5] switch { DBNull => null, byte[] bytes => AddressOf(bytes), _ => sender };
        var to = row[6] switch
        {
            byte[] bytes => AddressOf(bytes),
            SqliteBlockStoreSchema.SameMark => from ?? throw new InvalidDataException("A ticket's change names nobody."),
            _ => sender,
        };
        return new TicketChange(ticket, type, (TicketStatus)row.GetByte(4), from, to, row.IsDBNull(7) ? null : row.GetInt64(7));
    }

    private static Address AddressOf(byte[] bytes) => bytes.Length == Address.Size ? new Address(bytes) : throw new InvalidDataException($"An account takes {Address.Size} bytes, found {bytes.Length}.");

    // The timestamp alone: a header that was tampered with is found by whoever checks blocks, not by whoever reads a history.
    private static long TimeOf(ReadOnlySpan<byte> header) => header.Length == BlockHeader.Size
        ? BinaryPrimitives.ReadInt64BigEndian(header[140..])
        : throw new InvalidDataException($"A header takes {BlockHeader.Size} bytes, found {header.Length}.");
}
