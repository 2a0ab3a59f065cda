using System.Diagnostics;
using System.Globalization;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Sealing;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The node's sealer on one core and on two.</summary>
internal static class SealerScaling
{
    /// <summary>What is asked of two cores, against one.</summary>
    public const double Wanted = 1.95;

    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Searches with one thread and with two in turns, and says how the medians compare.</summary>
    public static string Compare(Session session)
    {
        if (Environment.ProcessorCount < 2) return "one core: two are not compared";

        var spec = DevelopmentChain.Spec;
        var template = BlockTemplate.Next(Blockchain.Start(spec, new ProofOfWorkVerifier(spec, new P256Verifier(1))), [], default, spec.GenesisTime + 1);
        template = template with { Header = template.Header with { Difficulty = ChainSpec.MaxDifficulty } };
        double[] one = new double[session.Runs], two = new double[session.Runs];
        Rate(template, spec, 2);
        for (var run = 0; run < session.Runs; run++) (one[run], two[run]) = (Rate(template, spec, 1), Rate(template, spec, 2));

        var ratio = Statistics.Median(two) / Statistics.Median(one);
        return string.Create(CultureInfo.InvariantCulture, $"the sealer with two threads: {ratio:F2} times one, {Wanted} wanted: {(ratio >= Wanted ? "met" : "missed")}");
    }

    private static double Rate(BlockTemplate template, ChainSpec spec, int threads)
    {
        var sealer = new ProofOfWorkSealer(spec, threads, (_, _) => throw new InvalidOperationException("The chain names no sealers."));
        using var stop = new CancellationTokenSource(RunTime);
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
