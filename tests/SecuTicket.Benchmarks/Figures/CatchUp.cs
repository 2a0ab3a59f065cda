namespace SecuTicket.Benchmarks.Figures;

/// <summary>Catching up by a block that nobody here has seen.</summary>
internal sealed class CatchUpBytesUnknown : Figure
{
    public override string Name => "catch_up_bytes_unknown";

    public override string Unit => "bytes";

    public override string About => "Bytes both ways, HTTP heads included, for resolving one block of 100 unknown transactions on a chain of 10,000 blocks.";

    public override bool LowerIsBetter => true;

    public override double? Target => 45 * 1024;

    public override Measurement Measure(Session session) => new(session.CatchUp.UnknownBytes, $"the node says it fetched {session.CatchUp.Fetched}");
}

/// <summary>Catching up by a block whose transactions came before it.</summary>
internal sealed class CatchUpBytesKnown : Figure
{
    public override string Name => "catch_up_bytes_known";

    public override string Unit => "bytes";

    public override string About => "Bytes both ways, HTTP heads included, for resolving one block of 100 transactions that wait here, on a chain of 10,000 blocks.";

    public override bool LowerIsBetter => true;

    public override double? Target => 2 * 1024;

    public override Measurement Measure(Session session) => new(session.CatchUp.KnownBytes);
}

/// <summary>How long catching up by a block takes.</summary>
internal sealed class CatchUpTime : Figure
{
    public override string Name => "catch_up_time";

    public override string Unit => "ms";

    public override string About => "From the wish to resolve to the durable block, of 100 unknown transactions on a chain of 10,000 blocks.";

    public override bool LowerIsBetter => true;

    public override double? Target => 100;

    public override Measurement Measure(Session session) => new(session.CatchUp.UnknownTimes, $"with transactions that wait: {new Measurement(session.CatchUp.KnownTimes).Median:0.0} ms (median)");
}

/// <summary>What announcing a block costs.</summary>
internal sealed class BlockRelayBytes : Figure
{
    public override string Name => "block_relay_bytes_per_transaction";

    public override string Unit => "bytes";

    public override string About => "Bytes both ways, HTTP heads included, from one node to the next for a block of 1,000 transactions that wait at both, by transaction.";

    public override bool LowerIsBetter => true;

    public override double? Target => 10;

    public override Measurement Measure(Session session) => new(session.CatchUp.RelayedBytes);
}
