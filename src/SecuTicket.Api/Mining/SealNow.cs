using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Mining;

/// <summary>A block that somebody waits for.</summary>
public static class SealNow
{
    /// <summary>As <see cref="TicketNode.SealAsync"/>, until the process is told to stop: a search may take longer than it has then, and who waits is told rather than cut off.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sealer">Who gets the reward; null for the node's own account.</param>
    /// <param name="request">The request.</param>
    /// <returns>The block, what refuses it, or <c>not_ready</c>.</returns>
    public static async Task<Verdict<VerifiedBlock>> SealAsync(this TicketNode node, Address? sealer, HttpContext request)
    {
        var stopping = request.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            return await node.SealAsync(sealer, request.RequestAborted).WaitAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TicketNode.Stopping;
        }
    }
}
