using System.Runtime.CompilerServices;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Tells an open page when the node knows something new.</summary>
/// <remarks>
/// A page looks once a second whether the last durable state is another object: that costs one read of a field, whatever happens at the node. Listening to every
/// transaction of a sale would cost each page as much as the sale, and a place among those who listen to <c>/stream</c>.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="clock">Tells when a second has passed.</param>
public sealed class TipWatch(TicketNode node, TimeProvider clock)
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>The states after <paramref name="seen"/>, at most one for each <see cref="Pace"/>, until <paramref name="gone"/>.</summary>
    public async IAsyncEnumerable<NodeSnapshot> ChangesAsync(NodeSnapshot seen, [EnumeratorCancellation] CancellationToken gone)
    {
        using var pace = new PeriodicTimer(Pace, clock);
        while (await WaitAsync(pace, gone))
        {
            var now = node.Snapshot;
            if (ReferenceEquals(now, seen)) continue;

            yield return seen = now;
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer pace, CancellationToken gone)
    {
        try
        {
            return await pace.WaitForNextTickAsync(gone);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
