using System.Globalization;

namespace SecuTicket.Cli.Output;

/// <summary>A line on standard error that says how far a long work is, and how fast it goes; nothing where nobody looks.</summary>
internal sealed class Progress : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly Surroundings _surroundings;
    private readonly string _work;
    private readonly long? _total;
    private readonly long _start;
    private long _done;
    private long _lastShown;
    private bool _isShown;

    /// <summary>Begins.</summary>
    /// <param name="surroundings">The world outside.</param>
    /// <param name="work">What is done, such as «Issuing».</param>
    /// <param name="total">How much there is to do; null where nobody knows, as of a file that does not say: then there is no bar.</param>
    public Progress(Surroundings surroundings, string work, long? total)
    {
        _surroundings = surroundings;
        _work = work;
        _total = total;
        _start = _lastShown = surroundings.Clock.GetTimestamp();
    }

    /// <summary>Some more is done.</summary>
    public void Advance(long more)
    {
        _done += more;
        if (!_surroundings.ErrorIsSeen || _surroundings.Clock.GetElapsedTime(_lastShown) < Between) return;

        _lastShown = _surroundings.Clock.GetTimestamp();
        _isShown = true;
        _surroundings.Error.Write(_total is { } total ? $"\r{Bar(total)} {Sentence()}" : $"\r{Sentence()}");
    }

    // Text alone, so that it looks the same on every terminal.
    private string Bar(long total)
    {
        var filled = (int)Math.Clamp(BarWidth * _done / Math.Max(total, 1), 0, BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }

    /// <summary>How far it is, as one line.</summary>
    public string Sentence()
    {
        var seconds = Math.Max(_surroundings.Clock.GetElapsedTime(_start).TotalSeconds, 0.001);
        var far = _total is { } total ? $"{_done} of {total} ({100 * _done / Math.Max(total, 1)} %)" : $"{_done}";
        return string.Create(CultureInfo.InvariantCulture, $"{_work}: {far}, {_done / seconds:0} a second ");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShown) _surroundings.Error.WriteLine();
    }
}
