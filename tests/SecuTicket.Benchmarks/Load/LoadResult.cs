using System.Diagnostics;
using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks.Load;

/// <summary>What a load gave.</summary>
/// <param name="Expected">Responses with the expected status.</param>
/// <param name="Elapsed">From the first request's first byte to the last response's last.</param>
/// <param name="Latencies">Stopwatch ticks of each response, sorted.</param>
/// <param name="Errors">How often what else came, by status; 0 stands for a connection that broke.</param>
/// <param name="FirstError">The first response that was not expected.</param>
internal sealed record LoadResult(int Expected, TimeSpan Elapsed, long[] Latencies, IReadOnlyDictionary<int, int> Errors, string? FirstError)
{
    /// <summary>Expected responses a second.</summary>
    public double PerSecond => Expected / Elapsed.TotalSeconds;

    /// <summary>The latency that <paramref name="percent"/> of the responses kept, in milliseconds.</summary>
    public double Percentile(double percent) => Statistics.Percentile(Latencies, percent) * 1000.0 / Stopwatch.Frequency;

    /// <summary>Throws when any response was not the expected one: a figure with errors in it is no figure.</summary>
    public LoadResult Clean() => Errors.Count == 0
        ? this
        : throw new BenchmarkFailedException($"{Errors.Values.Sum()} responses were not the expected ones ({string.Join(", ", Errors.Select(one => $"{one.Key}: {one.Value}"))}); the first: {FirstError}");
}
