using System.Diagnostics;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Sealing;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The node's sealer on one core and on two.</summary>
internal sealed class HashRateTwoCores : Figure
{
    // In seconds.
    private const double RunTime = 0.5;
    private const double QuickRunTime = 0.1;

    public override string Name => "hash_rate_two_cores";

    public override string Unit => "times";

    public override string About => "How many times as many nonces the node's sealer tries a second with two threads as with one right before and right after.";

    public override double? Target => 1.95;

    public override Measurement Measure(Session session)
    {
        if (Environment.ProcessorCount < 2) throw new BenchmarkFailedException("There is one core only.");

        var spec = DevelopmentChain.Spec;
        var template = BlockTemplate.Next(Blockchain.Start(spec, new ProofOfWorkVerifier(spec, new P256Verifier(1))), [], default, spec.GenesisTime + 1);
        template = template with { Header = template.Header with { Difficulty = ChainSpec.MaxDifficulty } };
        var time = TimeSpan.FromSeconds(session.IsQuick ? QuickRunTime : RunTime);
        Rate(template, spec, 2, time);
        var times = new double[session.Runs];
        var before = Rate(template, spec, 1, time);
        for (var run = 0; run < times.Length; run++)
        {
            // A machine that others use too is a tenth faster or slower a second later.
            var both = Rate(template, spec, 2, time);
            var after = Rate(template, spec, 1, time);
            times[run] = 2 * both / (before + after);
            before = after;
        }

        return new Measurement(times);
    }

    private static double Rate(BlockTemplate template, ChainSpec spec, int threads, TimeSpan time)
    {
        var sealer = new ProofOfWorkSealer(spec, threads, (_, _) => throw new InvalidOperationException("The chain names no sealers."));
        using var stop = new CancellationTokenSource(time);
        var start = Stopwatch.GetTimestamp();
        try
        {
            sealer.SealAsync(template, stop.Token).GetAwaiter().GetResult();
            throw new BenchmarkFailedException("A hash with 64 zero bits was found: buy a lottery ticket.");
        }
        catch (OperationCanceledException)
        {
            return sealer.Tried / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
