namespace SecuTicket.Node.Peers;

/// <summary>What a <see cref="PeerBook"/> keeps, for how long, and whom of it a node calls.</summary>
public sealed record PeerBookSettings
{
    /// <summary>Records, without the forgotten ones. Default 1,024, about 400 KiB.</summary>
    public int Records { get; init; } = 1_024;

    /// <summary>Records of addresses that others named and that nobody proved yet. Default 512.</summary>
    public int Unproven { get; init; } = 512;

    /// <summary>Of these, records from one source: a peer that told us, or the address block of callers. Default 64.</summary>
    public int UnprovenPerSource { get; init; } = 64;

    /// <summary>Records that were registered over the API. Default 256.</summary>
    public int Registered { get; init; } = 256;

    /// <summary>Forgotten addresses that are remembered as such; one more displaces the one forgotten the longest ago. Default 256.</summary>
    public int Forgotten { get; init; } = 256;

    /// <summary>Records of one address block, without those that the operator wants: a block is cheap to rent as a whole. More than <see cref="Anchors"/>. Default 16.</summary>
    public int PerBlock { get; init; } = 16;

    /// <summary>Peers of one address block that are called at the same time, without those that the operator wants. Default 2.</summary>
    public int ActivePerBlock { get; init; } = 2;

    /// <summary>Whether loopback addresses are exempt from <see cref="PerBlock"/> and <see cref="ActivePerBlock"/>, as in Development, where all nodes are there. Default no.</summary>
    public bool LoopbackIsExempt { get; init; }

    /// <summary>Whether addresses of this machine and of private networks are told to others: they mean nothing elsewhere, and say what there is here. Default no.</summary>
    public bool SharesPrivate { get; init; }

    /// <summary>Peers that are called at the same time, without those that the operator wants. Default 8.</summary>
    public int Active { get; init; } = 8;

    /// <summary>The longest-known proven peers, which nothing that arrives displaces. Default 8.</summary>
    public int Anchors { get; init; } = 8;

    /// <summary>Of <see cref="Active"/>, how many are anchors at the least, when there are any. Default 2.</summary>
    public int ActiveAnchors { get; init; } = 2;

    /// <summary>How long a proven record stays without a success. An anchor stays longer, until it was tried in vain: we may have been off ourselves. Default 14 days.</summary>
    public TimeSpan ProvenLife { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long an unproven record stays. Default 1 day.</summary>
    public TimeSpan UnprovenLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Failed attempts in a row after which an unproven record goes. Default 3.</summary>
    public int UnprovenFailures { get; init; } = 3;

    /// <summary>How old the last success of an address may be that is told to others. Default 1 day.</summary>
    public TimeSpan SharedLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Pause after a first failure, at the least; it doubles with each further one. Default 1 s.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after failures, at the most. Default 10 minutes.</summary>
    public TimeSpan MostPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The same for those that the operator wants. Default 30 s.</summary>
    public TimeSpan MostPauseOfWanted { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How exactly the last success of a peer is known: successes that follow each other faster change nothing and cost no write. Default 1 minute.</summary>
    public TimeSpan SuccessPrecision { get; init; } = TimeSpan.FromMinutes(1);
}
