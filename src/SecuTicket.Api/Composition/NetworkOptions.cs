using System.ComponentModel.DataAnnotations;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Composition;

/// <summary>What the node does with others, at the most: section <c>Network</c> of the configuration. Who they are is in <see cref="NodeOptions"/>.</summary>
public sealed class NetworkOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Network";

    private static readonly PeerNetworkSettings Defaults = new();

    /// <summary>Peers that are called, without those that the operator wants. Default 8.</summary>
    [Range(0, 1_024)]
    public int CalledPeers { get; set; } = Defaults.Book.Active;

    /// <summary>Peers that are registered over the API. Default 256.</summary>
    [Range(1, 10_000)]
    public int RegisteredPeers { get; set; } = Defaults.Book.Registered;

    /// <summary>Addresses of nodes that are remembered. Default 1,024.</summary>
    [Range(16, 10_000)]
    public int KnownPeers { get; set; } = Defaults.Book.Records;

    /// <summary>Callers that are served. Default 512.</summary>
    [Range(1, 100_000)]
    public int Callers { get; set; } = Defaults.Server.Sessions;

    /// <summary>Of these, callers of one address block (a /16 of IPv4, a /32 of IPv6). Default 16.</summary>
    [Range(1, 100_000)]
    public int CallersPerBlock { get; set; } = Defaults.Server.SessionsPerBlock;

    /// <summary>Of these, callers of one address (a /64 of IPv6); as many handshakes may be under way, and four times as many of one block. Default 8.</summary>
    [Range(1, 100_000)]
    public int CallersPerAddress { get; set; } = Defaults.Server.SessionsPerHost;

    /// <summary>Requests a second of one caller. Default 400.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = Defaults.Server.RequestsPerSecond;

    /// <summary>Bytes a second of one caller's requests and their answers. Default 16 MiB.</summary>
    [Range(64 * 1024, 1L << 40)]
    public long BytesPerSecond { get; set; } = Defaults.Server.BytesPerSecond;

    /// <summary>Requests of callers, read whole, that are being answered or sent at the same time: each may hold some MiB. Default 64.</summary>
    [Range(1, 10_000)]
    public int Requests { get; set; } = 64;

    /// <summary>Of these, requests of one remote address. Default 16.</summary>
    [Range(1, 10_000)]
    public int RequestsPerAddress { get; set; } = 16;

    /// <summary>Time between two looks at a peer's tip. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(Defaults.Network.LookInterval);

    /// <summary>Time after a registration until the new peer's chain is first looked at without being asked for: so that who registers and then resolves sees what that gave. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LookAfterRegistration { get; set; } = TimeSpan.FromMilliseconds(Defaults.Network.LookAfterRegistration);

    /// <summary>How long a node that broke the protocol is left alone. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BanTime { get; set; } = TimeSpan.FromMilliseconds(Defaults.Network.BanTime);

    /// <summary>As the node takes them.</summary>
    /// <param name="isDevelopment">Whether loopback addresses are exempt from what holds for an address block and from speeds: in Development all nodes are there.</param>
    /// <param name="sharesPrivate">Whether addresses of this machine and of private networks are told to others; by default in Development.</param>
    public PeerNetworkSettings ToSettings(bool isDevelopment, bool? sharesPrivate = null) => new()
    {
        Network = new NetworkSettings { LookInterval = (long)LookInterval.TotalMilliseconds, LookAfterRegistration = (long)LookAfterRegistration.TotalMilliseconds, BanTime = (long)BanTime.TotalMilliseconds },
        Book = new PeerBookSettings { Active = CalledPeers, Registered = RegisteredPeers, Records = KnownPeers, LoopbackIsExempt = isDevelopment, SharesPrivate = sharesPrivate ?? isDevelopment },
        Server = new PeerServerSettings
        {
            Sessions = Callers,
            SessionsPerBlock = CallersPerBlock,
            SessionsPerHost = CallersPerAddress,
            HandshakesPerHost = CallersPerAddress,
            HandshakesPerBlock = 4 * CallersPerAddress,
            RequestsPerSecond = RequestsPerSecond,
            BytesPerSecond = BytesPerSecond,
            IsLoopbackExempt = isDevelopment,
        },
    };
}
