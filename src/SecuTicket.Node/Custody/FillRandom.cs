namespace SecuTicket.Node.Custody;

/// <summary>Fills a span with random bytes. Passed in so that a simulation can repeat a run from its seed; otherwise the platform's.</summary>
public delegate void FillRandom(Span<byte> destination);
