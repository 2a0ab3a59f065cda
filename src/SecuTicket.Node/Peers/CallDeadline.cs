namespace SecuTicket.Node.Peers;

/// <summary>When a call has taken too long: until its headers, as a whole, or because its body comes too slowly.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly PeerCallLimits _limits;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;
    private TimeSpan _headersAt;

    public CallDeadline(PeerCallLimits limits, TimeProvider clock, CancellationToken stop)
    {
        _limits = limits;
        _clock = clock;
        _began = clock.GetTimestamp();
        _late = new CancellationTokenSource(Earlier(limits.HeadersTime, limits.CallTime), clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, stop);
    }

    /// <summary>Cancelled at the deadline, or when the call is not wanted any more.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>The headers are there; from now on the body must come.</summary>
    public void HeadersCame()
    {
        _headersAt = _clock.GetElapsedTime(_began);
        BodyCame(0);
    }

    /// <summary>So many bytes of the body are there.</summary>
    /// <remarks>The next deadline follows from the bytes that came: no clock has to be asked again and again how fast they were.</remarks>
    public void BodyCame(long bytes)
    {
        var worth = TimeSpan.FromSeconds((double)bytes / _limits.LeastBytesPerSecond);
        var end = Earlier(_limits.CallTime, _headersAt + (worth > _limits.Grace ? worth : _limits.Grace));
        var left = end - _clock.GetElapsedTime(_began);
        _late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
