namespace SecuTicket.Benchmarks.Figures;

/// <summary>Someone looks at a ticket.</summary>
internal sealed class LookupHttp : Figure
{
    public override string Name => "lookup_http";

    public override string Unit => "lookups/s";

    public override string About => "GET /tickets/{id} of tickets drawn at random from 1,000,000 that were issued and sold.";

    public override double? TargetRatio => 0.7;

    public override string LimitName => "H";

    /// <summary>H as it was in turns with the figure.</summary>
    public override double? Limit(Session session) => Statistics.Median(session.Lookups.Limits);

    public override Measurement Measure(Session session) => new(session.Lookups.Rates, session.Lookups.RateNotes);
}
