namespace SecuTicket.Benchmarks.Figures;

/// <summary>How long a buyer waits while the node is half busy.</summary>
internal sealed class PurchaseLatency : Figure
{
    public override string Name => "purchase_latency_p99";

    public override string Unit => "ms";

    public override string About => "99 % of purchases are durable and answered within; they come like independent people at half the rate of purchase_http, latency from when each was due.";

    public override bool LowerIsBetter => true;

    public override double? Target => 25;

    public override Measurement Measure(Session session) => new(session.Purchases.Latencies, session.Purchases.LatencyNotes);
}

/// <summary>How long the collector stops everybody.</summary>
internal sealed class GcPauseMax : Figure
{
    public override string Name => "gc_pause_max";

    public override string Unit => "ms";

    public override string About => "The longest that a garbage collection stopped the node while it sold tickets over HTTP, its start and its busiest time included.";

    public override bool LowerIsBetter => true;

    public override double? Target => 10;

    public override Measurement Measure(Session session) => new([session.Purchases.Pause], $"one node, {session.Purchases.LoadedFor:0} s of load: a maximum has no median");
}
