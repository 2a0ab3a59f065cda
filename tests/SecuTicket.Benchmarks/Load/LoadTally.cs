using System.Text;

namespace SecuTicket.Benchmarks.Load;

/// <summary>Counts what comes back.</summary>
internal sealed class LoadTally(int expectedStatus)
{
    private const int ShownBytes = 600;

    private readonly List<long> _latencies = [];
    private readonly SortedDictionary<int, int> _errors = [];
    private string? _firstError;
    private int _expected;

    /// <summary>Responses so far.</summary>
    public int Count => _latencies.Count;

    /// <summary>Takes a response, or the end of a connection.</summary>
    /// <param name="connection">Where it came.</param>
    /// <param name="state">Whether it can be read.</param>
    /// <param name="status">Its status, if so.</param>
    /// <param name="latency">How long it took, in stopwatch ticks.</param>
    public void Add(LoadConnection connection, ResponseState state, int status, long latency)
    {
        _latencies.Add(latency);
        if (state == ResponseState.Complete && status == expectedStatus)
        {
            _expected++;
            return;
        }

        var key = state == ResponseState.Complete ? status : 0;
        _errors[key] = _errors.GetValueOrDefault(key) + 1;
        var shown = connection.Received;
        _firstError ??= Encoding.UTF8.GetString(shown[..Math.Min(shown.Length, ShownBytes)]);
    }

    /// <summary>What it comes to.</summary>
    public LoadResult Result(TimeSpan elapsed)
    {
        var sorted = _latencies.ToArray();
        Array.Sort(sorted);
        return new LoadResult(_expected, elapsed, sorted, _errors, _firstError);
    }
}
