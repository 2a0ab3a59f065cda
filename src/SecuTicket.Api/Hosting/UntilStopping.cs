using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Hosting;

/// <summary>Answers that may take longer than a process has that is told to stop: who waits for one is told so rather than cut off.</summary>
public static class UntilStopping
{
    /// <summary>Waits for an answer until the process is told to stop or the client is gone.</summary>
    /// <typeparam name="T">What is answered.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="ask">Asks for it; told when nobody waits any more.</param>
    /// <returns>The answer, or <c>not_ready</c>.</returns>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public static async Task<Verdict<T>> UntilStoppingAsync<T>(this HttpContext context, Func<CancellationToken, Task<Verdict<T>>> ask)
        where T : notnull
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TicketNode.Stopping;
        }
    }
}
