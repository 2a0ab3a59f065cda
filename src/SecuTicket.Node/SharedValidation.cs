using SecuTicket.Core.Primitives;

namespace SecuTicket.Node;

/// <summary>Checks of the whole stored chain: those who ask meanwhile share one, it is given up when none of them waits any more, and the next one begins only after as much time as it took.</summary>
/// <remarks>Anyone may ask, and a check keeps all cores busy for as long as the chain is long: without the rest one client that asks again and again would have a node do nothing else.</remarks>
/// <param name="validate">Checks the chain.</param>
/// <param name="clock">Measures how long a check takes, and the rest after it.</param>
internal sealed class SharedValidation(Func<CancellationToken, Verdict<ChainValidation>> validate, TimeProvider clock) : IAsyncDisposable
{
    // What takes less disturbs nobody, and who tries things on a young chain does not wait.
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Run? _run;
    private TimeSpan _rest;
    private long _ended;

    /// <summary>Checks the chain, or waits for the check that is under way.</summary>
    /// <param name="asker">Cancelled when the one who asks does not wait any more.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more, or it was disposed.</exception>
    public async Task<Verdict<ChainValidation>> AskAsync(CancellationToken asker)
    {
        var run = Join();
        try
        {
            return await run.Task.WaitAsync(asker);
        }
        finally
        {
            Leave(run);
        }
    }

    /// <summary>Gives up what is under way and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last;
        lock (_gate)
        {
            last = _run?.Task;
            _stopping.Cancel();
        }

        if (last is not null) await last.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Run Join()
    {
        lock (_gate)
        {
            if (_run is null or { Task.IsCompleted: true } or { Askers: 0 }) _run = Begin(_run?.Task ?? Task.CompletedTask);
            _run.Askers++;
            return _run;
        }
    }

    private void Leave(Run run)
    {
        lock (_gate)
        {
            if (--run.Askers > 0) return;

            run.GivenUp.Cancel();
            run.GivenUp.Dispose();
        }
    }

    private Run Begin(Task former)
    {
        var givenUp = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        return new Run(givenUp, Task.Run(() => ValidateAsync(former, givenUp.Token), CancellationToken.None));
    }

    private async Task<Verdict<ChainValidation>> ValidateAsync(Task former, CancellationToken givenUp)
    {
        await former.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var rest = _rest - clock.GetElapsedTime(_ended);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, givenUp);
        var began = clock.GetTimestamp();
        try
        {
            return validate(givenUp);
        }
        finally
        {
            _ended = clock.GetTimestamp();
            var taken = clock.GetElapsedTime(began, _ended);
            _rest = taken > Unnoticed ? taken : TimeSpan.Zero;
        }
    }

    private sealed record Run(CancellationTokenSource GivenUp, Task<Verdict<ChainValidation>> Task)
    {
        public int Askers { get; set; }
    }
}
