using System.Net.Http.Json;
using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Tests.Tickets;

[Collection(WithNode.Name)]
public sealed class TicketCommandsTests(RunningNode node)
{
    [Fact]
    public async Task A_write_waits_for_its_block_and_says_what_happened()
    {
        var ticket = node.NextTicket();

        var bought = await node.Fan.DoAsync("ticket", "buy", ticket);

        bought.Text.Should().MatchRegex($"^Ticket {ticket} is yours, for at most 5000, in block [0-9]+\\.\ntransaction_id\t[0-9a-f]{{64}}\n$");
        bought.Error.Should().BeEmpty();
        var shown = await node.Fan.DoAsync("ticket", "show", ticket);
        (shown["status"], shown["owner"], shown["seat"][..2]).Should().Be(("sold", node.FansAddress, "A-"));
        (await node.Fan.DoAsync("tickets")).Text.Should().Contain(ticket);
        (await node.Fan.DoAsync("transaction", bought["transaction_id"]))["status"].Should().Be("confirmed");
    }

    [Fact]
    public async Task A_ticket_changes_hands_under_the_events_rules()
    {
        var ticket = await node.NextTicketOfFanAsync();

        var above = await node.Fan.RunAsync("ticket", "list", ticket, "--price", "5501");
        above.ExitCode.Should().Be(ExitCode.Refused);
        above.Text.Should().BeEmpty();
        above.Error.Should().StartWith("price_above_cap: ").And.Contain("5500");

        (await node.Fan.DoAsync("ticket", "list", ticket, "--price", "5500", "--buyer", node.OthersAddress, "--no-wait")).Text.Should().StartWith("Accepted, and not in a block yet. Once it is: ");
        await node.Fan.DoAsync("ticket", "unlist", ticket, "--no-wait");
        await node.Fan.DoAsync("ticket", "list", ticket, "--price", "5500", "--no-wait");
        (await node.Other.RunAsync("ticket", "buy", ticket, "--max-price", "5499")).Error.Should().StartWith("price_above_max: ");
        await node.Other.DoAsync("ticket", "buy", ticket, "--no-wait");
        await node.Other.DoAsync("ticket", "give", ticket, "--to", node.FansAddress, "--no-wait");
        await node.Fan.DoAsync("ticket", "return", ticket);

        var history = (await node.Fan.DoAsync("ticket", "history", ticket)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[2]);
        history.Should().Equal("type", "issue_tickets", "purchase_ticket", "list_ticket", "unlist_ticket", "list_ticket", "purchase_ticket", "transfer_ticket", "return_ticket");
        (await node.Fan.DoAsync("ticket", "history", ticket, "--limit", "2")).Error.Should().Contain("There are more: --after ");
    }

    [Fact]
    public async Task A_ticket_is_redeemed_by_a_gate_and_revoked_by_the_organiser()
    {
        var (redeemed, revoked) = (await node.NextTicketOfFanAsync(), await node.NextTicketOfFanAsync());

        (await node.Fan.RunAsync("ticket", "redeem", redeemed)).Error.Should().StartWith("not_gate: ");
        await node.Other.DoAsync("ticket", "redeem", redeemed, "--no-wait");
        await node.Organiser.DoAsync("ticket", "revoke", revoked);

        (await node.Fan.DoAsync("event", "tickets", node.EventId, "--status", "redeemed")).Text.Should().Contain(redeemed).And.NotContain(revoked);
        (await node.Fan.DoAsync("event", "tickets", node.EventId, "--status", "revoked", "--session", "0")).Text.Should().Contain(revoked).And.NotContain(redeemed);
    }

