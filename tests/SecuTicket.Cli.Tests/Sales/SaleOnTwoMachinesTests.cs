namespace SecuTicket.Cli.Tests.Sales;

/// <summary>The official sale (S1.6, S1.7): the seller's machine reaches a node, the one with the event's key none.</summary>
[Collection(WithNode.Name)]
public sealed class SaleOnTwoMachinesTests(RunningNode node) : IDisposable
{
    private const string NoNode = "http://127.0.0.1:1";
    private readonly string _file = $"sale-{Guid.NewGuid():N}.json";

    public void Dispose()
    {
        foreach (var machine in new[] { node.Organiser, node.Safe }) File.Delete(machine.PathOf(_file));
    }

    [Fact]
    public async Task A_half_signed_sale_is_saved_carried_completed_and_posted()
    {
        var ticket = node.NextTicket();
        var saved = await node.Organiser.DoAsync("ticket", "sell", ticket, "--to", node.FansAddress, "--price", "4200", "--reference", "till 7", "--out", _file, "--chain-id", "secuticket-dev", "--node", NoNode);
        saved["seller"].Should().Be($"{node.OrganisersAddress} (signed)");
        saved.Error.Should().Contain("the signature of the event's key is missing").And.Contain("secuticket ticket countersign ");

        var early = await node.Organiser.RunAsync("ticket", "sell", "--post", _file);
        early.ExitCode.Should().Be(ExitCode.Refused);
        early.Error.Should().StartWith("event_signature_missing: ").And.Contain(node.EventKeysAddress);

        Carry(node.Organiser, node.Safe);
        var signed = await node.Safe.DoAsync("ticket", "countersign", _file, "--node", NoNode);
        (signed["ticket_id"], signed["recipient"], signed["price"], signed["reference"], signed["event_key"])
            .Should().Be((ticket, node.FansAddress, "4200", "till 7", $"{node.EventKeysAddress} (signed)"));
        signed.Error.Should().Contain("both signatures are there").And.Contain("ticket sell --post");

        Carry(node.Safe, node.Organiser);
        (await node.Organiser.DoAsync("ticket", "sell", "--post", _file)).Text.Should().StartWith($"Ticket {ticket} is sold to {node.FansAddress}, in block ");
        (await node.Fan.DoAsync("ticket", "show", ticket))["owner"].Should().Be(node.FansAddress);
    }

    [Fact]
    public async Task The_file_is_exactly_what_the_route_takes_and_the_event_key_may_sign_first()
    {
        var ticket = node.NextTicket();
        await node.Safe.DoAsync("ticket", "sell", ticket, "--to", node.FansAddress, "--seller", node.OrganisersAddress, "--out", _file, "--chain-id", "secuticket-dev");
        var early = await node.Safe.RunAsync("ticket", "sell", "--post", _file, "--node", NoNode);
        early.ExitCode.Should().Be(ExitCode.Refused);
        early.Error.Should().StartWith("signature_missing: ").And.Contain($"the seller {node.OrganisersAddress} is missing").And.Contain(node.EventKeysAddress);

        Carry(node.Safe, node.Organiser);
        await node.Organiser.DoAsync("ticket", "countersign", _file);

        using var body = new ByteArrayContent(File.ReadAllBytes(node.Organiser.PathOf(_file)));
        body.Headers.ContentType = new("application/json");
        using var answer = await node.Http.PostAsync("/tickets/sell", body);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Countersigning_may_post_at_once_and_both_wallets_may_be_on_one_machine()
    {
        var (first, second) = (node.NextTicket(), node.NextTicket());
        Carry(node.Safe, node.Organiser, ".config/secuticket/wallet.pem", "event.pem");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(node.Organiser.PathOf("event.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await node.Organiser.DoAsync("ticket", "sell", first, "--to", node.FansAddress, "--event-wallet", "event.pem", "--no-wait");
        await node.Organiser.DoAsync("ticket", "sell", second, "--to", node.FansAddress, "--out", _file);
        (await node.Organiser.DoAsync("ticket", "countersign", _file, "--post", "--wallet", "event.pem")).Text.Should().Contain("is sold to");

        (await node.Fan.DoAsync("ticket", "show", first))["owner"].Should().Be(node.FansAddress);
    }

    [Fact]
    public async Task The_wrong_second_signature_is_named_by_the_node()
    {
        await node.Organiser.DoAsync("ticket", "sell", node.NextTicket(), "--to", node.FansAddress, "--out", _file);
        Carry(node.Organiser, node.Fan);

        var refused = await node.Fan.RunAsync("ticket", "countersign", _file, "--post");

        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Error.Should().StartWith("event_signature_missing: ").And.Contain(node.FansAddress).And.Contain(node.EventKeysAddress);
    }

    private void Carry(Machine from, Machine to) => Carry(from, to, _file, _file);

    private static void Carry(Machine from, Machine to, string name, string other) => File.Copy(from.PathOf(name), to.PathOf(other), overwrite: true);
}
