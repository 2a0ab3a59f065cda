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

/// <summary>A block from elsewhere.</summary>
internal sealed class Block1000 : Figure
{
    private const int Transactions = 1_000;

    public override string Name => "block_1000";

    public override string Unit => "ms";

    public override string About => "A block of 1,000 purchases that a node has not seen: bytes decoded, every signature checked (keys seen before), applied, durable.";

    public override bool LowerIsBetter => true;

    public override double? Target => 150;

    public override string LimitName => "1,000 / 2V";

    public override double? Limit(Session session) => 1000.0 * Transactions / (session.Limits.V * Environment.ProcessorCount);

    public override Measurement Measure(Session session)
    {
        // Two runs warm up: the first one imports the keys.
        const int WarmUps = 6;
        const int Staged = 3;
        using var world = session.Build("blocks", new WorldSize(Transactions, Transactions * (session.Runs + WarmUps + Staged), 0));
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        using var masterKey = KeyFile.OpenOrCreate(directory.KeyFile, 0);
        using var accounts = new KeptAccounts(new SqliteCustodyStore(database), masterKey);
        using var keys = new P256Verifier(65_536);
        var verifier = new TransactionVerifier(keys);
        var node = TicketNode.Start(new NodeParts(
            world.Spec,
            new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
            store,
            accounts,
            new ProofOfWorkVerifier(world.Spec, keys),
            verifier,
            new ProofOfWorkSealer(world.Spec, 1, (_, _) => throw new InvalidOperationException("Nothing is sealed here.")),
            TimeProvider.System,
            () => 0,
            (what, why) => throw new BenchmarkFailedException(what, why)));
        List<double> values = [], used = [];
        for (var run = 0; run < session.Runs + WarmUps; run++)
        {
            var bytes = NextBlock(world, node.Snapshot.Chain, run);
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            Accept(node, bytes);
            var taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (run >= WarmUps)
            {
                values.Add(taken);
                used.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }

            if (node.Snapshot.Tip.Hash != Block.Decode(bytes, int.MaxValue).Value.Hash) throw new BenchmarkFailedException("The block is not the tip.");
        }

        node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        used.Sort();
        return new Measurement(
            values,
            $"processor time of a block: {used[used.Count / 2]:0} ms (median)",
            Stages(world, node, verifier, Enumerable.Range(session.Runs + WarmUps, Staged)));
    }

    private static byte[] NextBlock(TicketWorld world, Blockchain chain, int run)
    {
        var purchases = world.SignPurchases(run * Transactions, Transactions).Select(TransactionVerifier.Restore).ToArray();
        return LedgerFill.Seal(chain, purchases, world.Organiser.Address, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Block.Encode();
    }

    private static void Accept(TicketNode node, byte[] bytes)
    {
        if (!Block.Decode(bytes, node.Spec.MaxBlockTransactions).TryGet(out var block, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (!node.OfferAsync([block]).GetAwaiter().GetResult().TryGet(out var accepted, out refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (accepted.Connected != 1) throw new BenchmarkFailedException(accepted.Refusal?.Detail ?? "The block was not connected.");
    }

    // The same step by step, on one core, with the stopped node's store: where the time goes.
    private static string Stages(TicketWorld world, TicketNode node, TransactionVerifier verifier, IEnumerable<int> runs)
    {
        var chain = node.Snapshot.Chain;
        List<double> decoding = [], checking = [], applying = [], storing = [];
        foreach (var run in runs)
        {
            var bytes = NextBlock(world, chain, run);
            GC.Collect();
            var clock = Stopwatch.StartNew();
            var block = Block.Decode(bytes, world.Spec.MaxBlockTransactions).Value;
            decoding.Add(Lap(clock));
            var verified = VerifiedBlock.Verify(block, verifier).Value;
            checking.Add(Lap(clock));
            var update = chain.Add(verified, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), node.Store);
            applying.Add(Lap(clock));
            node.Store.Commit([new StoreChange.Connected(update.Connected[0])]);
            storing.Add(Lap(clock));
            chain = update.Chain;
        }

        return $"step by step on one core, fastest of {decoding.Count}: decode {decoding.Min():0.0} ms, check {checking.Min():0.0} ms, apply {applying.Min():0.0} ms, write {storing.Min():0.0} ms";
    }

    private static double Lap(Stopwatch clock)
    {
        var taken = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        return taken;
    }
}
