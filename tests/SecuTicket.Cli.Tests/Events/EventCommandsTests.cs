using System.Text.Json;

namespace SecuTicket.Cli.Tests.Events;

[Collection(WithNode.Name)]
public sealed class EventCommandsTests(RunningNode node)
{
    [Fact]
    public async Task Every_rule_of_resale_has_an_option_and_an_update_keeps_what_it_does_not_name()
    {
        var created = await node.Organiser.DoAsync(
            "event", "create", "--name", "Ruled", "--venue", "Hall 2", "--session", "2027-08-01 20:00", "--time-zone", "Europe/Paris", "--sale-opens-at", "2026-01-01",
            "--seller", node.FansAddress, "--gate", node.OthersAddress, "--gate", node.FansAddress, "--transfer", "forbidden", "--resale", "capped", "--max-price-percent", "120",
            "--commission-percent", "7", "--commission-to", node.OthersAddress, "--reseller", node.FansAddress, "--max-resales", "2", "--resale-opens-at", "2026-02-01T00:00Z",
            "--resale-closes-at", "1813082400", "--refund-percent", "80", "--refund-until", "2027-07-01", "--no-wait");
        var id = created["event_id"];
        var expected = $$"""
            {"transfer":"forbidden","resale":"capped","max_price_percent":120,"commission_percent":7,"commission_to":"{{node.OthersAddress}}","return":{"refund_percent":80,"until":1814400000},
             "resellers":["{{node.FansAddress}}"],"max_resales":2,"opens_at":1769904000,"closes_at":1813082400}
            """;

        await node.Organiser.DoAsync("event", "update", id, "--gate", node.FansAddress);
        var first = JsonElement.Parse((await node.Fan.DoAsync("event", "show", id, "--json")).Output);
        JsonElement.DeepEquals(first.GetProperty("resale"), JsonElement.Parse(expected)).Should().BeTrue("it is {0}", first.GetProperty("resale"));
        first.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).Should().Equal(node.FansAddress);
        first.GetProperty("sellers").EnumerateArray().Select(seller => seller.GetString()).Should().Equal(node.FansAddress);
        first.GetProperty("sale_opens_at").GetInt64().Should().Be(1767225600);

        await node.Organiser.DoAsync("event", "update", id, "--max-price-percent", "125", "--transfer", "allowed");
        var second = JsonElement.Parse((await node.Fan.DoAsync("event", "show", id, "--json")).Output);
        var kinder = expected.Replace("_percent\":120", "_percent\":125").Replace("forbidden", "allowed");
        JsonElement.DeepEquals(second.GetProperty("resale"), JsonElement.Parse(kinder)).Should().BeTrue("it is {0}", second.GetProperty("resale"));

        (await node.Organiser.RunAsync("event", "update", id, "--gate", node.FansAddress, "--no-gates")).ExitCode.Should().Be(2);
        await node.Organiser.DoAsync("event", "update", id, "--no-gates", "--no-sellers");
        var third = JsonElement.Parse((await node.Fan.DoAsync("event", "show", id, "--json")).Output);
        (third.GetProperty("gates").GetArrayLength(), third.GetProperty("sellers").GetArrayLength()).Should().Be((0, 0), "a gate that was lost can be taken off");

        var shown = await node.Fan.DoAsync("event", "show", id);
        (shown["organiser_name"], shown["organiser_status"]).Should().Be(("unverified", "unverified"));
        (shown["resale"], shown["commission"], shown["resale_closes_at"], shown["max_resales"]).Should().Be(("capped at 125 % of the face price", $"7 % to {node.OthersAddress}", "2027-06-15 18:00:00 UTC", "2"));
    }

    [Fact]
    public async Task An_update_keeps_what_another_one_changed_that_waits_for_its_block()
    {
        using var network = new ScriptedNode(request => (200, "application/json", request.Path == $"/events/{node.EventId}?pending=true"
            ? """{"resale":{"transfer":"allowed","resale":"capped","max_price_percent":130,"commission_percent":5}}"""
            : """{"transaction_id":"85cc","status":"pending"}"""));
        using var machine = new Machine { Network = network };
        await machine.OpenWalletAsync();

        await machine.DoAsync("event", "update", node.EventId, "--max-resales", "3", "--no-wait");

        var resale = JsonElement.Parse(network.Requests[^1].Body).GetProperty("resale");
        (resale.GetProperty("max_price_percent").GetInt64(), resale.GetProperty("max_resales").GetInt64()).Should().Be((130, 3));
    }

    [Fact]
    public async Task Events_are_listed_cancelled_and_counted()
    {
        var created = await node.Organiser.DoAsync("event", "create", "--name", "Short", "--venue", "Hall 3", "--session", "2027-09-01 20:00", "--no-wait");

        (await node.Fan.RunAsync("event", "cancel", created["event_id"])).Error.Should().StartWith("not_organiser: ");
        (await node.Organiser.DoAsync("event", "cancel", created["event_id"])).Text.Should().Contain("is cancelled, in block");
        (await node.Fan.DoAsync("event", "show", created["event_id"]))["cancelled"].Should().Be("yes");
        (await node.Fan.DoAsync("event", "list")).Text.Should().StartWith("event_id\tname\t").And.Contain($"{created["event_id"]}\tShort\tHall 3\t2027-09-01 20:00\t0\t0\n");
        (await node.Fan.DoAsync("event", "stats", node.EventId))["issued"].Should().Be($"{RunningNode.Seats}");
    }

    [Fact]
    public async Task A_day_that_does_not_exist_is_the_nodes_to_refuse()
    {
        var refused = await node.Organiser.RunAsync("event", "create", "--name", "Never", "--venue", "Hall", "--session", "2027-02-30 20:00");

        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Error.Should().StartWith("invalid_field: ").And.Contain("2027-02-30");
    }
}
