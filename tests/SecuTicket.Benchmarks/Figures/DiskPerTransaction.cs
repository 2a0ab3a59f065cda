using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What a transaction leaves on the disk.</summary>
internal sealed class DiskPerTransaction : Figure
{
    private const int BlockSize = 1_000;
    private const int GroupSize = 32;

    private static readonly string[] Files = [DataDirectory.LedgerName, DataDirectory.LedgerName + SqlitePendingJournal.Suffix];

    private double _size;

    public override string Name => "disk_per_transaction";

    public override string Unit => "bytes";

    public override string About => "Growth of a node's files by confirmed purchase, admitted in groups and confirmed in blocks of 1,000, with all indexes, undo records and free pages, logs emptied.";

    public override bool LowerIsBetter => true;

    public override double? Target => 700;

    public override string LimitName => "payload and signature as sent between nodes";

    public override double? Limit(Session session) => _size;

    public override Measurement Measure(Session session)
    {
        var blocks = session.IsQuick ? 5 : 8;
        using var world = session.Build("disk", new WorldSize(1_000, BlockSize * blocks * session.Runs, 0));
        var values = new List<double>();
        var before = Size(world);
        for (var run = 0; run < session.Runs; run++)
        {
            Confirm(world, run * blocks, blocks);
            var after = Size(world);
            values.Add((double)(after - before) / (BlockSize * blocks));
            before = after;
        }

        return new Measurement(values, $"a purchase itself is {_size:0} bytes, of which 129 are its signature with its key");
    }

    private void Confirm(TicketWorld world, int first, int blocks)
    {
        using var database = SqliteDatabase.Open(Path.Combine(world.DataDirectory, DataDirectory.LedgerName));
        using var store = new SqliteBlockStore(database);
        using var keys = new P256Verifier(1);
        var stored = store.Load(world.Spec);
        var chain = Blockchain.Restore(world.Spec, new ProofOfWorkVerifier(world.Spec, keys), stored.Recent, stored.Tip, stored.Ledger);
        var sequence = stored.NextSequence;
        for (var block = first; block < first + blocks; block++)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var purchases = world.SignPurchases(block * BlockSize, BlockSize).Select(TransactionVerifier.Restore).ToArray();
            _size = purchases.Average(purchase => purchase.Transaction.Size);
            var edit = PendingSet.Empty(new MempoolLimits(), chain.Ledger, sequence).Edit();
            foreach (var purchase in purchases)
                if (edit.Admit(purchase, chain.NextContext(now), now).Refusal is { } refusal) throw new BenchmarkFailedException(refusal.Detail);

            sequence = edit.NextSequence;
            foreach (var group in edit.ToSet().InOrder.Select(entry => (StoreChange)new StoreChange.Admitted(entry.Value)).Chunk(GroupSize)) store.Commit(group);
            var update = chain.Add(LedgerFill.Seal(chain, purchases, world.Organiser.Address, now), now, store);
            store.Commit([new StoreChange.Connected(update.Connected[0])]);
            chain = update.Chain;
        }
    }

    // A database that is closed has no log.
    private static long Size(TicketWorld world) => Files.Select(name => new FileInfo(Path.Combine(world.DataDirectory, name))).Where(file => file.Exists).Sum(file => file.Length);
}
