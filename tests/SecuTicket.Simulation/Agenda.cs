namespace SecuTicket.Simulation;

/// <summary>Virtual time and what is due in it: of equal times, what was scheduled first happens first. Nothing else ever makes anything happen.</summary>
/// <param name="start">Where time starts, in milliseconds since 1970.</param>
public sealed class Agenda(long start)
{
    private readonly PriorityQueue<Action, (long At, long Number)> _due = new();
    private long _scheduled;

    /// <summary>True time, which no node knows exactly, in milliseconds since 1970.</summary>
    public long Now { get; private set; } = start;

    /// <summary>Things that happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Something happens later.</summary>
    /// <param name="delay">In how many milliseconds, 0 at the least.</param>
    /// <param name="action">What happens.</param>
    public void After(long delay, Action action) => _due.Enqueue(action, (Now + Math.Max(delay, 0), _scheduled++));

    /// <summary>Lets time pass until <paramref name="end"/>, or until there is a reason to stop.</summary>
    public void RunUntil(long end, Func<bool> stop)
    {
        while (!stop() && _due.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _due.Dequeue();
            Now = next.At;
            Steps++;
            action();
        }

        Now = Math.Max(Now, end);
    }
}
