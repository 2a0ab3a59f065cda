namespace SecuTicket.Node.Peers;

/// <summary>What a node does for those who call it, at the most. Times in milliseconds.</summary>
public sealed record PeerServerSettings
{
    /// <summary>Handshakes that wait for their proof. Default 1,024, about 2 MB.</summary>
    public int Handshakes { get; init; } = 1_024;

    /// <summary>Of them those of one address block. Default 16.</summary>
    public int HandshakesPerBlock { get; init; } = 16;

    /// <summary>Of them those of one host: an IPv4 address, a /64 of IPv6. Default 4.</summary>
    public int HandshakesPerHost { get; init; } = 4;

    /// <summary>How long a handshake is spared where others can make room. Default 3 s: a proof follows its welcome at once.</summary>
    public long HandshakeGrace { get; init; } = 3_000;

    /// <summary>How long a handshake waits for its proof. Default 30 s.</summary>
    public long HandshakeLife { get; init; } = 30_000;

    /// <summary>Sessions. Default 512.</summary>
    public int Sessions { get; init; } = 512;

    /// <summary>Of them those of one node: a second one lets it begin anew before the first is over. Default 2.</summary>
    public int SessionsPerNode { get; init; } = 2;

    /// <summary>Of them those of one address block. Default 16.</summary>
    public int SessionsPerBlock { get; init; } = 16;

    /// <summary>Of them those of one host: an IPv4 address, a /64 of IPv6. Default 8.</summary>
    public int SessionsPerHost { get; init; } = 8;

    /// <summary>How long a session may be silent. Default 10 minutes.</summary>
    public long IdleLife { get; init; } = 600_000;

    /// <summary>Nodes that are refused for a time. Where there are more, the one whose time ends first is forgotten. Default 1,024.</summary>
    public int Banished { get; init; } = 1_024;

    /// <summary>Requests a second in one session, in the long run. Default 400: a sale of 10,000 tickets in a minute takes ten with each announced, asked for and brought in batches.</summary>
    public int RequestsPerSecond { get; init; } = 400;

    /// <summary>Bytes a second in one session, requests and answers together, in the long run. Default 16 MiB.</summary>
    public long BytesPerSecond { get; init; } = 16L * 1024 * 1024;

    /// <summary>For how long a session may save up what it does not use. Default 4 s.</summary>
    public long SavedUp { get; init; } = 4_000;

    /// <summary>Whether callers from this machine are bound by neither the limits of an address block nor those of speed: for many nodes on one machine, in development. Default false.</summary>
    public bool IsLoopbackExempt { get; init; }
}
