using SecuTicket.Benchmarks.Load;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Fans without keys of their own: the node keeps them and signs.</summary>
internal sealed class KeptBatch : Figure
{
    public override string Name => "kept_batch";

    public override string Unit => "purchases/s";

    public override string About => $"Purchases of different tickets by 1,000 accounts that the node keeps, {Batches.Lines:N0} with an HMAC a request, signed by the node, durable before the answer, blocks sealed meanwhile.";

    public override double? Target => 20_000;

    public override Measurement Measure(Session session)
    {
        using var world = session.Sale.World("kept");
        var fans = new KeptFans(world);
        var gifts = new RequestSet();
        gifts.AddBatches(fans.Gifts());
        var batches = new BatchLoad(session, fans.Purchases().Take(BatchLoad.Total(session)));
        using var server = ServerProcess.StartNode(world);
        using (var load = new HttpLoad(server.EndPoint, 1)) load.Run(gifts, 0, gifts.Count, 200).Clean();
        server.Mine();
        var measured = batches.Run(server);
        server.Kill();
        var length = new LedgerAudit(world).Check(batches.Sold, fans.BuyerOf);
        return measured with { Notes = [.. measured.Notes, $"after kill -9 all {batches.Sold:N0} tickets have their buyers, confirmed or pending, and the money is conserved ({length:N0} blocks)"] };
    }
}
