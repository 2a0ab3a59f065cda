namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>What two nodes reach each other through. Nothing that is sent on it is lost unless it is cut: as TCP has it.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _cut = new();
    private TaskCompletionSource _flowing = new();

    public Wire() => _flowing.SetResult();

    /// <summary>Connections end at once, and new ones are refused.</summary>
    public void Cut()
    {
        lock (_lock) _cut.Cancel();
    }

    /// <summary>Connections stay, new ones are accepted, and nothing comes through.</summary>
    public void Hush()
    {
        lock (_lock)
        {
            if (_flowing.Task.IsCompleted) _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>As it should be: what was held back arrives.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            if (_cut.IsCancellationRequested)
            {
                _cut.Dispose();
                _cut = new CancellationTokenSource();
            }

            _flowing.TrySetResult();
        }
    }

    /// <summary>Cancelled when a connection that begins now must end; at once while the wire is cut.</summary>
    public CancellationToken Connect()
    {
        lock (_lock) return _cut.Token;
    }

    /// <summary>Waits until what is sent comes through.</summary>
    public Task FlowAsync(CancellationToken cut)
    {
        lock (_lock) return _flowing.Task.WaitAsync(cut);
    }

    public void Dispose() => _cut.Dispose();
}