    [Fact]
    public async Task More_seats_than_a_transaction_takes_become_several()
    {
        var created = await node.Organiser.DoAsync("event", "create", "--name", "Large", "--venue", "Field", "--session", "2027-07-01 18:00", "--no-wait");

        var issued = await node.Organiser.DoAsync("ticket", "issue", "--event", created["event_id"], "--seats", "0001..1001", "--seats", "Box", "--price", "100", "--no-wait");

        var lines = issued.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Count(line => line.StartsWith("transaction_id\t")).Should().Be(2);
        lines.Where(line => line.Contains('\t')).Select(line => line.Split('\t')[1]).Should().Contain(["0001", "1000", "1001", "Box"]).And.HaveCount(1_002 + 4);

        var again = await node.Organiser.RunAsync("ticket", "issue", "--event", created["event_id"], "--seats", "New,Box", "--price", "100");
        again.ExitCode.Should().Be(ExitCode.Refused);
        again.Error.Should().StartWith("ticket_exists: ");
        var halfway = await node.Organiser.RunAsync("ticket", "issue", "--event", created["event_id"], "--seats", "N1..N1000,Box", "--price", "100", "--no-wait");
        halfway.ExitCode.Should().Be(ExitCode.Refused);
        var several = (await node.Organiser.DoAsync("ticket", "issue", "--event", created["event_id"], "--seats", "M1..M1001", "--price", "100", "--no-wait", "--json")).Text.Split('\n');
        several.Select(answer => JsonElement.Parse(answer).GetProperty("ticket_ids").GetArrayLength()).Should().Equal(1_000, 1);
        halfway.Error.Should().Contain("1000 seats, up to N1000, were issued before; Box and what follows were not.");
    }

    [Fact]
    public async Task Tickets_that_are_in_no_block_yet_are_issued_all_the_same()
    {
        var posts = 0;
        using var network = new ScriptedNode(_ => ++posts switch
        {
            1 => (201, "application/json", """{"transaction_id":"85cc","status":"pending","ticket_ids":["11"]}"""),
            2 => (201, "application/json", """{"transaction_id":"85cd","status":"confirmed","block_index":4,"ticket_ids":["22"]}"""),
            _ => (422, "application/problem+json", """{"code":"ticket_exists","detail":"One is there."}"""),
        });
        using var machine = new Machine { Network = network, Clock = new SteppingClock() };
        await machine.OpenWalletAsync();

        var issued = await machine.RunAsync("ticket", "issue", "--event", node.EventId, "--seats", "A1..A1001", "--price", "100", "--wait", "20");

        issued.ExitCode.Should().Be(ExitCode.Pending);
        issued.Text.Should().Contain("11\tA1").And.Contain("22\tA1001");
        issued.Error.Should().Contain("secuticket transaction 85cc").And.NotContain("were not");
    }

    [Fact]
    public async Task A_gate_code_is_made_here_and_valid_there()
    {
        var ticket = await node.NextTicketOfFanAsync();

        var code = (await node.Fan.DoAsync("ticket", "code", ticket)).Text.TrimEnd('\n');

        using var answer = await node.Http.PostAsJsonAsync("/gate/scan", new { code, gate = node.OthersAddress });
        var judged = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        judged.GetProperty("result").GetString().Should().Be("valid");
    }

    [Fact]
    public async Task A_gate_code_needs_no_node_and_is_drawn_where_somebody_sees_it()
    {
        const string Ticket = "a9a86a47dd2d74bd202a9328745889a3";

        var offline = await node.Safe.DoAsync("ticket", "code", Ticket, "--chain-id", "secuticket-dev", "--node", "http://127.0.0.1:1");
        var code = GateCode.Parse(offline.Text.TrimEnd('\n')).Value;
        using var keys = new P256Verifier(1);
        keys.Verify(code.Key.Span, GateCode.Digest("secuticket-dev", code.Ticket, code.At).Span, code.Signature.Span).Should().BeTrue();
        code.Ticket.ToString().Should().Be(Ticket);

        var drawn = (await node.Safe.DoAsync("ticket", "code", Ticket, "--chain-id", "secuticket-dev", "--qr")).Text.TrimEnd('\n').Split('\n');
        // QR version 8 has 49 modules a side; 4 of margin on each; two rows of modules a line.
        drawn.Should().HaveCount(((49 + 8 + 1) / 2) + 1);
        drawn[..^1].Should().OnlyContain(line => line.Replace("\u001b[30;47m", string.Empty).Replace("\u001b[0m", string.Empty).Length == 49 + 8);
        drawn[^1].Should().StartWith("ST1:");
    }

