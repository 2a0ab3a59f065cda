using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Who waits for a transaction to be confirmed or rejected.</summary>
internal sealed class DecisionWaiters
{
    private readonly Lock _changing = new();
    private readonly Dictionary<Hash256, List<TaskCompletionSource>> _waiting = [];

    // Whether it is pending is asked after the wait began, so that a decision in between is not missed.
    public async Task WaitAsync(Hash256 id, Func<bool> isPending, TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_changing)
        {
            if (!_waiting.TryGetValue(id, out var others)) _waiting[id] = others = [];
            others.Add(decided);
        }

        try
        {
            if (isPending()) await decided.Task.WaitAsync(time, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Not decided in time: the caller answers as it stands.
        }
        finally
        {
            lock (_changing)
            {
                if (_waiting.TryGetValue(id, out var others) && others.Remove(decided) && others.Count == 0) _waiting.Remove(id);
            }
        }
    }

    public void Notify(NodeEvent happened)
    {
        if (happened is not NodeEvent.TransactionDecided { Status: not TransactionStatus.Pending } decision) return;

        lock (_changing)
        {
            if (!_waiting.TryGetValue(decision.Id, out var waiters)) return;

            foreach (var waiter in waiters) waiter.TrySetResult();
        }
    }
}
