using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Peers;

/// <summary>How many requests of nodes are read, answered and sent at the same time: each may hold some MiB for as long as its sender or reader is slow.</summary>
public sealed class PeerPlaces : IDisposable
{
    // Waiting costs no more than a connection, of which there are so many anyway.
    private const int Waiting = 256;

    private readonly PartitionedRateLimiter<HttpContext> _places;

    /// <summary>All places are free.</summary>
    public PeerPlaces(IOptions<NetworkOptions> options, IHostEnvironment environment)
    {
        var (all, each, isDevelopment) = (Limit(options.Value.Requests), Limit(options.Value.RequestsPerAddress), environment.IsDevelopment());
        _places = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => context.Connection.RemoteIpAddress is { } remote && isDevelopment && IPAddress.IsLoopback(remote)
                ? RateLimitPartition.GetNoLimiter(IPAddress.Loopback)
                : RateLimitPartition.GetConcurrencyLimiter(EdgeLimits.Counted(context.Connection.RemoteIpAddress), _ => each)),
            PartitionedRateLimiter.Create<HttpContext, int>(_ => RateLimitPartition.GetConcurrencyLimiter(0, _ => all)));
    }

    /// <summary>Waits for a place; the lease is given back when the answer was sent. It is not acquired when too many wait.</summary>
    public ValueTask<RateLimitLease> EnterAsync(HttpContext context) => _places.AcquireAsync(context, cancellationToken: context.RequestAborted);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static ConcurrencyLimiterOptions Limit(int permits) => new() { PermitLimit = permits, QueueLimit = Waiting };
}
