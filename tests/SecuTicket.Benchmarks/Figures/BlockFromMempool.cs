using System.Diagnostics;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>A block of what waits here already.</summary>
internal sealed class BlockFromMempool : Figure
{
    private const int Size = 1_000;
    private const int Pending = 10_000;
    private const int BlocksOfOneRun = 5;

    public override string Name => "block_from_mempool";

    public override string Unit => "x cold";

    public override string About => "How many times faster a decoded block of 1,000 purchases is checked when all of them wait here, among 10,000, than when none does (keys seen, all cores).";

    public override double? Target => 20;

    public override Measurement Measure(Session session)
    {
        var purchases = SignedPurchases.Of(Pending);
        using var keys = new P256Verifier(Pending);
        var verifier = new TransactionVerifier(keys);
        var pending = Trie<Hash256, VerifiedTransaction>.Of(purchases.Select(purchase => KeyValuePair.Create(purchase.Id, verifier.Verify(purchase).Value)));
        var encoded = SignedPurchases.BlockOf(purchases[..Size]).Encode();

        // One of each to warm up, and one after the other: what else the machine does hits both.
        List<double> ratios = [], cold = [], known = [];
        var blocks = session.IsQuick ? BlocksOfOneRun / 5 : BlocksOfOneRun;
        for (var run = -1; run < session.Runs; run++)
        {
            double coldTime = 0, knownTime = 0;
            for (var i = 0; i < blocks; i++)
            {
                coldTime += Check(encoded, verifier, null);
                var before = keys.Checks;
                knownTime += Check(encoded, verifier, id => pending.Find(id));
                if (keys.Checks != before) throw new BenchmarkFailedException($"{keys.Checks - before} signatures of a block that waits here were checked again.");
            }

            if (run < 0) continue;

            ratios.Add(coldTime / knownTime);
            cold.Add(coldTime / blocks);
            known.Add(knownTime / blocks);
        }

        return new Measurement(ratios, $"a block: {Statistics.Median(cold):0.0} ms cold, {Statistics.Median(known):0.00} ms when it waits here");
    }

    private static double Check(byte[] encoded, TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?>? known)
    {
        // As it comes from elsewhere: other objects than those that wait.
        var block = Block.Decode(encoded, Size).Value;
        var start = Stopwatch.GetTimestamp();
        var verified = BlockChecks.Verify(block, verifier, known);
        var taken = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!verified.IsAccepted) throw new BenchmarkFailedException(verified.Refusal!.Detail);
        return taken;
    }
}
