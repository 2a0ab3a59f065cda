using System.Security.Cryptography;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>V: what one core can check.</summary>
internal sealed class LimitVerify : Figure
{
    public const string FigureName = "limit_verify";

    public override string Name => FigureName;

    public override string Unit => "verifications/s";

    public override string About => "V: P-256 signatures the platform verifies a second on one core, with 1,000 key objects kept.";

    public override Measurement Measure(Session session)
    {
        using var platform = new KeptKeys();
        return new Measurement(Repeated.Rates(session, 0.5, platform.VerifyAll));
    }
}

/// <summary>Key objects of the platform, and a signature to verify with each.</summary>
internal sealed class KeptKeys : IDisposable
{
    private const int Count = 1_000;

    private readonly ECDsa[] _keys = new ECDsa[Count];
    private readonly byte[][] _digests = new byte[Count][];
    private readonly byte[][] _signatures = new byte[Count][];

    public KeptKeys()
    {
        for (var i = 0; i < Count; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _digests[i] = SHA256.HashData(BitConverter.GetBytes(i));
            _signatures[i] = key.SignHash(_digests[i]);
            _keys[i] = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        }
    }

    /// <summary>Verifies one signature with each, and says how many.</summary>
    public int VerifyAll()
    {
        for (var i = 0; i < Count; i++)
            if (!_keys[i].VerifyHash(_digests[i], _signatures[i])) throw new BenchmarkFailedException("A right signature was found wrong.");
        return Count;
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }
}
