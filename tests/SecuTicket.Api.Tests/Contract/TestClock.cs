namespace SecuTicket.Api.Tests.Contract;

/// <summary>Time that passes when a test says so; timers that became due run in <see cref="Advance"/>, in the order of their times.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _changing = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2027, 6, 15, 18, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now
    {
        get
        {
            lock (_changing) return _now;
        }
    }

    /// <summary>When the first timer is due; null when none runs.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            lock (_changing) return _timers.Min(timer => timer.DueAt);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    public void Advance(TimeSpan time)
    {
        DateTimeOffset end;
        lock (_changing) end = _now + time;
        while (TakeDue(end) is { } due) due.Run();
        lock (_changing) _now = end;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_changing)
        {
            if (_timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt) is not { } due) return null;

            if (due.DueAt > _now) _now = due.DueAt.Value;
            due.DueAt = due.Period > TimeSpan.Zero ? due.DueAt + due.Period : null;
            return due;
        }
    }

    private sealed class ManualTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._changing)
            {
                DueAt = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                Period = period;
                if (!clock._timers.Contains(this)) clock._timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._changing) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
