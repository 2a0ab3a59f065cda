using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace SecuTicket.Api.Hosting;

/// <summary>One named measurement with a series for each combination of its label values, written in the Prometheus text format 0.0.4.</summary>
public abstract class Metric
{
    private readonly string[] _labels;

    private protected Metric(string name, string help, string[] labels)
    {
        Name = name;
        Help = help;
        _labels = labels;
    }

    /// <summary>Snake_case name with its unit last, as Prometheus wants it.</summary>
    public string Name { get; }

    /// <summary>What it measures.</summary>
    public string Help { get; }

    /// <summary><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</summary>
    private protected abstract string Kind { get; }

    /// <summary>Appends the metric and all its series.</summary>
    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(Help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(Kind).Append('\n');
        WriteSeries(text);
    }

    private protected abstract void WriteSeries(StringBuilder text);

    /// <summary>The inside of a series' braces: <c>method="GET",route="/events"</c>.</summary>
    private protected string LabelText(ReadOnlySpan<string> values)
    {
        if (values.Length != _labels.Length) throw new ArgumentException($"{Name} has {_labels.Length} labels, not {values.Length}.", nameof(values));
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) text.Append(',');
            var escaped = values[i].Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            text.Append(_labels[i]).Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }

    private protected static void WriteSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}

/// <summary>A count that only grows.</summary>
public sealed class CounterMetric : Metric
{
    private readonly ConcurrentDictionary<string, StrongCount> _series = new(StringComparer.Ordinal);

    internal CounterMetric(string name, string help, params string[] labels)
        : base(name, help, labels)
    {
    }

    private protected override string Kind => "counter";

    /// <summary>Counts one more in the series of these label values.</summary>
    public void Increment(params ReadOnlySpan<string> labelValues) =>
        Interlocked.Increment(ref _series.GetOrAdd(LabelText(labelValues), static _ => new StrongCount()).Value);

    private protected override void WriteSeries(StringBuilder text)
    {
        foreach (var (labels, count) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            WriteSample(text, Name, labels, Interlocked.Read(ref count.Value));
    }

    private sealed class StrongCount
    {
        public long Value;
    }
}

/// <summary>A value that goes up and down, asked for when it is written.</summary>
public sealed class GaugeMetric : Metric
{
    private readonly Func<double> _read;

    internal GaugeMetric(string name, string help, Func<double> read)
        : base(name, help, []) => _read = read;

    private protected override string Kind => "gauge";

    private protected override void WriteSeries(StringBuilder text) => WriteSample(text, Name, "", _read());
}
