using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Peers;
using SecuTicket.Api.Problems;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Limits;

/// <summary>Composes the limits of the HTTP edge.</summary>
public static class EdgeLimits
{
    /// <summary>Time a body may take before its speed counts.</summary>
    public static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of a request line: the longest query this API has, several times over.</summary>
    public const int RequestLineBytes = 8 * 1024;

    /// <summary>Headers of one request.</summary>
    public const int HeaderCount = 64;

    /// <summary>Reads <see cref="LimitOptions"/> (values out of range stop the start), sets Kestrel's limits and the rate of each remote address.</summary>
    public static IServiceCollection AddEdgeLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>, ConnectionPlaces>(static (kestrel, limits, places) =>
        {
            Apply(limits.Value, kestrel);
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(places.Before));
        });
        return services.AddSingleton<ConnectionPlaces>().AddSingleton<LargeBodies>().AddSingleton(static services =>
        {
            var limits = services.GetRequiredService<IOptions<LimitOptions>>();
            return PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Partition(context, limits.Value));
        });
    }

    /// <summary>Refuses what comes too fast: 429 <c>rate_limited</c> with Retry-After.</summary>
    /// <remarks>Not by the framework's middleware, which has a state for each request that might wait its turn: here nobody waits.</remarks>
    public static IApplicationBuilder UseEdgeLimits(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        var isDevelopment = app.ApplicationServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return app.Use((context, next) =>
        {
            if (IsUnlimited(context, isDevelopment)) return next(context);

            using var lease = limiter.AttemptAcquire(context);
            return lease.IsAcquired ? next(context) : RejectAsync(context, lease);
        });
    }

    internal static void Apply(LimitOptions limits, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeaderSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.MinBodyBytesPerSecond, BodyGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.MinAnswerBytesPerSecond, BodyGrace);
        kestrel.Limits.MaxRequestHeaderCount = HeaderCount;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytes;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytes;

        // Twice what any route reads: up to there the rest of a refused body is swallowed after the answer, so that the client
        // reads 413 instead of a broken connection. The limit of each route is BodyReader's.
        kestrel.Limits.MaxRequestBodySize = 2L * Math.Max(limits.BodyBytes, limits.BatchBytes);
    }

    /// <summary>Whose requests are counted together: an IPv4 address, or the /64 network an IPv6 customer is given.</summary>
    internal static IPAddress Counted(IPAddress? remote)
    {
        if (remote is null) return IPAddress.None;
        if (remote.IsIPv4MappedToIPv6) return remote.MapToIPv4();
        if (remote.AddressFamily != AddressFamily.InterNetworkV6) return remote;

        Span<byte> bytes = stackalloc byte[16];
        remote.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    // Whoever has a session with this node has limits of its own, by session: a busy sale is many small messages.
    private static bool IsUnlimited(HttpContext context, bool isDevelopment) =>
        PeerRoutes.HasSession(context) || (isDevelopment && context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote));

    private static RateLimitPartition<IPAddress> Partition(HttpContext context, LimitOptions limits) =>
        RateLimitPartition.GetTokenBucketLimiter(Counted(context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    private static Task RejectAsync(HttpContext context, RateLimitLease lease)
    {
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var refusal = new Refusal("rate_limited", $"Too many requests from this address. Try again in {seconds} s.", RefusalKind.Transient);
        return new ProblemResult(refusal).ExecuteAsync(context);
    }
}
