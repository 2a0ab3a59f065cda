using System.Diagnostics;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How often something can be done a second.</summary>
internal static class Repeated
{
    // Until what runs is compiled for good, in seconds.
    private const double WarmUp = 0.5;

    /// <summary>Does it in batches for a while, run after run.</summary>
    /// <param name="session">How many runs.</param>
    /// <param name="seconds">How long a run is, at least.</param>
    /// <param name="batch">Does some of it and says how many.</param>
    /// <returns>One rate a run.</returns>
    public static double[] Rates(Session session, double seconds, Func<int> batch)
    {
        Rate(Math.Max(seconds, WarmUp), batch);
        if (session.IsQuick) seconds /= 2;
        var rates = new double[session.Runs];
        for (var i = 0; i < rates.Length; i++) rates[i] = Rate(seconds, batch);
        return rates;
    }

    private static double Rate(double seconds, Func<int> batch)
    {
        long done = 0;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            done += batch();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed.TotalSeconds < seconds);
        return done / elapsed.TotalSeconds;
    }
}
