using SecuTicket.Benchmarks.Figures;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Benchmarks;

/// <summary>All figures, in the order in which they are measured and printed.</summary>
internal static class FigureList
{
    /// <summary>What the suite measures: the limits, and what is asked of the product's speed.</summary>
    public static IReadOnlyList<Figure> Suite { get; } =
    [
        // Limits.
        new LimitSha256(),
        new LimitVerify(),
        new LimitStore(StoreBatches.Requests),
        new LimitStore(StoreBatches.Batches),
        new LimitStore(StoreBatches.Blocks),
        new LimitHttp(HttpExchange.Purchase),
        new LimitHttp(HttpExchange.Lookup),

        // Hashes.
        new HashRate(null),
        new HashRate(LaneWidth.Vector256),
        new HashRate(LaneWidth.Vector128),
        new HashRate(LaneWidth.Scalar),
        new HashRateTwoCores(),
        new HashRateVsHashData(),
        new MerkleRoot(),

        // Signatures.
        new VerifySeenKey(),
        new VerifyNewKey(),
        new BlockFromMempool(),

        // Blocks and the disk.
        new Block1000(),
        new DiskPerTransaction(),

        // Purchases.
        new PurchaseHttp(),
        new PurchaseLatency(),
        new AllocationPerPurchase(),
        new GcPauseMax(),
        new PurchaseBatch(),
        new KeptBatch(),
        new HotSale(),

        // A chain that is fetched or read again.
        new Sync(peers: 1),
        new Replay(isSigned: true),
        new Replay(isSigned: false),

        // A ledger as it grows.
        new LookupHttp(),
        new LookupFlatness(),
        new MemoryPerTicket(),
        new LimitStart(),
        new Restart1M(),
    ];

    /// <summary>What else can be asked for by name, and is measured with all.</summary>
    public static IReadOnlyList<Figure> Others { get; } =
    [
        new Sync(peers: 2),
        new StakeDraw(),
        new StakeBlock1000(),
        new StakeFinality(),
        new HeadersProven(),
        new HeadersServed(),
        new CatchUpBytesUnknown(),
        new CatchUpBytesKnown(),
        new CatchUpTime(),
        new BlockRelayBytes(),
        new BlockRelay("block_relay", 100),
        new BlockRelay("block_relay_1000", 1_000),
        new GateScan(),
        new DeviceScan(isDurable: false),
        new DeviceScan(isDurable: true),
        new ReceiptsLoad(),
        new RosterLoad(),
        new RosterSize(),
        new SeatMapFanMemory(),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Figure> All { get; } = [.. Suite, .. Others];

    public static Figure? Find(string name) => All.FirstOrDefault(figure => figure.Name == name);
}
