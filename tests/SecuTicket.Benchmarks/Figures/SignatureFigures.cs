using System.Security.Cryptography;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Transactions of accounts that were seen before.</summary>
internal sealed class VerifySeenKey : Figure
{
    private const int Accounts = 1_000;

    private double? _limit;

    public override string Name => "verify_seen_key";

    public override string Unit => "verifications/s";

    public override string About => "Purchases whose signature and sender are checked a second on one core, of 1,000 accounts whose keys were seen.";

    public override double? TargetRatio => 0.95;

    public override string LimitName => "V";

    /// <summary>V as it was in turns with the figure.</summary>
    public override double? Limit(Session session) => _limit;

    public override Measurement Measure(Session session)
    {
        var purchases = SignedPurchases.Of(Accounts);
        using var keys = new P256Verifier(Accounts);
        using var platform = new KeptKeys();
        var verifier = new TransactionVerifier(keys);
        var rates = Repeated.RatesInTurns(session, 0.3, () => Verifying.All(verifier, purchases), platform.VerifyAll);
        _limit = Statistics.Median(rates[1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Verifying.All(verifier, purchases);
        return new Measurement(rates[0], Verifying.Way, $"allocated: {(GC.GetAllocatedBytesForCurrentThread() - before) / (double)Accounts:0} bytes a purchase");
    }
}

/// <summary>Transactions of accounts that were never seen.</summary>
internal sealed class VerifyNewKey : Figure
{
    private const int Accounts = 1_000;

    // An import takes as long as two checks: fewer, so that the others do not wait for it.
    private const int Imported = Accounts / 2;

    private double? _plain;
    private double? _limit;

    public override string Name => "verify_new_key";

    public override string Unit => "verifications/s";

    public override string About => "Purchases whose signature and sender are checked a second on one core, each of an account whose key was never seen.";

    /// <summary>Twice what the platform does by itself, which is measured beside it.</summary>
    public override double? Target => 2 * _plain;

    public override double? TargetRatio => 0.75;

    public override string LimitName => "V";

    /// <summary>V as it was in turns with the figure.</summary>
    public override double? Limit(Session session) => _limit;

    public override Measurement Measure(Session session)
    {
        var purchases = SignedPurchases.Of(Accounts);
        var points = purchases.Select(purchase => purchase.Signatures[0].Key.Span.ToArray()).ToArray();
        using var platform = new KeptKeys();
        var rates = Repeated.RatesInTurns(session, 0.3, VerifyUnseen, ImportAndVerify, platform.VerifyAll);
        _plain = Statistics.Median(rates[1]);
        _limit = Statistics.Median(rates[2]);
        return new Measurement(rates[0], Verifying.Way, $"imported and verified by the platform: {_plain:N0} a second");

        int VerifyUnseen()
        {
            using var keys = new P256Verifier(Accounts);
            return Verifying.All(new TransactionVerifier(keys), purchases);
        }

        int ImportAndVerify()
        {
            for (var i = 0; i < Imported; i++)
            {
                using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = points[i][..32], Y = points[i][32..] } });
                if (!key.VerifyHash(purchases[i].Id.Span, purchases[i].Signatures[0].Value.Span)) throw new BenchmarkFailedException("A right signature was found wrong.");
            }

            return Imported;
        }
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
