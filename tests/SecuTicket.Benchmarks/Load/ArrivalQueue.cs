namespace SecuTicket.Benchmarks.Load;

/// <summary>Requests that are due whether or not they can be sent: which is the next one, and how far the client is behind.</summary>
/// <remarks>
/// Latency is counted from the time at which a request was due. A request that waits for a free connection, or for a client that woke up late, waits at the
/// server's cost: a client that counted from sending would ask a slow server less often and call it fast (coordinated omission).
/// </remarks>
/// <param name="due">When each request is due, in ticks, in order.</param>
internal sealed class ArrivalQueue(long[] due)
{
    private int _next;
    private int _arrived;
    private int _held;

    /// <summary>Whether all were taken.</summary>
    public bool IsEmpty => _next == due.Length;

    /// <summary>Requests that had to wait for a free connection.</summary>
    public int Held { get; private set; }

    /// <summary>The most requests that were due and not sent at one time.</summary>
    public int LargestBacklog { get; private set; }

    /// <summary>The longest time from when a request was due to when it was sent, in ticks.</summary>
    public long LargestDelay { get; private set; }

    /// <summary>Takes the next request if it is due and a connection is free.</summary>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="isFree">Whether a connection is free.</param>
    /// <param name="request">Its number.</param>
    /// <param name="dueAt">What its latency is counted from.</param>
    public bool TryTake(long now, bool isFree, out int request, out long dueAt)
    {
        (request, dueAt) = (_next, 0);
        while (_arrived < due.Length && due[_arrived] <= now) _arrived++;
        LargestBacklog = Math.Max(LargestBacklog, _arrived - _next);
        if (!isFree)
        {
            Held += _arrived - Math.Max(_held, _next);
            _held = _arrived;
            return false;
        }

        if (_next == _arrived) return false;

        dueAt = due[_next++];
        LargestDelay = Math.Max(LargestDelay, now - dueAt);
        return true;
    }

    /// <summary>How long there is nothing to send, in ticks; negative when nothing is left.</summary>
    public long Pause(long now) => _next == due.Length ? -1 : Math.Max(0, due[_next] - now);
}