    [Fact]
    public async Task Json_is_the_nodes_answer_byte_for_byte()
    {
        foreach (var (arguments, path) in new[]
        {
            (new[] { "event", "show", node.EventId }, $"/events/{node.EventId}"),
            (["event", "stats", node.EventId], $"/events/{node.EventId}/stats"),
            (["account", "0x7cf8b6a45a365a326c1e25254498891593da8143"], "/accounts/0x7CF8b6A45A365A326c1e25254498891593dA8143"),
            (["event", "tickets", node.EventId, "--status", "revoked", "--limit", "1000", "--session", "1"], $"/events/{node.EventId}/tickets?status=revoked&session=1&limit=1000"),
        })
        {
            // A block may come between the two.
            byte[] before, shown, after;
            do
            {
                before = await node.Http.GetByteArrayAsync(path);
                shown = (await node.Fan.DoAsync([.. arguments, "--json"])).Output;
                after = await node.Http.GetByteArrayAsync(path);
            }
            while (!before.AsSpan().SequenceEqual(after));

            shown.Should().Equal(before);
        }

        var refused = await node.Fan.RunAsync("ticket", "show", new string('0', 32), "--json");
        using var problem = await node.Http.GetAsync($"/tickets/{new string('0', 32)}");
        refused.ExitCode.Should().Be(ExitCode.Refused);
        refused.Output.Should().Equal(await problem.Content.ReadAsByteArrayAsync());
        refused.Error.Should().StartWith("not_found: ");
        (await node.Fan.RunAsync("ticket", "buy", new string('0', 32), "--json")).Should().BeEquivalentTo(new { ExitCode = ExitCode.Refused, refused.Output }, "its price was asked for first");

        var written = await node.Fan.DoAsync("ticket", "buy", node.NextTicket(), "--json", "--no-wait");
        JsonElement.Parse(written.Output).GetProperty("status").GetString().Should().Be("pending");
    }

    [Fact]
    public async Task No_key_leaves_the_machine()
    {
        using var machine = new Machine(node.Url);
        machine.Variables["SECUTICKET_PASSPHRASE"] = "a passphrase that stays";
        await machine.DoAsync("wallet", "new", "--encrypt");
        var pem = (await machine.DoAsync("wallet", "export", "--plain")).Text.Split('\n');
        var pkcs8 = Convert.FromBase64String(string.Concat(pem[1..^2]));
        // RFC 5915 inside RFC 5208: the scalar stands in an octet string of 32 bytes.
        var scalar = pkcs8.AsSpan(pkcs8.AsSpan().IndexOf(new byte[] { 0x04, 0x20 }) + 2, 32).ToArray();
        using var key = P256PrivateKey.FromScalar(scalar);
        var seen = new MemoryStream();
        using var tap = new Tap(seen);
        machine.Network = tap;

        await machine.RunAsync("top-up", "100000", "--no-wait");
        await machine.RunAsync("ticket", "buy", node.NextTicket(), "--no-wait");
        await machine.RunAsync("ticket", "code", new string('a', 32));
        await machine.RunAsync("event", "report", node.EventId);

        var wire = seen.ToArray();
        wire.Should().HaveCountGreaterThan(1_000);
        var text = System.Text.Encoding.Latin1.GetString(wire);
        text.Should().NotContain("a passphrase that stays").And.NotContain(Convert.ToHexStringLower(scalar)).And.NotContain(Convert.ToBase64String(scalar)[..40]).And.NotContain(pem[1]);
        wire.AsSpan().IndexOf(scalar).Should().Be(-1);
    }

    private sealed class Tap(Stream seen) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await seen.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{request.Method} {request.RequestUri}\n{request.Headers}\n"), cancellationToken);
            if (request.Content is not null) await seen.WriteAsync(await request.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
