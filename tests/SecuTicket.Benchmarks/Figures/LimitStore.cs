using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>What the disk's part of a purchase costs.</summary>
internal sealed class LimitStore : Figure
{
    private const int GroupSize = 32;
    private const int BlockSize = 1_024;

    public override string Name => "limit_store";

    public override string Unit => "transactions/s";

    public override string About => $"Purchases written a second by the store alone: admitted in durable groups of {GroupSize}, confirmed in blocks of {BlockSize:N0}.";

    public override Measurement Measure(Session session)
    {
        var blocks = session.IsQuick ? 4 : 12;
        using var world = session.Build("limit-store", new WorldSize(1_000, BlockSize * blocks * (session.Runs + 1), 0));
        using var database = SqliteDatabase.Open(Path.Combine(world.DataDirectory, "ledger.db"));
        using var store = new SqliteBlockStore(database);
        using var keys = new P256Verifier(1);
        var stored = store.Load(world.Spec);
        var chain = Blockchain.Restore(world.Spec, new ProofOfWorkVerifier(world.Spec, keys), stored.Recent, stored.Tip, stored.Ledger);
        var rates = new List<double>();
        List<double> groups = [], whole = [];
        var sequence = stored.NextSequence;
        for (var run = 0; run <= session.Runs; run++)
        {
            var writing = TimeSpan.Zero;
            for (var i = 0; i < blocks; i++)
            {
                var commits = Prepare(world, ref chain, store, ((run * blocks) + i) * BlockSize, ref sequence);
                foreach (var commit in commits)
                {
                    var start = Stopwatch.GetTimestamp();
                    store.Commit(commit);
                    var taken = Stopwatch.GetElapsedTime(start);
                    writing += taken;
                    if (run > 0) (commit.Length == GroupSize ? groups : whole).Add(taken.TotalMilliseconds);
                }
            }

            // The first run warms up.
            if (run > 0) rates.Add(BlockSize * blocks / writing.TotalSeconds);
        }

        groups.Sort();
        whole.Sort();
        return new Measurement(
            rates,
            $"a durable group of {GroupSize} takes {groups[groups.Count / 2]:0.00} ms (median), {groups[groups.Count * 99 / 100]:0.00} ms (99 %)",
            $"a block of {BlockSize:N0} takes {whole[whole.Count / 2]:0.00} ms (median), {whole[^1]:0.00} ms (largest)");
    }

    // Groups of admissions, then their block.
    private static List<StoreChange[]> Prepare(TicketWorld world, ref Blockchain chain, SqliteBlockStore store, int first, ref long sequence)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var purchases = world.SignPurchases(first, BlockSize).Select(TransactionVerifier.Restore).ToArray();
        var pending = PendingSet.Empty(new MempoolLimits(), chain.Ledger, sequence);
        foreach (var purchase in purchases) pending = pending.Admit(purchase, chain.NextContext(now), now).Value;
        sequence = pending.NextSequence;
        var commits = pending.InOrder.Select(entry => (StoreChange)new StoreChange.Admitted(entry.Value)).Chunk(GroupSize).ToList();
        var update = chain.Add(LedgerFill.Seal(chain, purchases, world.Organiser.Address, now), now, store);
        commits.Add([.. update.Connected.Select(connected => new StoreChange.Connected(connected))]);
        chain = update.Chain;
        return commits;
    }
}
