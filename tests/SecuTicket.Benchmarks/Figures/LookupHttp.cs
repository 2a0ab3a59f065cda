namespace SecuTicket.Benchmarks.Figures;

/// <summary>Someone looks at a ticket.</summary>
internal sealed class LookupHttp : Figure
{
    public override string Name => "lookup_http";

    public override string Unit => "lookups/s";

    public override string About => "GET /tickets/{id} of tickets drawn at random from 1,000,000 that were issued and sold.";

    public override double? TargetRatio => 0.7;

    public override string LimitName => "H";

    public override double? Limit(Session session) => session.Limits.H(HttpExchange.Lookup);

    public override Measurement Measure(Session session) => new(session.Lookups.Rates, session.Lookups.RateNotes);
}
