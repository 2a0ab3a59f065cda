using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>D: what the store's part of a purchase costs.</summary>
/// <remarks>
/// Counted in processor time of the thread that writes, for it stands for one core's work: while the disk is waited for, the core is free for others, and the compiler and the collector are none of the store's. What it is by the wall is a note.
/// </remarks>
/// <param name="batches">How transactions come to it.</param>
internal sealed class LimitStore(StoreBatches batches) : Figure
{
    public override string Name => $"limit_store{batches.Name}";

    public override string Unit => "transactions/s";

    public override string About => batches.Group > 0
        ? $"D: purchases written a second of one core's time by the store alone: admitted in durable groups of {batches.Group:N0}, confirmed in blocks of {batches.Block:N0}."
        : $"D: purchases written a second of one core's time by the store alone: in blocks of {batches.Block:N0}, {batches.BlocksAtOnce} at once.";

    /// <summary>Tickets that the largest of its figures sells.</summary>
    public static int Tickets(Session session) => PerRun(session) * (session.Runs + 1);

    public override Measurement Measure(Session session)
    {
        var perRun = PerRun(session) / batches.Block / batches.BlocksAtOnce;
        using var world = session.UnsignedWorld.Twin($"store{batches.Name}");
        using var database = SqliteDatabase.Open(Path.Combine(world.DataDirectory, DataDirectory.LedgerName));
        using var store = new SqliteBlockStore(database);
        using var keys = new P256Verifier(1);
        var stored = store.Load(world.Spec);
        var chain = Blockchain.Restore(world.Spec, new ProofOfWorkVerifier(world.Spec, keys), stored.Recent, stored.Tip, stored.Ledger);
        List<double> rates = [], byWall = [], groups = [], blocks = [];
        var (sequence, next) = (stored.NextSequence, 0);
        for (var run = 0; run <= session.Runs; run++)
        {
            var (used, taken, written) = (TimeSpan.Zero, TimeSpan.Zero, 0);
            for (var i = 0; i < perRun; i++)
            {
                foreach (var (commit, isGroup) in Prepare(world, ref chain, store, ref next, ref sequence))
                {
                    var (start, processor) = (Stopwatch.GetTimestamp(), ThreadTime.Used);
                    store.Commit(commit);
                    var elapsed = Stopwatch.GetElapsedTime(start);
                    used += ThreadTime.Used - processor;
                    taken += elapsed;
                    (isGroup ? groups : blocks).Add(elapsed.TotalMilliseconds);
                }

                written += batches.Block * batches.BlocksAtOnce;
            }

            // The first run warms up.
            if (run == 0)
            {
                if (!session.IsQuick) CompilerRest.Await();
                continue;
            }

            rates.Add(written / used.TotalSeconds);
            byWall.Add(written / taken.TotalSeconds);
        }

        return new Measurement(
            rates,
            $"by the wall, waiting for the disk included: {Statistics.Median(byWall):N0} a second",
            groups.Count > 0 ? $"a durable group takes {Statistics.Median(groups):0.00} ms (median), {groups.Max():0.00} ms (largest)" : "nothing waits before its block",
            $"{batches.BlocksAtOnce} x {batches.Block:N0} transactions in blocks take {Statistics.Median(blocks):0.00} ms (median), {blocks.Max():0.00} ms (largest)");
    }

    private static int PerRun(Session session) => (session.IsQuick ? 2 : 5) * 1_024;

    // Groups of admissions, if any, and then their blocks.
    private List<(StoreChange[] Commit, bool IsGroup)> Prepare(TicketWorld world, ref Blockchain chain, SqliteBlockStore store, ref int first, ref long sequence)
    {
        var commits = new List<(StoreChange[], bool)>();
        var connected = new List<StoreChange>();
        for (var block = 0; block < batches.BlocksAtOnce; block++)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var purchases = world.SignPurchases(first, batches.Block).Select(TransactionVerifier.Restore).ToArray();
            first += purchases.Length;
            if (batches.Group > 0)
            {
                var pending = PendingSet.Empty(new MempoolLimits(), chain.Ledger, sequence);
                foreach (var purchase in purchases) pending = pending.Admit(purchase, chain.NextContext(now), now).Value;
                sequence = pending.NextSequence;
                commits.AddRange(pending.InOrder.Select(entry => (StoreChange)new StoreChange.Admitted(entry.Value)).Chunk(batches.Group).Select(group => (group, true)));
            }

            var update = chain.Add(LedgerFill.Seal(chain, purchases, world.Organiser.Address, now), now, store);
            connected.AddRange(update.Connected.Select(one => new StoreChange.Connected(one)));
            chain = update.Chain;
        }

        commits.Add(([.. connected], false));
        return commits;
    }
}
