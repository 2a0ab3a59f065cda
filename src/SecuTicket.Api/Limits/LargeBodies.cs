using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Limits;

/// <summary>How many bodies of more than <see cref="FreeBytes"/> are held in memory at the same time: each may be some MiB, for as long as its sender is slow.</summary>
/// <remarks>Who comes when all places are taken waits with what was read so far; the rest waits in the connection.</remarks>
public sealed class LargeBodies : IDisposable
{
    /// <summary>Bytes up to which a body needs no place: so many a connection may cost.</summary>
    public const int FreeBytes = 64 * 1024;

    /// <summary>Places in all.</summary>
    public const int All = 32;

    /// <summary>Places of one remote address.</summary>
    public const int PerAddress = 4;

    /// <summary>Bytes a second that a sender of a large body must reach after <see cref="EdgeLimits.BodyGrace"/>, over HTTP/1.1: 4 MiB hold a place for some nine minutes at the most.</summary>
    public const int LeastBytesPerSecond = 8 * 1024;

    // Waiting costs little more than a connection, of which there are so many anyway.
    private const int Waiting = 256;

    private readonly PartitionedRateLimiter<HttpContext> _places = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(static context => RateLimitPartition.GetConcurrencyLimiter(EdgeLimits.Counted(context.Connection.RemoteIpAddress), static _ => Limit(PerAddress))),
        PartitionedRateLimiter.Create<HttpContext, int>(static _ => RateLimitPartition.GetConcurrencyLimiter(0, static _ => Limit(All))));

    /// <summary>Prepares for a body that may be large, before any of it is read.</summary>
    public static void Expect(HttpContext context)
    {
        // Over HTTP/2 the rate is one of all requests of a connection, and that of one can neither be asked nor set.
        var isAlone = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (isAlone && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { MinDataRate: { } least } feature && least.BytesPerSecond < LeastBytesPerSecond)
            feature.MinDataRate = new MinDataRate(LeastBytesPerSecond, least.GracePeriod);
    }

    /// <summary>Waits for a place; it is given back when the lease is disposed.</summary>
    /// <returns>The place, or <c>rate_limited</c> when too many wait.</returns>
    public async ValueTask<Verdict<RateLimitLease>> EnterAsync(HttpContext context, CancellationToken cancellation)
    {
        var lease = await _places.AcquireAsync(context, cancellationToken: cancellation);
        if (lease.IsAcquired) return lease;

        lease.Dispose();
        return new Refusal("rate_limited", $"More than {Waiting} bodies of more than {FreeBytes} bytes wait to be read. Try again later.", RefusalKind.Transient);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static ConcurrencyLimiterOptions Limit(int permits) => new() { PermitLimit = permits, QueueLimit = Waiting };
}
