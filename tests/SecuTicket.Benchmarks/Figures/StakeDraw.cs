using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>Whose slot it is.</summary>
internal sealed class StakeDraw : Figure
{
    private const int Validators = 10_000;
    private const int Batch = 1_000;

    public override string Name => "stake_draw";

    public override string Unit => "us";

    public override string About => $"Microseconds of one core to draw the forger of a slot among {Validators:N0} validators.";

    public override bool LowerIsBetter => true;

    public override double? Target => 5;

    public override Measurement Measure(Session session)
    {
        var random = new Random(6);
        var accounts = new Address[Validators];
        var bytes = new byte[Address.Size];
        for (var i = 0; i < accounts.Length; i++)
        {
            random.NextBytes(bytes);
            accounts[i] = new Address(bytes);
        }

        var table = new StakeTable(0, [.. accounts.Order().Select(account => KeyValuePair.Create(account, random.NextInt64(1, 1_000_000_000)))]);
        var seed = Hash256.Sha256([6]);
        var (slot, drawn) = (0L, 0L);
        var rates = Repeated.Rates(session, 0.5, () =>
        {
            for (var i = 0; i < Batch; i++) drawn += table.Draw(seed, slot++).GetHashCode() & 1;
            return Batch;
        });
        return new Measurement([.. rates.Select(static rate => 1_000_000 / rate)], $"{slot:N0} slots were drawn, {(double)drawn / slot:P0} of them with an odd hash code");
    }
}
