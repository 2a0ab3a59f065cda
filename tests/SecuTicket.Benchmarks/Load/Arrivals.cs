namespace SecuTicket.Benchmarks.Load;

/// <summary>When requests are due, in seconds from the start: decided before the first one, whatever the server does.</summary>
internal static class Arrivals
{
    /// <summary>As many independent people send them (a Poisson process): the pauses are exponential, so some come in clusters.</summary>
    public static double[] Poisson(double perSecond, int count, int seed)
    {
        var random = new Random(seed);
        var due = new double[count];
        for (var (i, at) = (0, 0.0); i < count; i++) due[i] = at -= Math.Log(1 - random.NextDouble()) / perSecond;
        return due;
    }

    /// <summary>As one machine sends them: with equal pauses.</summary>
    public static double[] Even(double perSecond, int count)
    {
        var due = new double[count];
        for (var i = 0; i < count; i++) due[i] = i / perSecond;
        return due;
    }
}
