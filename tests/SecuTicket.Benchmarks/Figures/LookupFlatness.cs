namespace SecuTicket.Benchmarks.Figures;

/// <summary>Reading a ticket must not cost more because there are many.</summary>
internal sealed class LookupFlatness : Figure
{
    public override string Name => "lookup_flatness";

    public override string Unit => "times";

    public override string About => "Median time of GET /tickets/{id}, POST /tickets/verify and GET /tickets/{id}/history (last 10) with 1,000,000 tickets by that with 1,000, the worst of the three; one connection.";

    public override bool LowerIsBetter => true;

    public override double? Target => 1.3;

    public override Measurement Measure(Session session) => new(session.Lookups.Flatness, session.Lookups.FlatnessNotes);
}
