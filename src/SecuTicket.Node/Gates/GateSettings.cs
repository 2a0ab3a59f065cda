namespace SecuTicket.Node.Gates;

/// <summary>What a node does for gates, at the most.</summary>
public sealed record GateSettings
{
    /// <summary>Bytes of signed rosters that are kept for those who ask next. One that is larger is made anew each time. Default 64 MiB, four events of 100,000 tickets.</summary>
    public long RosterCacheBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of signed rosters that are kept, made or sent: a slow reader keeps his in memory. Who asks for one more is told to come again. Default 512 MiB.</summary>
    public long RosterBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Full rosters made at the same time; who asks for one more is told to come again. Default 2.</summary>
    public int RosterBuilds { get; init; } = 2;

    /// <summary>Rosters of changes made at the same time; who asks for one more gets a full one. Default 2.</summary>
    public int RosterChangeBuilds { get; init; } = 2;

    /// <summary>Changes in a roster; where there are more the gate gets a full one, as all others do. Default 10,000, about 2 MB.</summary>
    public int RosterChanges { get; init; } = 10_000;

    /// <summary>Reports made at the same time; who asks for one more is told to come again. Default 2.</summary>
    public int Reports { get; init; } = 2;

    /// <summary>Receipts kept of one event. Default 2,000,000, about 1 GiB.</summary>
    public long ReceiptsPerEvent { get; init; } = 2_000_000;

    /// <summary>Receipts kept of all events: anyone may create events and name gates for them. Default 20,000,000, about 10 GiB.</summary>
    public long Receipts { get; init; } = 20_000_000;

    /// <summary>Pairing codes of one event that are open at the same time. Default 20.</summary>
    public int PairingsPerEvent { get; init; } = 20;

    /// <summary>Pairing codes of one event that were used within <see cref="GatePairings.ClaimLife"/>; no more are given then. Default 200.</summary>
    public int ClaimsPerEvent { get; init; } = 200;

    /// <summary>Pairing codes, open or used, that are remembered at the same time. Default 10,000.</summary>
    public int Pairings { get; init; } = 10_000;

    /// <summary>Wrong pairing codes that one account may try within <see cref="GatePairings.CodeLife"/>. Default 10.</summary>
    public int PairingAttempts { get; init; } = 10;
}
