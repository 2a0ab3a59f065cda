using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A thousand buyers at once for one seat: exactly one wins, the others hear so at once, and no money is lost or made.</summary>
[Trait("Length", "longer")]
public sealed class HotSaleTests
{
    private const int Buyers = 1_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_thousand_buyers_of_one_seat_one_wins(bool isResale)
    {
        using var scenario = await WritesScenario.OpenAsync(resale: new { commission_percent = 7 });
        var (node, ticket) = (scenario.Node, scenario.Tickets[0]);
        var buyers = Enumerable.Range(0, Buyers).Select(i => node.OwnAccount($"buyer {i}")).ToArray();
        using var authority = Wallet.ExchangeAuthority();
        await BatchAsync(scenario, buyers.Select((buyer, i) => scenario.Sign(authority, "top_up", new { recipient = buyer.Id, amount = 6_000, reference = $"buyer {i}" })));
        if (isResale)
        {
            await scenario.BuyAsync(scenario.Fan, ticket);
            await scenario.PostAsync(scenario.Fan, "list_ticket", new { ticket_id = ticket, price = 4_999 });
        }

        await node.SealAsync();
        var supply = scenario.Snapshot.Chain.Ledger.Supply;
        var (fan, organiser) = (scenario.BalanceOf(scenario.Fan), scenario.BalanceOf(scenario.Organiser));
        var wishes = buyers.Select(buyer => scenario.Sign(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 })).ToArray();

        var answers = await Task.WhenAll(wishes.Select(wish => Task.Run(() => node.Api.SendAsync(HttpMethod.Post, "/tickets/purchase", wish))));

        var winner = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        winner.Should().NotBe(-1);
        foreach (var (answer, i) in answers.Select((answer, i) => (answer, i)))
        {
            using (answer)
                if (i != winner) await answer.ShouldBeProblemAsync(HttpStatusCode.Conflict, "ticket_not_available");
        }

        scenario.TicketOf(ticket).Owner.Should().Be(buyers[winner].Address);
        scenario.Snapshot.Pending.Count.Should().Be(1, "a loser leaves no trace");
        await node.SealAsync();

        var price = isResale ? 4_999 : 5_000;
        var commission = isResale ? 349 : 0;
        for (var i = 0; i < Buyers; i++) scenario.BalanceOf(buyers[i]).Should().Be(i == winner ? 6_000 - price : 6_000);
        scenario.BalanceOf(scenario.Fan).Should().Be(fan + (isResale ? price - commission : 0));
        scenario.BalanceOf(scenario.Organiser).Should().Be(organiser + (isResale ? commission : price));
        var ledger = scenario.Snapshot.Chain.Ledger;
        ledger.Supply.Should().Be(supply + node.Node.Spec.Reward);
        ledger.Balances.Sum(entry => entry.Value).Should().Be(ledger.Supply);
    }

    private static async Task BatchAsync(WritesScenario scenario, IEnumerable<JsonValue> lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await scenario.Node.Api.Http.PostAsync("/transactions/batch", content);
        foreach (var line in (await answer.Content.ReadAsStringAsync()).TrimEnd().Split('\n'))
            JsonDocument.Parse(line).RootElement.GetProperty("status").GetString().Should().Be("pending");
    }
}
