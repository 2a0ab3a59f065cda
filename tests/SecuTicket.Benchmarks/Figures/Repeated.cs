using System.Diagnostics;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How often something can be done a second.</summary>
internal static class Repeated
{
    // Until what runs is compiled for good, in seconds.
    private const double WarmUp = 0.5;
    private const double QuickWarmUp = 0.2;

    /// <summary>Does it in batches for a while, run after run.</summary>
    /// <param name="session">How many runs.</param>
    /// <param name="seconds">How long a run is, at least.</param>
    /// <param name="batch">Does some of it and says how many.</param>
    /// <returns>One rate a run.</returns>
    public static double[] Rates(Session session, double seconds, Func<int> batch)
    {
        Rate(session.IsQuick ? QuickWarmUp : WarmUp, batch);
        if (session.IsQuick) seconds /= 4;
        var rates = new double[session.Runs];
        for (var i = 0; i < rates.Length; i++) rates[i] = Rate(seconds, batch);
        return rates;
    }

    /// <summary>Does several things in turns, so that whatever else the machine does hits all of them alike: for what is compared with one another.</summary>
    /// <param name="session">How many runs.</param>
    /// <param name="seconds">How long a run of each is, at least.</param>
    /// <param name="batches">Each does some of it, a fraction of a second's work, and says how many.</param>
    /// <returns>One rate a run, of each.</returns>
    public static double[][] RatesInTurns(Session session, double seconds, params Func<int>[] batches)
    {
        foreach (var batch in batches) Rate(session.IsQuick ? QuickWarmUp : WarmUp, batch);
        if (session.IsQuick) seconds /= 4;
        var rates = batches.Select(_ => new double[session.Runs]).ToArray();
        for (var run = 0; run < session.Runs; run++)
        {
            var done = new long[batches.Length];
            var taken = new double[batches.Length];
            while (taken.Min() < seconds)
            {
                for (var i = 0; i < batches.Length; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    done[i] += batches[i]();
                    taken[i] += Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            for (var i = 0; i < batches.Length; i++) rates[i][run] = done[i] / taken[i];
        }

        return rates;
    }

    /// <summary>Does it in batches for so many seconds, at least.</summary>
    public static double Rate(double seconds, Func<int> batch)
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
