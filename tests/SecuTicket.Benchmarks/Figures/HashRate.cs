using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Specification;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The search for a nonce.</summary>
internal sealed class HashRate : Figure
{
    private const long Range = 65_536;

    public override string Name => "hash_rate";

    public override string Unit => "nonces/s";

    public override string About => "Nonces tried a second on one core by the proof-of-work search.";

    public override double? TargetRatio => 2.4;

    public override string LimitName => "S";

    public override double? Limit(Session session) => session.Limits.S;

    public override Measurement Measure(Session session)
    {
        var header = DevelopmentChain.Spec.Genesis.Header.Encode();
        var next = 0L;
        return new Measurement(Repeated.Rates(session, 0.5, () =>
        {
            if (ProofOfWork.Search(header, ChainSpec.MaxDifficulty, next, Range) is { } found) throw new BenchmarkFailedException($"Nonce {found} has 64 zero bits: buy a lottery ticket.");
            next += Range;
            return (int)Range;
        }));
    }
}
