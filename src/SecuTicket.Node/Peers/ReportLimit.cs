namespace SecuTicket.Node.Peers;

/// <summary>Tells the operator of what others did, a few lines a minute and then how many were left out: strangers make them at will.</summary>
/// <param name="report">Hears them.</param>
internal sealed class ReportLimit(Action<NetworkReport> report)
{
    /// <summary>Lines in a minute.</summary>
    public const int PerMinute = 10;

    private const long Minute = 60_000;

    private long _began = long.MinValue / 2;
    private int _lines;

    /// <summary>Reports a line, or counts it.</summary>
    public void Report(string sentence, long now)
    {
        if (now - _began >= Minute || now < _began)
        {
            if (_lines > PerMinute) report(new NetworkReport($"{_lines - PerMinute} more lines about other nodes were left out."));
            (_began, _lines) = (now, 0);
        }

        if (++_lines <= PerMinute) report(new NetworkReport(sentence));
    }
}
