using System.Security.Cryptography;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Transactions of accounts that were seen before.</summary>
internal sealed class VerifySeenKey : Figure
{
    private const int Accounts = 1_000;

    public override string Name => "verify_seen_key";

    public override string Unit => "verifications/s";

    public override string About => "Purchases whose signature and sender are checked a second on one core, of 1,000 accounts whose keys were seen.";

    public override double? TargetRatio => 0.95;

    public override string LimitName => "V";

    public override double? Limit(Session session) => session.Limits.V;

    public override Measurement Measure(Session session)
    {
        var purchases = SignedPurchases.Of(Accounts);
        using var keys = new P256Verifier(Accounts);
        var verifier = new TransactionVerifier(keys);
        var rates = Repeated.Rates(session, 0.5, () => Verifying.All(verifier, purchases));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Verifying.All(verifier, purchases);
        return new Measurement(rates, Verifying.Way, $"allocated: {(GC.GetAllocatedBytesForCurrentThread() - before) / (double)Accounts:0} bytes a purchase");
    }
}

/// <summary>Transactions of accounts that were never seen.</summary>
internal sealed class VerifyNewKey : Figure
{
    private const int Accounts = 1_000;

    private double? _plain;

    public override string Name => "verify_new_key";

    public override string Unit => "verifications/s";

    public override string About => "Purchases whose signature and sender are checked a second on one core, each of an account whose key was never seen.";

    /// <summary>Twice what the platform does by itself, which is measured beside it.</summary>
    public override double? Target => 2 * _plain;

    public override double? TargetRatio => 0.75;

    public override string LimitName => "V";

    public override double? Limit(Session session) => session.Limits.V;

    public override Measurement Measure(Session session)
    {
        var purchases = SignedPurchases.Of(Accounts);
        var points = purchases.Select(purchase => purchase.Signatures[0].Key.Span.ToArray()).ToArray();
        _plain = Statistics.Median(Repeated.Rates(session, 0.5, () =>
        {
            for (var i = 0; i < Accounts; i++)
                if (!ImportAndCheck(points[i], purchases[i])) throw new BenchmarkFailedException("A right signature was found wrong.");
            return Accounts;
        }));
        var rates = Repeated.Rates(session, 0.5, () =>
        {
            // A verifier that has seen nothing.
            using var keys = new P256Verifier(Accounts);
            return Verifying.All(new TransactionVerifier(keys), purchases);
        });
        return new Measurement(rates, Verifying.Way, $"imported and checked by the platform: {_plain:N0} a second");
    }

    private static bool ImportAndCheck(byte[] xy64, Transaction purchase)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = xy64[..32], Y = xy64[32..] } });
        return key.VerifyHash(purchase.Id.Span, purchase.Signatures[0].Value.Span);
    }
}

/// <summary>What both do.</summary>
internal static class Verifying
{
    public static string Way => LibcryptoP256.IsAvailable ? "libcrypto is called directly" : "through .NET, with imported keys kept";

    /// <summary>Checks them all, and says how many.</summary>
    public static int All(TransactionVerifier verifier, Transaction[] purchases)
    {
        foreach (var purchase in purchases)
            if (!verifier.Verify(purchase).IsAccepted) throw new BenchmarkFailedException("A right signature was found wrong.");
        return purchases.Length;
    }
}
