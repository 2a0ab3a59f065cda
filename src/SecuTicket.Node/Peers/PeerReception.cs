using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Answers callers: a few at a time, the others wait, and who would have to wait too long is told to come later.</summary>
/// <param name="server">Decides what a request gets.</param>
/// <param name="settings">How many at a time.</param>
/// <param name="tell">Tells the loop what a message of so many bytes says, if there is room.</param>
/// <param name="counts">Counts bytes.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="stop">Cancelled when the node stops.</param>
internal sealed class PeerReception(PeerServer server, PeerNetworkSettings settings, Func<NetworkInput, long, bool> tell, NetworkCounts counts, TimeProvider clock, CancellationToken stop)
    : IDisposable
{
    /// <summary>Why somebody is not heard now.</summary>
    public static readonly Refusal Busy = new(PeerRefusals.NotReady, "The node has too much to do, or is stopping: try again later.", RefusalKind.Transient);

    private readonly SemaphoreSlim _serving = new(settings.ServedAtOnce);
    private int _waiting;

    /// <summary>Answers a request.</summary>
    /// <returns>The answer's bytes; the refusals of <see cref="PeerServer"/> and <c>not_ready</c>.</returns>
    public async Task<Verdict<ReadOnlyMemory<byte>>> ReceiveAsync(ReceivedRequest request, CancellationToken cancellation)
    {
        if (!(await ServeAsync(request, cancellation)).TryGet(out var served, out var refusal)) return refusal;
        if (served.Told is { } told && !tell(told, request.Body.Length)) return Busy;

        var verdict = served.Waited is { } waited ? await waited.WaitAsync(NetworkErrands.Stopping, stop, cancellation) : served.Answer!.Value;
        if (!verdict.TryGet(out var answer, out refusal)) return refusal;

        ReadOnlyMemory<byte> bytes = PeerCodec.Encode(answer);
        counts.AddBytes(bytes.Length, request.Body.Length);
        return bytes;
    }

    /// <summary>When no request is under way any more.</summary>
    public void Dispose() => _serving.Dispose();

    private async Task<Verdict<ServedRequest>> ServeAsync(ReceivedRequest request, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > settings.WaitingToBeServed)
        {
            Interlocked.Decrement(ref _waiting);
            return Busy;
        }

        try
        {
            await _serving.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return stop.IsCancellationRequested ? NetworkErrands.Stopping : server.Serve(request, clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        finally
        {
            _serving.Release();
        }
    }
}
