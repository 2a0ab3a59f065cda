using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Node.Storage.SqliteBlockStoreSchema;

namespace SecuTicket.Node.Storage;

/// <summary>Reads what became of transactions.</summary>
internal static class SqliteTransactionReader
{
    /// <summary>A transaction in a block of our branch.</summary>
    public static StoredTransaction? Confirmed(ReadLease lease, SqliteTransaction snapshot, string file, Hash256 id)
    {
        var prefix = SqliteTransactionTables.PrefixOf(id);
        using var place = lease.Prepare("SELECT block_index, at FROM place WHERE prefix = $1").Query(snapshot, prefix);
        using var bodies = new SqliteBodyReader(lease, file);
        while (place.Read())
        {
            var index = place.GetInt64(0);
            var transaction = bodies.Read(index, place.GetInt64(1));
            if (transaction.Id == id) return new StoredTransaction(transaction, TransactionStatus.Confirmed, index);
            if (SqliteTransactionTables.PrefixOf(transaction.Id) != prefix)
                throw SqliteBodyReader.Damaged(file, $"block {index} holds transaction {transaction.Id} where {id} is looked up");
        }

        return null;
    }

    /// <summary>A transaction that was rejected.</summary>
    public static StoredTransaction? Rejected(ReadLease lease, SqliteTransaction snapshot, string file, Hash256 id)
    {
        using var row = lease.Prepare(
            $"SELECT r.bytes, r.code, r.detail FROM undecided u JOIN rejected r ON r.number = u.at WHERE u.prefix = $1 AND u.kind = {RejectedKind} AND r.id = $2")
            .Query(snapshot, SqliteTransactionTables.PrefixOf(id), id.Span.ToArray());
        if (!row.Read()) return null;

        return Transaction.Decode((byte[])row[0]).TryGet(out var transaction, out var refusal)
            ? new StoredTransaction(transaction, TransactionStatus.Rejected, null, row.GetString(1), row.GetString(2))
            : throw SqliteBodyReader.Damaged(file, $"transaction {id} can not be read ({refusal.Detail})");
    }

    /// <summary>The journal's rows that count, in order: their commit happened, and the ledger's file has decided nothing about them since.</summary>
    public static List<StoredPending> Waiting(ReadLease lease, SqliteTransaction snapshot, string file, IReadOnlyList<JournalRow> rows, LedgerState ledger, StoreHead head)
    {
        var rejections = lease.Prepare(
            $"SELECT count(*) FROM undecided u JOIN rejected r ON r.number = u.at WHERE u.prefix = $1 AND u.kind = {RejectedKind} AND r.id = $2 AND r.in_commit > $3");
        var last = new Dictionary<Hash256, StoredPending>(rows.Count);
        foreach (var (pending, after) in rows)
        {
            var transaction = pending.Transaction;
            var seen = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
            if (after > head.Commits || ledger.Seen.Contains(seen)) continue;
            if (SqliteLedgerTables.IsForgotten(seen.Span, head.Forgotten) && Confirmed(lease, snapshot, file, transaction.Id) is not null) continue;
            if (rejections.Scalar(snapshot, SqliteTransactionTables.PrefixOf(transaction.Id), transaction.Id.Span.ToArray(), after) is not 0L) continue;

            last[transaction.Id] = pending;
        }

        return [.. last.Values.OrderBy(pending => pending.Sequence)];
    }
}
