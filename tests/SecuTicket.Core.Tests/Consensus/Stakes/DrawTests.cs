using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>S4.8, S4.16: the forger is drawn in proportion to stake, whatever the amounts are.</summary>
public class DrawTests
{
    private const int Draws = 10_000;

    // Chi-squared at which one in a thousand right draws is refused, for 1 and 2 degrees of freedom.
    private const double Bound1 = 10.83;
    private const double Bound2 = 13.82;

    private static readonly Hash256 Seed = Hash256.Sha256("a seed"u8);

    [Theory] // S4.16
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(4_000_000_000_000_000)]
    public void Of_two_equal_stakers_each_is_drawn_half_of_the_times(long amount) =>
        ChiSquared(Drawn(Table(amount, amount)), 1, 1).Should().BeLessThan(Bound1);

    [Theory]
    [InlineData(1)]
    [InlineData(900_000_000_000_000)]
    public void Of_stakes_as_1_to_2_to_7_each_is_drawn_so_often(long unit) =>
        ChiSquared(Drawn(Table(unit, 2 * unit, 7 * unit)), 1, 2, 7).Should().BeLessThan(Bound2);

    [Fact]
    public void The_bounds_refuse_a_draw_that_favours_one_of_two_by_two_in_a_hundred()
    {
        ChiSquared(Drawn(Table(52, 48)), 1, 1).Should().BeGreaterThan(Bound1);
        ChiSquared(Drawn(Table(12, 20, 68)), 1, 2, 7).Should().BeGreaterThan(Bound2);
    }

    [Fact]
    public void Each_slot_and_each_seed_draws_anew()
    {
        var table = Table(1, 1);
        var other = Hash256.Sha256("another"u8);

        Enumerable.Range(0, 200).Count(slot => table.Draw(Seed, slot) == table.Draw(other, slot)).Should().BeInRange(60, 140);
        Enumerable.Range(0, 200).Count(slot => table.Draw(Seed, slot) == table.Draw(Seed, slot + 1)).Should().BeInRange(60, 140);
    }

    // Computed elsewhere: int.from_bytes(sha256(seed + slot(8) + tries(4))[:8], "big") % 300.
    [Fact]
    public void The_draw_is_what_the_protocol_says()
    {
        var table = Table(100, 100, 100);
        var accounts = table.Accounts.ToArray();
        int[] places = [57, 12, 180, 258, 107, 173];

        Enumerable.Range(0, 6).Select(slot => table.Draw(Seed, slot)).Should().Equal(places.Select(place => accounts[place / 100]));
    }

    // Of this total 2,049 go into 2^64 less a little: one draw in 2,049 falls beyond the last whole multiple, in slot 663 the first.
    [Theory]
    [InlineData(0, 1_555_439_920_218_209)]
    [InlineData(663, 557_985_023_595_823)]
    [InlineData(1_083, 2_027_340_380_025_929)]
    public void What_would_favour_the_first_accounts_is_drawn_again(long slot, long place)
    {
        const long total = 9_002_803_354_665_472;
        var (first, second) = (Named(0), Named(1));

        // Whose the place is changes between these two tables, so it is that place.
        new StakeTable(0, [new(first, place + 1), new(second, total - place - 1)]).Draw(Seed, slot).Should().Be(first);
        new StakeTable(0, [new(first, place), new(second, total - place)]).Draw(Seed, slot).Should().Be(second);
    }

    [Fact]
    public void Each_minor_unit_is_its_owners()
    {
        var table = Table(3, 1, 2);

        Enumerable.Range(0, 6).Select(place => table.At(place)).Should().Equal(Named(0), Named(0), Named(0), Named(1), Named(2), Named(2));
        (table.Total, table.Count).Should().Be((6, 3));
        (table.AmountOf(Named(0)), table.AmountOf(Named(1)), table.AmountOf(Named(2)), table.AmountOf(Named(3))).Should().Be((3, 1, 2, 0));
        Table(5).At(4).Should().Be(Named(0));
    }

    [Fact]
    public void A_table_is_in_order_and_has_stakes()
    {
        var (first, second) = (Named(0), Named(1));

        Making([]).Should().Throw<ArgumentException>();
        Making([new(second, 1), new(first, 1)]).Should().Throw<ArgumentException>();
        Making([new(first, 1), new(first, 1)]).Should().Throw<ArgumentException>();
        Making([new(first, 0)]).Should().Throw<ArgumentException>();
        Making([new(first, long.MaxValue), new(second, 1)]).Should().Throw<OverflowException>();
        Table(1, 2).Equals(Table(1, 2)).Should().BeTrue();
        Table(1, 2).Equals(Table(2, 1)).Should().BeFalse();

        static Action Making(KeyValuePair<Address, long>[] stakes) => () => _ = new StakeTable(0, stakes);
    }

    private static Address Named(int place)
    {
        var bytes = new byte[Address.Size];
        bytes[0] = (byte)(place + 1);
        return new Address(bytes);
    }

    private static StakeTable Table(params long[] amounts) => new(0, [.. amounts.Select((amount, place) => KeyValuePair.Create(Named(place), amount))]);

    private static int[] Drawn(StakeTable table)
    {
        var counts = new int[table.Count];
        for (var slot = 0; slot < Draws; slot++) counts[table.Draw(Seed, slot).Span[0] - 1]++;
        return counts;
    }

    private static double ChiSquared(int[] counts, params double[] parts) =>
        counts.Select((count, i) => Draws * parts[i] / parts.Sum() is var expected ? (count - expected) * (count - expected) / expected : 0).Sum();
}
