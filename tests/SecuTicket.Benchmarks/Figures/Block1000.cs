using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A block of what waits.</summary>
internal sealed class Block1000 : Figure
{
    private const int Transactions = 1_000;
    private const int WarmUps = 8;
    private const int Staged = 5;

    public override string Name => "block_1000";

    public override string Unit => "ms";

    public override string About => "A node that is asked for a block while 1,000 purchases wait: template, seal of 16 bits, application, durable, answered.";

    public override bool LowerIsBetter => true;

    public override double? Target => 60;

    public override string LimitName => "1,000 / D of blocks";

    public override double? Limit(Session session) => 1000.0 * Transactions / session.Limits.D(StoreBatches.Blocks);

    public override Measurement Measure(Session session)
    {
        using var world = session.Build("blocks", new WorldSize(1_000, Transactions * (session.Runs + WarmUps + Staged), 0));
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        using var masterKey = KeyFile.OpenOrCreate(directory.KeyFile, 0);
        using var accounts = new KeptAccounts(new SqliteCustodyStore(database), masterKey);
        using var keys = new P256Verifier(16);
        var node = TicketNode.Start(new NodeParts(
            world.Spec,
            new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
            store,
            accounts,
            new ProofOfWorkVerifier(world.Spec, keys),
            new TransactionVerifier(keys),
            new ProofOfWorkSealer(world.Spec, 1, (_, _) => throw new InvalidOperationException("Nobody signs seals here.")),
            TimeProvider.System,
            () => 0,
            (what, why) => throw new BenchmarkFailedException(what, why)));
        List<double> values = [], used = [];
        for (var run = 0; run < session.Runs + WarmUps; run++)
        {
            Submit(world, node, run);
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            var sealing = node.SealAsync(world.Organiser.Address).GetAwaiter().GetResult();
            var taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!sealing.TryGet(out var block, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
            if (block.Transactions.Count != Transactions + 1 || node.Snapshot.Tip.Hash != block.Hash) throw new BenchmarkFailedException("The block is not what waited.");
            if (run < WarmUps) continue;

            values.Add(taken);
            used.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        var stages = Stages(world, node, Enumerable.Range(session.Runs + WarmUps, Staged));
        node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new Measurement(values, $"processor time of a block: {Statistics.Median(used):0} ms (median)", stages);
    }

    private static void Submit(TicketWorld world, TicketNode node, int run)
    {
        var purchases = world.SignPurchases(run * Transactions, Transactions).Select(TransactionVerifier.Restore).ToArray();
        if (!node.SubmitAsync(purchases).GetAwaiter().GetResult().TryGet(out var submissions, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (submissions.FirstOrDefault(one => one.Status != TransactionStatus.Pending) is { } refused) throw new BenchmarkFailedException(refused.Refusal!.Detail);
    }

    // The same step by step with the node's store, which nobody else writes meanwhile.
    private static string Stages(TicketWorld world, TicketNode node, IEnumerable<int> runs)
    {
        List<double> building = [], sealing = [], joining = [], staging = [], storing = [];
        foreach (var run in runs)
        {
            Submit(world, node, run);
            GC.Collect();
            var (chain, pending) = (node.Snapshot.Chain, node.Snapshot.Pending);
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var clock = Stopwatch.StartNew();
            var template = BlockTemplate.Next(chain, pending.InOrder.Select(entry => entry.Value.Transaction), world.Organiser.Address, now);
            building.Add(Lap(clock));
            var nonce = ProofOfWork.Search(template.Header.Encode(), template.Header.Difficulty, 0, long.MaxValue) ?? throw new BenchmarkFailedException("No nonce was found.");
            sealing.Add(Lap(clock));
            var block = VerifiedBlock.Of(template.Header with { Nonce = nonce }, template.Transactions, null);
            var update = chain.Add(block, now, node.Store, template);
            joining.Add(Lap(clock));
            node.Store.Stage(update.Connected[0]);
            staging.Add(Lap(clock));

            // Not committed: the node offers it to itself, so that what it knows and what is stored agree.
            if (!node.OfferAsync([block.Block]).GetAwaiter().GetResult().TryGet(out var accepted, out var refusal) || accepted.Connected != 1)
                throw new BenchmarkFailedException(refusal?.Detail ?? "The block was not connected.");
            storing.Add(Lap(clock));
        }

        return $"step by step, median of {building.Count}: template {Statistics.Median(building):0.0} ms, seal {Statistics.Median(sealing):0.0} ms, check and connect {Statistics.Median(joining):0.0} ms, "
            + $"rows {Statistics.Median(staging):0.0} ms; what waits checked against the block, applied again and committed {Statistics.Median(storing):0.0} ms";
    }

    private static double Lap(Stopwatch clock)
    {
        var taken = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        return taken;
    }
}
