using SecuTicket.Core.Primitives;

namespace SecuTicket.Node;

/// <summary>Where the answer to a command goes: exactly one answer, given when what it says is durable.</summary>
public abstract class Reply
{
    /// <summary>Answers that nothing of the command came to be.</summary>
    public abstract void Fail(Refusal refusal);
}

/// <summary>Where an answer of one kind goes.</summary>
/// <typeparam name="T">What is answered.</typeparam>
public sealed class Reply<T> : Reply
    where T : notnull
{
    private readonly TaskCompletionSource<Verdict<T>> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, when it is there.</summary>
    public Task<Verdict<T>> Answer => _source.Task;

    /// <summary>Answers.</summary>
    public void Set(Verdict<T> answer) => _source.TrySetResult(answer);

    /// <inheritdoc/>
    public override void Fail(Refusal refusal) => Set(refusal);

    /// <summary>Waits for the answer until whoever gives it stops.</summary>
    /// <param name="stopped">The answer in that case.</param>
    /// <param name="stop">Cancelled when whoever gives the answer stops.</param>
    /// <param name="cancellation">Cancelled when the answer is not wanted any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    internal async Task<Verdict<T>> WaitAsync(Refusal stopped, CancellationToken stop, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellation);
        try
        {
            return await Answer.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return stopped;
        }
    }
}
