using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>V beside a figure's runs: it changes by a fifth within a minute on a machine that others use too.</summary>
/// <remarks>Not between runs that follow one another: what a rest changes is no part of their figure.</remarks>
/// <param name="isQuick">Whether nodes are not waited for.</param>
internal sealed class PlatformChecks(bool isQuick) : IDisposable
{
    // In seconds.
    private const double Run = 0.3;

    private readonly KeptKeys _platform = new();
    private readonly List<double> _rates = [];

    /// <summary>V now: verifications a second on one core.</summary>
    public double Median => Statistics.Median(_rates);

    /// <summary>Takes V once, when nodes have come to rest.</summary>
    public void Take(params IEnumerable<ServerProcess> nodes)
    {
        if (!isQuick)
            foreach (var node in nodes) CompilerRest.Await(node);
        _rates.Add(Repeated.Rate(Run, _platform.VerifyAll));
    }

    public void Dispose() => _platform.Dispose();
}
