using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Demo;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Tests.Contract;

[Trait("Length", "longer")]
public sealed class DemoTests
{
    [Fact] // S0.11, S0.14
    public async Task The_walk_prints_each_step_and_the_history_of_the_ticket_that_changed_hands()
    {
        using var node = new NodeFactory();

        var lines = await WalkAsync(node);

        var history = lines.SkipWhile(line => !line.StartsWith("  history of ticket", StringComparison.Ordinal)).Skip(1).Take(4)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        history.Should().Equal(
            "block 3 unsold organiser issue_tickets 50.00 EUR",
            "block 4 sold fan A purchase_ticket 50.00 EUR",
            "block 5 unsold organiser return_ticket 50.00 EUR",
            "block 6 sold fan B purchase_ticket 50.00 EUR");
        lines.Should().Contain(line => line.EndsWith("the gate reads valid", StringComparison.Ordinal));
        lines.Should().Contain(line => line.EndsWith("the gate reads already_redeemed", StringComparison.Ordinal));
        lines.Should().Contain(line => line.Contains("offers it for 55.00 EUR"));
        var ledger = node.Node.Snapshot.Chain.Ledger;
        ledger.Tickets.Count.Should().Be(200);
        ledger.Tickets.Select(ticket => ticket.Value.Session).Distinct().Should().BeEquivalentTo([0, 1]);
        ledger.Tickets.Count(ticket => ticket.Value.Status == TicketStatus.Redeemed).Should().Be(1);
        (await node.Node.ValidateAsync()).Value.Refusal.Should().BeNull();
    }

    [Fact]
    public async Task The_secrets_it_prints_work()
    {
        using var node = new NodeFactory();
        var lines = await WalkAsync(node);

        var accounts = lines.Where(line => line.Contains("  secret ")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();

        accounts.Should().HaveCount(5, "an organiser, a gate and three fans");
        foreach (var words in accounts)
        {
            Core.Primitives.Address.TryParse(words[^3], out var address).Should().BeTrue();
            using var wallet = Wallet.Kept(address, words[^1]);
            await node.Api.PostAsync("/transactions", wallet, "record", new { data = 1 });
        }
    }

    [Fact]
    public async Task A_second_start_prints_what_is_there_and_changes_nothing()
    {
        using var folder = new SpecFolder("{}");
        var data = Path.Combine(Path.GetDirectoryName(folder.File)!, "data");
        string? printed;
        using (var node = new NodeFactory(folder: data)) printed = (await WalkAsync(node)).Single(line => line.StartsWith("  history of ticket", StringComparison.Ordinal));

        using var again = new NodeFactory(folder: data);
        var (tip, accounts) = (again.Node.Snapshot.Tip.Hash, again.Node.Accounts.Count);
        var lines = await WalkAsync(again);

        lines[0].Should().Contain("already");
        lines.Should().Contain(line => line.Contains("200 tickets") && line.Contains("198 unsold") && line.Contains("1 redeemed"));
        lines.Should().Contain(printed);
        lines.Should().Contain(line => line.Contains("return_ticket"));
        lines.Should().NotContain(line => line.Contains("secret "));
        again.Node.Snapshot.Tip.Hash.Should().Be(tip);
        again.Node.Accounts.Count.Should().Be(accounts);
    }

    [Fact]
    public async Task Where_no_money_can_come_in_it_says_so()
    {
        using var folder = new SpecFolder(SpecFolder.Effortless);
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);

        var lines = await WalkAsync(node);

        lines.Should().ContainSingle().Which.Should().Contain("--Node:ExchangeKeyFile");
        node.Node.Snapshot.Tip.Index.Should().Be(0);
    }

    [Fact]
    public async Task A_refused_step_ends_it_in_a_sentence()
    {
        using var node = new NodeFactory();
        await node.Api.PostAsync($"/accounts/{node.KeepAccount().Id}/top-up", """{"amount":9007199254740991,"reference":"all there can be"}""");

        var lines = await WalkAsync(node);

        lines[^1].Should().StartWith("The demo ends here.").And.Contain("supply_exceeded");
        (await node.Api.GetAsync("/info")).GetProperty("height").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task A_stop_of_the_node_ends_it_in_a_sentence()
    {
        using var node = new NodeFactory();
        using var output = new StringWriter();

        await node.Services.GetRequiredService<DemoWalk>().RunAsync(output, new CancellationToken(canceled: true));

        output.ToString().TrimEnd().Should().EndWith("The demo ends here: the node stops.");
        node.Node.Snapshot.Tip.Index.Should().Be(0);
    }

    [Fact]
    public async Task The_season_shows_events_on_sale_sold_out_and_cancelled_and_a_second_start_adds_nothing()
    {
        using var node = new NodeFactory();

        var (first, second) = (await SeasonAsync(node), await SeasonAsync(node));

        (first.Length, second.Length).Should().Be((1, 0));
        var ledger = node.Node.Snapshot.Chain.Ledger;
        var events = ledger.Events.Select(entry => entry.Value).ToArray();
        events.Should().HaveCount(4).And.ContainSingle(terms => terms.Cancelled);
        var sold = events.ToDictionary(terms => terms.Name, terms => ledger.Tickets.Where(ticket => ledger.Events.Find(ticket.Value.Event)!.Name == terms.Name).ToLookup(ticket => ticket.Value.Status));
        sold["Chamber Recital"][TicketStatus.Unsold].Should().BeEmpty();
        sold[DemoSeason.FirstName].Select(group => group.Key).Order().Should().Equal(TicketStatus.Unsold, TicketStatus.Sold, TicketStatus.Listed);
        (await node.Node.ValidateAsync()).Value.Refusal.Should().BeNull();
    }

    [Fact]
    public async Task A_node_that_walks_it_at_start_stops_when_told_to_and_starts_again()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-demo-");
        try
        {
            for (var i = 0; i < 2; i++)
            {
                await using var node = await NodeUnderTest.StartAsync(folder.FullName, "--demo");
                (await node.TerminateAsync()).Should().Be(0, "{0}", node.Output);
                node.Output.Should().NotContain("   at ");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<string[]> WalkAsync(NodeFactory node) => PrintedAsync(node.Services.GetRequiredService<DemoWalk>().RunAsync);

    private static Task<string[]> SeasonAsync(NodeFactory node) => PrintedAsync(node.Services.GetRequiredService<DemoSeason>().RunAsync);

    private static async Task<string[]> PrintedAsync(Func<TextWriter, CancellationToken, Task> run)
    {
        using var output = new StringWriter();
        await run(output, CancellationToken.None);
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
