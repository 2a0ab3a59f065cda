using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>Reads everything a node goes on from.</summary>
internal static class SqliteBlockStoreLoader
{
    /// <summary>Reads the stored node.</summary>
    /// <param name="connections">In read transactions of the caller's, which see one and the same commit.</param>
    /// <param name="spec">The chain that is expected.</param>
    /// <param name="file">What to call the file.</param>
    /// <exception cref="StorageException">The store holds another chain or is damaged.</exception>
    public static (StoredNode Node, StoreHead Head) Load(IReadOnlyList<SqliteConnection> connections, ChainSpec spec, string file)
    {
        var connection = connections[0];
        using var row = new DirectStatement(connection, "SELECT h.tip, h.supply, h.next_sequence, h.forgotten, h.spec, b.hash, h.settled, h.commits FROM head h JOIN block b ON b.block_index = 0");
        if (!row.Step()) throw SqliteBodyReader.Damaged(file, "it has no genesis");

        var genesis = new Hash256(row.Bytes(5));
        if (genesis != spec.Genesis.Hash) throw OtherChain(file, row.Bytes(4), genesis, spec);

        var head = new StoreHead(row.Long(0), row.Long(6), row.Long(1), row.Long(2), row.Bytes(3).ToArray(), row.Long(7));
        var recent = ReadHeaders(connection, file, head.Tip - Blockchain.Kept(spec), head.Tip, out var tipHash);
        if (tipHash is not { } hash) throw SqliteBodyReader.Damaged(file, $"block {head.Tip}, the tip, is missing");

        var rejected = ReadRejected(connection, file);
        var ledger = SqliteLedgerLoader.Load(connections, head, file);
        return (new StoredNode(recent, hash, ledger, [], head.NextSequence) { Rejected = rejected }, head);
    }

    /// <summary>What the block of our branch with <paramref name="index"/> changed; null when it can not be undone any more.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static LedgerDelta? ReadDelta(ReadLease lease, SqliteTransaction snapshot, long index)
    {
        if (lease.Prepare("SELECT delta FROM undo WHERE block_index = $1").Scalar(snapshot, index) is not byte[] packed) return null;

        var delta = SqliteBlockTables.Unpack(packed);
        return lease.Prepare("SELECT entries FROM seen WHERE block_index = $1").Scalar(snapshot, index) is byte[] seen
            ? delta with { Seen = new EquatableArray<NumberedHash>(SqliteLedgerLoader.Split<NumberedHash>(seen).ToArray()) }
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

    private static List<ChainNode> ReadHeaders(SqliteConnection connection, string file, long from, long last, out Hash256? tip)
    {
        var recent = new List<ChainNode>();
        tip = null;
        using (var branch = new DirectStatement(connection, "SELECT block_index, hash, weight, header FROM block WHERE block_index >= ? ORDER BY block_index").With(0, from))
        {
            while (branch.Step()) recent.Add(NodeOf(branch, file));
        }

        if (recent.Count > 0 && recent[^1].Header.Index == last) tip = recent[^1].Hash;
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
}
