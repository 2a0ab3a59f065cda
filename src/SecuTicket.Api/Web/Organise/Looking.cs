namespace SecuTicket.Api.Web.Organise;

/// <summary>A look that a page takes again and again for a while.</summary>
public sealed class Looking : IDisposable
{
    private readonly CancellationTokenSource _end;
    private bool _isEnded;

    private Looking(TimeSpan life, TimeProvider clock) => _end = new CancellationTokenSource(life, clock);

    /// <summary>Done when no look is under way and none follows; faulted by what a look threw, which was the last one then.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to look.</summary>
    /// <param name="look">One look; the next one waits for it.</param>
    /// <param name="pace">Time between two.</param>
    /// <param name="life">When it ends by itself.</param>
    /// <param name="clock">Tells when.</param>
    public static Looking Begin(Func<Task> look, TimeSpan pace, TimeSpan life, TimeProvider clock)
    {
        var looking = new Looking(life, clock);

        // The token is taken once: whoever ends this and begins anew has another source, and this one ends all the same.
        looking.Ended = RepeatAsync(look, pace, clock, looking._end.Token);
        return looking;
    }

    /// <summary>Ends it. A look that is under way is the last one.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnded, true)) return;

        _end.Cancel();
        _end.Dispose();
    }

    private static async Task RepeatAsync(Func<Task> look, TimeSpan pace, TimeProvider clock, CancellationToken end)
    {
        using var timer = new PeriodicTimer(pace, clock);
        while (await WaitAsync(timer, end)) await look();
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
