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
        text.Should().Contain("# TYPE secuticket_hashes_tried_total counter").And.Contain("# TYPE secuticket_chain_height gauge");

        double Value(string name) =>
            double.Parse(text.Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
