using System.Text;

namespace SecuTicket.Api.Hosting;

/// <summary>A count that only grows and is kept elsewhere: asked for when it is written.</summary>
public sealed class ObservedCounterMetric : Metric
{
    private readonly Func<double> _read;

    internal ObservedCounterMetric(string name, string help, Func<double> read)
        : base(name, help, []) => _read = read;

    private protected override string Kind => "counter";

    private protected override void WriteSeries(StringBuilder text) => WriteSample(text, Name, "", _read());
}
