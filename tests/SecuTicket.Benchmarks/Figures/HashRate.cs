using System.Globalization;
using System.Security.Cryptography;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Specification;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The search for a nonce, in lanes of one width.</summary>
/// <param name="width">How many nonces are tried at once; null for as many as the machine can.</param>
internal sealed class HashRate(LaneWidth? width) : Figure
{
    public override string Name => width is null ? "hash_rate" : $"hash_rate_{width.ToString()!.ToLowerInvariant()}";

    public override string Unit => "nonces/s";

    public override string About => $"Nonces tried a second on one core by the proof-of-work search, {(width is { } fixedWidth ? $"{(int)fixedWidth} at once" : "as many at once as the machine can")}.";

    public override double? TargetRatio => width is null ? 2.4 : null;

    public override string LimitName => "S";

    public override double? Limit(Session session) => session.Limits.S;

    public override Measurement Measure(Session session)
    {
        var search = new NonceLoop(width ?? LaneWidths.Widest);
        var rates = Repeated.Rates(session, 0.3, search.Next);
        return width is null
            ? new Measurement(rates, $"{(int)LaneWidths.Widest} at once")
            : new Measurement(rates, width > LaneWidths.Widest ? "this machine has no such vectors: the same code without them" : "in vectors of this machine, or without any");
    }
}

/// <summary>The search against what it took the place of.</summary>
internal sealed class HashRateVsHashData : Figure
{
    // About as long as the search takes for one range: neither waits for the other.
    private const int Hashed = 1_024;

    public override string Name => "hash_rate_vs_hashdata";

    public override string Unit => "times";

    public override string About => "How many nonces the search tries in the time in which SHA256.HashData hashes one header.";

    public override double? Target => 30;

    public override Measurement Measure(Session session)
    {
        var header = new byte[BlockHeader.Size];
        var hash = new byte[SHA256.HashSizeInBytes];
        var rates = Repeated.RatesInTurns(session, 0.3, new NonceLoop(LaneWidths.Widest).Next, () =>
        {
            for (var i = 0; i < Hashed; i++)
            {
                BitConverter.TryWriteBytes(header.AsSpan(BlockHeader.NonceOffset), i);
                SHA256.HashData(header, hash);
            }

            return Hashed;
        });
        return new Measurement([.. rates[0].Zip(rates[1], static (search, plain) => search / plain)], string.Create(CultureInfo.InvariantCulture, $"SHA256.HashData: {rates[1].Order().ElementAt(rates[1].Length / 2):N0} headers/s"));
    }
}

/// <summary>Tries one range of nonces after the other.</summary>
internal sealed class NonceLoop(LaneWidth width)
{
    private const long Range = 65_536;

    private readonly byte[] _header = DevelopmentChain.Spec.Genesis.Header.Encode();
    private long _next;

    public int Next()
    {
        if (ProofOfWork.Search(_header, ChainSpec.MaxDifficulty, _next, Range, width) is { } found) throw new BenchmarkFailedException($"Nonce {found} has 64 zero bits: buy a lottery ticket.");
        _next += Range;
        return (int)Range;
    }
}
