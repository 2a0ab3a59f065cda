using System.Globalization;
using SecuTicket.Cli.Output;
using SecuTicket.Node;

namespace SecuTicket.Cli.Chain;

/// <summary>Shows how far a replay is, and how fast it went.</summary>
internal sealed class ReplayMeter : IDisposable
{
    private readonly Progress _progress;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private long _shown;

    /// <summary>Begins.</summary>
    /// <param name="surroundings">The world outside.</param>
    /// <param name="work">What is done.</param>
    /// <param name="total">How many blocks there are; null when that is not known.</param>
    public ReplayMeter(Surroundings surroundings, string work, long? total)
    {
        _progress = new Progress(surroundings, work, total);
        _clock = surroundings.Clock;
        _start = _clock.GetTimestamp();
    }

    /// <summary>So far it is.</summary>
    public void Show(ReplayProgress progress)
    {
        _progress.Advance(progress.Blocks - _shown);
        _shown = progress.Blocks;
    }

    /// <summary>How fast it went, as a sentence.</summary>
    public string Rate(ReplayProgress progress)
    {
        var seconds = Math.Max(_clock.GetElapsedTime(_start).TotalSeconds, 0.001);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Blocks} blocks with {progress.Transactions} transactions in {seconds:0.0} s: {progress.Blocks / seconds:0} blocks and {progress.Transactions / seconds:0} transactions a second.");
    }

    /// <inheritdoc/>
    public void Dispose() => _progress.Dispose();
}
