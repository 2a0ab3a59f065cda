using System.ComponentModel.DataAnnotations;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Composition;

/// <summary>What the node does for gates, at the most: section <c>Gates</c> of the configuration.</summary>
public sealed class GateOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gates";

    private static readonly GateSettings Defaults = new();

    /// <summary>Bytes of signed rosters that are kept for those who ask next. Default 64 MiB.</summary>
    [Range(0, 1L << 40)]
    public long RosterCacheBytes { get; set; } = Defaults.RosterCacheBytes;

    /// <summary>Bytes of signed rosters that are kept, made or sent. Default 512 MiB.</summary>
    [Range(0, 1L << 40)]
    public long RosterBytes { get; set; } = Defaults.RosterBytes;

    /// <summary>Full rosters made at the same time. Default 2.</summary>
    [Range(1, 1024)]
    public int RosterBuilds { get; set; } = Defaults.RosterBuilds;

    /// <summary>Rosters of changes made at the same time; then full ones are given. Default 2.</summary>
    [Range(0, 1024)]
    public int RosterChangeBuilds { get; set; } = Defaults.RosterChangeBuilds;

    /// <summary>Changes in a roster; beyond them a full one is given. Default 10,000.</summary>
    [Range(0, 1_000_000)]
    public int RosterChanges { get; set; } = Defaults.RosterChanges;

    /// <summary>Reports made at the same time. Default 2.</summary>
    [Range(1, 1024)]
    public int Reports { get; set; } = Defaults.Reports;

    /// <summary>Receipts kept of one event. Default 2,000,000.</summary>
    [Range(1, 1_000_000_000)]
    public long ReceiptsPerEvent { get; set; } = Defaults.ReceiptsPerEvent;

    /// <summary>Receipts kept of all events. Default 20,000,000.</summary>
    [Range(1, 10_000_000_000)]
    public long Receipts { get; set; } = Defaults.Receipts;

    /// <summary>Pairing codes of one event that are open at the same time. Default 20.</summary>
    [Range(1, 10_000)]
    public int PairingsPerEvent { get; set; } = Defaults.PairingsPerEvent;

    /// <summary>Pairing codes of one event that were used within a day. Default 200.</summary>
    [Range(1, 10_000)]
    public int ClaimsPerEvent { get; set; } = Defaults.ClaimsPerEvent;

    /// <summary>Pairing codes, open or used, that are remembered at the same time. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int Pairings { get; set; } = Defaults.Pairings;

    /// <summary>Wrong pairing codes that one account may try within ten minutes. Default 10.</summary>
    [Range(1, 10_000)]
    public int PairingAttempts { get; set; } = Defaults.PairingAttempts;

    /// <summary>As the node takes them.</summary>
    public GateSettings ToSettings() => new()
    {
        RosterCacheBytes = RosterCacheBytes,
        RosterBytes = RosterBytes,
        RosterBuilds = RosterBuilds,
        RosterChangeBuilds = RosterChangeBuilds,
        RosterChanges = RosterChanges,
        Reports = Reports,
        ReceiptsPerEvent = ReceiptsPerEvent,
        Receipts = Receipts,
        PairingsPerEvent = PairingsPerEvent,
        ClaimsPerEvent = ClaimsPerEvent,
        Pairings = Pairings,
        PairingAttempts = PairingAttempts,
    };
}
