using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks;

/// <summary>All figures, in the order in which the suite measures and prints them.</summary>
internal static class FigureList
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        new LimitSha256(),
        new LimitVerify(),
        new LimitStore(),
        new LimitHttp(),
        new LimitHttpGet(),
        new LimitStart(),
        new HashRate(),
        new PurchaseHttp(),
        new PurchaseBatch(),
        new KeptBatch(),
        new HotSale(),
        new AllocationPerPurchase(),
        new LookupHttp(),
        new Block1000(),
        new Restart100K(),
        new MemoryPerTicket(),
        new HeadersProven(),
        new HeadersServed(),
        new CatchUpBytesUnknown(),
        new CatchUpBytesKnown(),
        new CatchUpTime(),
        new BlockRelayBytes(),
        new BlockRelay("block_relay", 100),
        new BlockRelay("block_relay_1000", 1_000),
        new Sync(peers: 1),
        new Sync(peers: 2),
        new GateScan(),
        new DeviceScan(isDurable: false),
        new DeviceScan(isDurable: true),
        new ReceiptsLoad(),
        new RosterLoad(),
        new RosterSize(),
    ];

    public static Figure? Find(string name) => All.FirstOrDefault(figure => figure.Name == name);
}
