using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Peers;

/// <summary>How many requests of nodes are read, and how many answered and sent, at the same time: each may hold some MiB for as long as its sender or reader is slow.</summary>
/// <remarks>Handshakes need no session, so anybody can send many: they have places of their own, and take none from those who have proved who they are.</remarks>
public sealed class PeerPlaces : IDisposable
{
    /// <summary>Requests of one session that are read at the same time, and handshakes of one address: so many bodies are held for each caller.</summary>
    public const int PerCaller = 4;

    /// <summary>Handshakes that are answered at the same time.</summary>
    public const int Handshakes = 16;

    // Waiting costs no more than a connection, of which there are so many anyway.
    private const int Waiting = 256;

    private readonly PartitionedRateLimiter<HttpContext> _callers;
    private readonly PartitionedRateLimiter<HttpContext> _places;
    private readonly ConcurrencyLimiter _handshakes = new(Limit(Handshakes));

    /// <summary>All places are free.</summary>
    public PeerPlaces(IOptions<NetworkOptions> options, IHostEnvironment environment)
    {
        var (all, each, isDevelopment) = (Limit(options.Value.Requests), Limit(options.Value.RequestsPerAddress), environment.IsDevelopment());
        _callers = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            if (PeerRoutes.HasSession(context)) return RateLimitPartition.GetConcurrencyLimiter(PeerRoutes.SessionOf(context.Request)!, static _ => Limit(PerCaller));

            var remote = context.Connection.RemoteIpAddress;
            return isDevelopment && remote is not null && IPAddress.IsLoopback(remote)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetConcurrencyLimiter(EdgeLimits.Counted(remote).ToString(), static _ => Limit(PerCaller));
        });
        _places = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => context.Connection.RemoteIpAddress is { } remote && isDevelopment && IPAddress.IsLoopback(remote)
                ? RateLimitPartition.GetNoLimiter(IPAddress.Loopback)
                : RateLimitPartition.GetConcurrencyLimiter(EdgeLimits.Counted(context.Connection.RemoteIpAddress), _ => each)),
            PartitionedRateLimiter.Create<HttpContext, int>(_ => RateLimitPartition.GetConcurrencyLimiter(0, _ => all)));
    }

    /// <summary>Waits until the body of a request may be read; the lease is given back when the answer was sent. It is not acquired when too many wait.</summary>
    public ValueTask<RateLimitLease> BeginAsync(HttpContext context, CancellationToken cancellation) => _callers.AcquireAsync(context, cancellationToken: cancellation);

    /// <summary>Waits for a place for a request whose body was read: a slow sender has none. The lease is given back when the answer was sent. It is not acquired when too many wait.</summary>
    public ValueTask<RateLimitLease> EnterAsync(HttpContext context, bool isHandshake, CancellationToken cancellation) =>
        isHandshake ? _handshakes.AcquireAsync(cancellationToken: cancellation) : _places.AcquireAsync(context, cancellationToken: cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _callers.Dispose();
        _places.Dispose();
        _handshakes.Dispose();
    }

    private static ConcurrencyLimiterOptions Limit(int permits) => new() { PermitLimit = permits, QueueLimit = Waiting };
}
