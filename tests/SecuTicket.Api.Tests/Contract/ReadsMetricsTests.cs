using System.Globalization;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsMetricsTests
{
    [Fact]
    public async Task The_node_measures_its_chain_its_ledger_and_its_work()
    {
        using var concert = await Concert.StartAsync(seats: 3);
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        concert.Node.Clock.Advance(TimeSpan.FromSeconds(42));

        var text = await concert.Api.Http.GetStringAsync("/metrics");

        Value("secuticket_chain_height").Should().Be(1);
        Value("secuticket_final_height").Should().Be(0);
        Value("secuticket_chain_weight").Should().Be(65_536);
        Value("secuticket_tip_age_seconds").Should().Be(42);
        Value("secuticket_pending_transactions").Should().Be(1);
        Value("secuticket_pending_bytes").Should().BeInRange(300, 600);
        Value("secuticket_events").Should().Be(1);
        Value("secuticket_tickets").Should().Be(3);
        Value("secuticket_accounts").Should().Be(4, "three have coins and the sealer has a reward");
        Value("secuticket_supply_minor_units").Should().Be(300_100);
        Value("secuticket_kept_accounts").Should().Be(concert.Node.Node.Accounts.Count);
        Value("secuticket_hashes_tried_total").Should().BeGreaterThan(0);
        Value("secuticket_queued_commands").Should().Be(0);
        Value("secuticket_stream_listeners").Should().Be(0);
        Value("secuticket_ready").Should().Be(1);
        text.Should().Contain("# TYPE secuticket_hashes_tried_total counter").And.Contain("# TYPE secuticket_chain_height gauge").And.NotContain("secuticket_validator");

        double Value(string name) => ValueOf(text, name);
    }

    [Fact]
    public async Task A_validators_node_measures_what_its_operator_watches()
    {
        using var stage = new StakeStage();
        await stage.UntilFinalAsync(3);
        var text = await stage.Api.Http.GetStringAsync("/metrics");
        ValueOf(text, "secuticket_final_height").Should().Be((await stage.Api.GetAsync("/info")).GetProperty("final").GetProperty("index").GetInt64()).And.BeGreaterThanOrEqualTo(3);
        ValueOf(text, "secuticket_validator_slashed").Should().Be(0);
        var missed = ValueOf(text, "secuticket_validator_missed_slots");

        // All slots are its own: those that pass are missed as soon as a block follows.
        stage.Node.Clock.Advance(TimeSpan.FromMilliseconds(5 * StakeStage.SlotTime));
        await stage.SealAsync();

        text = await stage.Api.Http.GetStringAsync("/metrics");
        ValueOf(text, "secuticket_validator_missed_slots").Should().BeGreaterThanOrEqualTo(missed + 4);
        ValueOf(text, "secuticket_validator_missed_slots").Should().Be((await stage.Api.GetAsync("/validators")).GetProperty("items")[0].GetProperty("missed").GetInt64());
    }

    private static double ValueOf(string text, string name) =>
        double.Parse(text.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
}
