using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace SecuTicket.Api.Hosting;

/// <summary>How often durations fell below each of a few bounds, and their sum, in seconds.</summary>
public sealed class HistogramMetric : Metric
{
    /// <summary>Upper bounds in seconds: half a millisecond to ten seconds.</summary>
    private static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);

    internal HistogramMetric(string name, string help, params string[] labels)
        : base(name, help, labels)
    {
    }

    private protected override string Kind => "histogram";

    /// <summary>The series of these label values, to be kept by whoever observes often.</summary>
    public Series Of(params ReadOnlySpan<string> labelValues) => _series.GetOrAdd(LabelText(labelValues), static _ => new Series());

    private protected override void WriteSeries(StringBuilder text)
    {
        foreach (var (labels, series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var (counts, ticks) = series.Read();
            var separator = labels.Length > 0 ? "," : "";
            long below = 0;
            for (var i = 0; i < Bounds.Length; i++)
            {
                below += counts[i];
                WriteSample(text, Name + "_bucket", $"{labels}{separator}le=\"{Bounds[i].ToString("R", CultureInfo.InvariantCulture)}\"", below);
            }

            below += counts[Bounds.Length];
            WriteSample(text, Name + "_bucket", $"{labels}{separator}le=\"+Inf\"", below);
            WriteSample(text, Name + "_sum", labels, TimeSpan.FromTicks(ticks).TotalSeconds);
            WriteSample(text, Name + "_count", labels, below);
        }
    }

    /// <summary>The observations of one combination of label values.</summary>
    public sealed class Series
    {
        private readonly long[] _counts = new long[Bounds.Length + 1];
        private long _ticks;

        internal Series()
        {
        }

        /// <summary>Counts one duration.</summary>
        public void Observe(TimeSpan duration)
        {
            var seconds = duration.TotalSeconds;
            var bucket = 0;
            while (bucket < Bounds.Length && seconds > Bounds[bucket]) bucket++;
            Interlocked.Increment(ref _counts[bucket]);
            Interlocked.Add(ref _ticks, duration.Ticks);
        }

        internal (long[] Counts, long Ticks) Read()
        {
            var counts = new long[_counts.Length];
            for (var i = 0; i < counts.Length; i++) counts[i] = Interlocked.Read(ref _counts[i]);
            return (counts, Interlocked.Read(ref _ticks));
        }
    }
}
