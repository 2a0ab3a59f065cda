using System.Security.Cryptography.X509Certificates;

namespace SecuTicket.Node.Peers;

/// <summary>How peers are connected to.</summary>
public sealed record PeerClientSettings
{
    /// <summary>Longest time until a connection stands, resolving included. Default 5 s.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection is used; then a new one is made, and the name resolved and judged again. Default 5 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an unused connection is kept. Default 60 s: less than servers keep them, so that a call does not meet one that is just being closed.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most connections with one peer; further calls wait. Default 4.</summary>
    public int ConnectionsPerPeer { get; init; } = 4;

    /// <summary>Most addresses of one name that are tried. Default 4.</summary>
    public int AddressesTried { get; init; } = 4;

    /// <summary>Names that are looked up at the same time; further ones wait. Default 4: a resolver may take its time for a stranger's name, and each costs a thread.</summary>
    public int Lookups { get; init; } = 4;

    /// <summary>Most KiB of the headers of an answer. Default 16.</summary>
    public int HeaderKiB { get; init; } = 16;

    /// <summary>The only roots that a peer's certificate may come from, for a consortium with an authority of its own; null for those that the operating system trusts.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }
}

/// <summary>What one call may cost.</summary>
/// <param name="ResponseBytes">Most bytes of the answer's body.</param>
public sealed record PeerCallLimits(int ResponseBytes)
{
    /// <summary>Longest time until the answer's headers are there, connecting and sending included. Default 10 s.</summary>
    public TimeSpan HeadersTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time of the whole call. Default 60 s.</summary>
    public TimeSpan CallTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a body may come as slowly as it likes. Default 5 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least bytes a second, on average since the headers, that a body must come with after <see cref="Grace"/>. Default 4,096.</summary>
    public int LeastBytesPerSecond { get; init; } = 4096;
}
