namespace SecuTicket.Benchmarks.Figures;

/// <summary>The sale: everyone buys at once.</summary>
internal sealed class PurchaseHttp : Figure
{
    public override string Name => "purchase_http";

    public override string Unit => "purchases/s";

    public override string About => "Purchases of different tickets by 1,000 accounts whose keys were seen, one signed request each, durable before 201, blocks sealed meanwhile.";

    public override double? TargetRatio => 0.7;

    public override string LimitName => "B";

    /// <summary>B, with V as it was beside the figure.</summary>
    public override double? Limit(Session session) => session.Limits.B(StoreBatches.Requests, session.Purchases.Checks);

    public override Measurement Measure(Session session) => new(session.Purchases.Rates, session.Purchases.RateNotes);
}
