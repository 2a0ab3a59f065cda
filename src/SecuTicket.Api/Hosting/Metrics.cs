using System.Collections.Concurrent;
using System.Text;

namespace SecuTicket.Api.Hosting;

/// <summary>Everything the process measures, served at <c>GET /metrics</c>.</summary>
/// <remarks>Label values come from code (route templates, status classes), never from a request, so the number of series is bounded.</remarks>
public sealed class Metrics
{
    /// <summary>The Prometheus text format this writes.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);

    /// <summary>A new counter.</summary>
    /// <exception cref="ArgumentException">There is a metric of that name.</exception>
    public CounterMetric AddCounter(string name, string help, params string[] labels) => Add(new CounterMetric(name, help, labels));

    /// <summary>A new counter of what is counted elsewhere, asked for at each reading.</summary>
    /// <exception cref="ArgumentException">There is a metric of that name.</exception>
    public ObservedCounterMetric AddCounter(string name, string help, Func<double> read) => Add(new ObservedCounterMetric(name, help, read));

    /// <summary>A new gauge, whose value is asked for at each reading.</summary>
    /// <exception cref="ArgumentException">There is a metric of that name.</exception>
    public GaugeMetric AddGauge(string name, string help, Func<double> read) => Add(new GaugeMetric(name, help, read));

    /// <summary>A new histogram of durations.</summary>
    /// <exception cref="ArgumentException">There is a metric of that name.</exception>
    public HistogramMetric AddHistogram(string name, string help, params string[] labels) => Add(new HistogramMetric(name, help, labels));

    /// <summary>All of it as text, by name.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var metric in _metrics.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal)) metric.Write(text);
        return text.ToString();
    }

    private TMetric Add<TMetric>(TMetric metric)
        where TMetric : Metric =>
        _metrics.TryAdd(metric.Name, metric) ? metric : throw new ArgumentException($"There is a metric {metric.Name} already.", nameof(metric));
}
