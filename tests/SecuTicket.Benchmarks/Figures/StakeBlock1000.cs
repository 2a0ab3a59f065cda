using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A block of what waits, on a chain of proof of stake.</summary>
internal sealed class StakeBlock1000 : Figure
{
    private const int Transactions = 1_000;
    private const int WarmUps = 8;
    private const int SlotTime = 500;

    public override string Name => "stake_block_1000";

    public override string Unit => "ms";

    public override string About => "A validator's node is asked for a block in its slot while 1,000 transactions wait: mark, template, signature, application, durable; then another node, at which they wait too, checks and applies it.";

    public override bool LowerIsBetter => true;

    public override double? Target => 60;

    public override Measurement Measure(Session session)
    {
        using var world = new StakeWorld(1, SlotTime);
        using var key = ForgingKey.Open(world.Keys[0]);
        using var keys = new P256Verifier(64);
        var marks = new ForgingMarkFile(Path.GetDirectoryName(world.SpecFile)!, key.Self.Account);
        var forger = new Forger(world.Spec, key.Self, null, marks.Write, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        using var directory = DataDirectory.Open(world.FolderOf(0));
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        using var masterKey = KeyFile.OpenOrCreate(directory.KeyFile, 0);
        using var accounts = new KeptAccounts(new SqliteCustodyStore(database), masterKey);
        using var memory = new InMemoryBlockStore();
        var forging = Start(world, store, accounts, keys, forger);
        var checking = Start(world, memory, accounts, keys, null);
        List<double> total = [], forged = [];
        for (var run = 0; run < session.Runs + WarmUps; run++)
        {
            var waiting = Enumerable.Range(run * Transactions, Transactions).Select(number => TransactionVerifier.Restore(world.TopUp(number))).ToArray();
            Submit(forging, waiting);
            Submit(checking, waiting);
            GC.Collect();
            WaitForSlot(world, forging);
            var start = Stopwatch.GetTimestamp();
            if (!forging.SealAsync(null).GetAwaiter().GetResult().TryGet(out var block, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);

            var made = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!checking.OfferAsync([block.Block]).GetAwaiter().GetResult().TryGet(out var taken, out refusal) || taken.Connected != 1)
                throw new BenchmarkFailedException((refusal ?? taken?.Refusal)?.Detail ?? "The block was not taken.");

            var all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (block.Transactions.Count(static transaction => transaction.Payload.Operation is TopUp) != Transactions) throw new BenchmarkFailedException("The block is not what waited.");
            if (run < WarmUps) continue;

            total.Add(all);
            forged.Add(made);
        }

        forging.DisposeAsync().AsTask().GetAwaiter().GetResult();
        checking.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new Measurement(total, $"of it the validator's own node, durable: {Statistics.Median(forged):0} ms (median)");
    }

    private static TicketNode Start(StakeWorld world, IBlockStore store, KeptAccounts accounts, P256Verifier keys, Forger? forger) => TicketNode.Start(new NodeParts(
        world.Spec,
        new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
        store,
        accounts,
        SealVerifiers.Of(world.Spec, keys),
        new TransactionVerifier(keys),
        new ProofOfStakeSealer(forger),
        TimeProvider.System,
        () => 0,
        (what, why) => throw new BenchmarkFailedException(what, why))
    {
        Forger = forger,
    });

    private static void Submit(TicketNode node, VerifiedTransaction[] waiting)
    {
        if (!node.SubmitAsync(waiting).GetAwaiter().GetResult().TryGet(out var submissions, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (submissions.FirstOrDefault(static one => one.Status != TransactionStatus.Pending) is { } refused) throw new BenchmarkFailedException(refused.Refusal!.Detail);
    }

    // The beginning of the next slot: the validator is alone, all are its own.
    private static void WaitForSlot(StakeWorld world, TicketNode node)
    {
        var slot = Math.Max(world.Spec.SlotOf(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), node.Snapshot.Chain.Turns!.Slot) + 1;
        while (world.Spec.SlotOf(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) < slot) Thread.Sleep(1);
    }
}
