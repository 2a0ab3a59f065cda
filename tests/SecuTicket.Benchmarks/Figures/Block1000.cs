using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
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

    public override string LimitName => "1,000 verifications on two cores";

    public override double? Limit(Session session) => 1000.0 * Transactions / (session.ValueOf("limit_verify") * Environment.ProcessorCount);

    public override Measurement Measure(Session session)
    {
        // Two runs warm up: the first one imports the keys.
        const int WarmUps = 6;
        using var world = session.Build("blocks", new WorldSize(Transactions, Transactions * (session.Runs + WarmUps), 0));
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        using var masterKey = KeyFile.OpenOrCreate(directory.KeyFile, 0);
        using var accounts = new KeptAccounts(new SqliteCustodyStore(database), masterKey);
        using var keys = new P256KeyCache(65_536);
        var seals = new ProofOfWorkVerifier(world.Spec, keys);
        var node = TicketNode.Start(new NodeParts(
            world.Spec,
            new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
            store,
            accounts,
            seals,
            new TransactionVerifier(keys),
            new ProofOfWorkSealer(world.Spec, 1, (_, _) => throw new InvalidOperationException("Nothing is sealed here.")),
            TimeProvider.System,
            () => 0,
            (what, why) => throw new BenchmarkFailedException(what, why)));
        var values = new List<double>();
        for (var run = 0; run < session.Runs + WarmUps; run++)
        {
            var bytes = NextBlock(world, node, run);
            GC.Collect();
            var start = Stopwatch.GetTimestamp();
            Accept(node, bytes);
            var taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (run >= WarmUps) values.Add(taken);
            if (node.Snapshot.Tip.Hash != Block.Decode(bytes, int.MaxValue).Value.Hash) throw new BenchmarkFailedException("The block is not the tip.");
        }

        node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new Measurement(values);
    }

    private static byte[] NextBlock(TicketWorld world, TicketNode node, int run)
    {
        var purchases = world.SignPurchases(run * Transactions, Transactions).Select(TransactionVerifier.Restore).ToArray();
        return LedgerFill.Seal(node.Snapshot.Chain, purchases, world.Organiser.Address, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Block.Encode();
    }

    private static void Accept(TicketNode node, byte[] bytes)
    {
        if (!Block.Decode(bytes, node.Spec.MaxBlockTransactions).TryGet(out var block, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (!node.OfferAsync(block).GetAwaiter().GetResult().TryGet(out var accepted, out refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (accepted.Connected != 1) throw new BenchmarkFailedException("The block was not connected.");
    }
}
