using System.Security.Cryptography;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>V: what one core can check.</summary>
internal sealed class LimitVerify : Figure
{
    public const string FigureName = "limit_verify";

    private const int Keys = 1_000;

    public override string Name => FigureName;

    public override string Unit => "verifications/s";

    public override string About => "V: P-256 signatures the platform verifies a second on one core, with 1,000 key objects kept.";

    public override Measurement Measure(Session session)
    {
        var keys = new ECDsa[Keys];
        var digests = new byte[Keys][];
        var signatures = new byte[Keys][];
        for (var i = 0; i < Keys; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            digests[i] = SHA256.HashData(BitConverter.GetBytes(i));
            signatures[i] = key.SignHash(digests[i]);
            keys[i] = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        }

        var rates = Repeated.Rates(session, 0.5, () =>
        {
            for (var i = 0; i < Keys; i++)
                if (!keys[i].VerifyHash(digests[i], signatures[i])) throw new BenchmarkFailedException("A right signature was found wrong.");
            return Keys;
        });
        foreach (var key in keys) key.Dispose();
        return new Measurement(rates);
    }
}
