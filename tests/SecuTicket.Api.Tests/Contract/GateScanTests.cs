using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Gate;

namespace SecuTicket.Api.Tests.Contract;

public sealed class GateScanTests
{
    [Fact] // S0.12
    public async Task A_holders_code_is_valid_and_shows_what_gate_staff_need_and_changes_nothing()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);
        await stage.Node.SealAsync();

        var kept = await stage.ScanAsync(await stage.KeptCodeAsync(stage.Fan, stage.Tickets[0]));
        var own = await stage.ScanAsync(Stage.CodeOf("own", stage.Tickets[1], stage.Node.Clock.Now).Format());

        kept.GetProperty("result").GetString().Should().Be("valid");
        kept.TryGetProperty("first", out _).Should().BeFalse();
        var ticket = kept.GetProperty("ticket");
        ticket.GetProperty("id").GetString().Should().Be(stage.Tickets[0]);
        ticket.GetProperty("event_id").GetString().Should().Be(stage.EventId);
        ticket.GetProperty("event_name").GetString().Should().Be("Opening night");
        ticket.GetProperty("session").GetInt32().Should().Be(0);
        ticket.GetProperty("date").GetString().Should().Be("2027-07-01");
        ticket.GetProperty("time").GetString().Should().Be("19:30");
        ticket.GetProperty("seat").GetString().Should().Be("A-1");
        ticket.GetProperty("status").GetString().Should().Be("sold");
        ticket.GetProperty("owner").GetString().Should().Be(stage.Fan.Id);
        own.GetProperty("result").GetString().Should().Be("valid");
        stage.Node.Node.Snapshot.Pending.Count.Should().Be(0, "a scan only judges");
    }

    [Fact]
    public async Task A_pending_purchase_is_valid_and_a_pending_entry_is_already_redeemed()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        var code = await stage.KeptCodeAsync(stage.Fan, stage.Tickets[0]);
        (await stage.ResultAsync(code)).Should().Be("valid");

        var entry = await stage.SendAsync(stage.Gate, "redeem_ticket", new { ticket_id = stage.Tickets[0] });
        var pending = await stage.ScanAsync(code);
        stage.Node.Clock.Advance(TimeSpan.FromSeconds(20));
        await stage.Node.SealAsync();
        var confirmed = await stage.ScanAsync(code);

        foreach (var scan in new[] { pending, confirmed })
        {
            scan.GetProperty("result").GetString().Should().Be("already_redeemed");
            scan.GetProperty("ticket").GetProperty("status").GetString().Should().Be("redeemed");
            scan.GetProperty("first").GetProperty("gate").GetString().Should().Be(stage.Gate.Id);
            scan.GetProperty("first").GetProperty("transaction_id").GetString().Should().Be(entry.GetProperty("transaction_id").GetString());
        }

        pending.GetProperty("first").GetProperty("at").GetString().Should().Be("2027-06-15T18:00:00.000Z");
        confirmed.GetProperty("first").GetProperty("at").GetString().Should().Be("2027-06-15T18:00:20.000Z");
    }

    [Fact]
    public async Task A_listed_ticket_still_lets_its_holder_in()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        await stage.SendAsync(stage.Fan, "list_ticket", new { ticket_id = stage.Tickets[0], price = Stage.Price });

        (await stage.ResultAsync(await stage.KeptCodeAsync(stage.Fan, stage.Tickets[0]))).Should().Be("valid");
    }

    [Fact]
    public async Task What_is_no_code_is_invalid_and_a_changed_one_too_wherever_it_was_changed()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        var code = Stage.CodeOf("own", stage.Tickets[0], stage.Node.Clock.Now).Format();
        var judge = stage.Node.Services.GetRequiredService<OnlineGate>();
        judge.Judge(code, stage.Gate.Address).Result.Should().Be("valid");

        string[] wrong = ["", "ST1:", "hello", new('x', 60_000), code[..^1], code[..^3], code + "0", code.ToLowerInvariant(), "ST2:" + code[4..], code[4..], Stage.CodeOf("own", stage.Tickets[0], stage.Node.Clock.Now, "another-chain").Format()];
        foreach (var text in wrong) (await stage.ResultAsync(text)).Should().Be("invalid", "{0}", text.Length > 200 ? "long" : text);
        for (var i = 0; i < code.Length; i++)
        {
            var changed = code[..i] + (code[i] == '7' ? '8' : '7') + code[(i + 1)..];
            judge.Judge(changed, stage.Gate.Address).Should().Be(new ScanContract("invalid"), "character {0} was changed", i);
        }
    }

    [Fact]
    public async Task The_first_reason_in_the_contracts_order_is_told()
    {
        using var stage = await Stage.OpenAsync();
        var now = stage.Node.Clock.Now;
        var yesterday = now.AddDays(-1);
        var other = await stage.CreateEventAsync();
        var stranger = stage.Node.OwnAccount("stranger");
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);

        // Each code is expired too, so that a later reason never hides behind an earlier one.
        (await stage.ResultAsync(Stage.CodeOf("own", new string('0', 32), yesterday).Format())).Should().Be("unknown");
        (await stage.ResultAsync(Stage.CodeOf("own", stage.Tickets[0], yesterday).Format())).Should().Be("expired");
        (await stage.ResultAsync(Stage.CodeOf("stranger", stage.Tickets[0], yesterday).Format())).Should().Be("not_owner");
        (await stage.ResultAsync(Stage.CodeOf("stranger", stage.Tickets[0], yesterday).Format(), stranger)).Should().Be("wrong_event");

        await stage.SendAsync(stage.Gate, "redeem_ticket", new { ticket_id = stage.Tickets[0] });
        (await stage.ResultAsync(Stage.CodeOf("own", stage.Tickets[0], yesterday).Format())).Should().Be("already_redeemed");
        (await stage.ResultAsync(Stage.CodeOf("stranger", stage.Tickets[0], yesterday).Format())).Should().Be("not_owner");

        await stage.SendAsync(stage.Organiser, "revoke_ticket", new { ticket_id = stage.Tickets[1] });
        (await stage.ResultAsync(Stage.CodeOf("stranger", stage.Tickets[1], yesterday).Format())).Should().Be("revoked");

        await stage.SendAsync(stage.Organiser, "cancel_event", new { event_id = stage.EventId });
        foreach (var ticket in stage.Tickets)
        {
            (await stage.ResultAsync(Stage.CodeOf("stranger", ticket, yesterday).Format())).Should().Be("event_cancelled");
            (await stage.ResultAsync(Stage.CodeOf("stranger", ticket, yesterday).Format(), stranger)).Should().Be("wrong_event");
        }

        other.Should().NotBe(stage.EventId);
    }

    [Fact]
    public async Task A_ticket_of_another_event_is_for_the_wrong_event()
    {
        using var stage = await Stage.OpenAsync();
        var gate = stage.Node.OwnAccount("gate of the other event");
        await stage.CreateEventAsync(gate);
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        var code = Stage.CodeOf("own", stage.Tickets[0], stage.Node.Clock.Now).Format();

        var scan = await stage.ScanAsync(code, gate);

        scan.GetProperty("result").GetString().Should().Be("wrong_event");
        scan.GetProperty("ticket").GetProperty("event_id").GetString().Should().Be(stage.EventId, "staff can say where to go");
    }

    [Fact]
    public async Task Former_holders_and_holders_of_returned_tickets_are_not_owners_nor_is_the_organiser_of_an_unsold_one()
    {
        using var stage = await Stage.OpenAsync();
        var now = stage.Node.Clock.Now;
        var organiser = stage.Node.OwnAccount("organiser with a key");
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        await stage.SendAsync(stage.Own, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = stage.Fan.Id });
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);
        await stage.SendAsync(stage.Own, "return_ticket", new { ticket_id = stage.Tickets[1] });
        var sessions = new[] { new { date = "2027-07-01", time = "19:30" } };
        var created = await stage.SendAsync(organiser, "create_event", new { name = "Own", venue = "Hall", sessions, gates = new[] { stage.Gate.Id } });
        var issued = await stage.SendAsync(organiser, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "1" }, price = 1 });

        (await stage.ResultAsync(Stage.CodeOf("own", stage.Tickets[0], now).Format())).Should().Be("not_owner");
        (await stage.ResultAsync(Stage.CodeOf("own", stage.Tickets[1], now).Format())).Should().Be("not_owner");
        (await stage.ResultAsync(Stage.CodeOf("organiser with a key", issued.GetProperty("ticket_ids")[0].GetString()!, now).Format())).Should().Be("not_owner");
    }

    [Fact]
    public async Task A_code_is_good_for_thirty_seconds_either_way()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);

        foreach (var seconds in new[] { -30, -1, 0, 1, 30 }) (await ResultAsync(seconds)).Should().Be("valid", "it was made {0} s from now", seconds);
        foreach (var seconds in new[] { -86_400, -31, 31, 86_400 }) (await ResultAsync(seconds)).Should().Be("expired", "it was made {0} s from now", seconds);

        Task<string?> ResultAsync(int seconds) => stage.ResultAsync(Stage.CodeOf("own", stage.Tickets[0], stage.Node.Clock.Now.AddSeconds(seconds)).Format());
    }

    [Fact]
    public async Task A_request_that_is_malformed_is_no_scan()
    {
        using var node = new NodeFactory();
        var gate = node.OwnAccount("gate").Id;
        var api = node.Api;

        await api.PostRefusedAsync("/gate/scan", "{", HttpStatusCode.BadRequest, "malformed_json");
        await api.PostRefusedAsync("/gate/scan", "[]", HttpStatusCode.BadRequest, "malformed_json");
        await api.PostRefusedAsync("/gate/scan", $$"""{"code":"a","code":"b","gate":"{{gate}}"}""", HttpStatusCode.BadRequest, "duplicate_key");
        await api.PostRefusedAsync("/gate/scan", new { gate }, HttpStatusCode.BadRequest, "missing_field");
        await api.PostRefusedAsync("/gate/scan", new { code = "ST1:" }, HttpStatusCode.BadRequest, "missing_field");
        await api.PostRefusedAsync("/gate/scan", new { code = "ST1:", gate, other = 1 }, HttpStatusCode.BadRequest, "unknown_field");
        await api.PostRefusedAsync("/gate/scan", new { code = 1, gate }, HttpStatusCode.BadRequest, "invalid_field");
        await api.PostRefusedAsync("/gate/scan", new { code = "ST1:", gate = "0x" + gate[2..].ToUpperInvariant() }, HttpStatusCode.BadRequest, "invalid_field");
        await api.PostRefusedAsync("/gate/scan", new { code = new string('x', 65_536), gate }, HttpStatusCode.RequestEntityTooLarge, "too_large");
        using var form = await api.Http.PostAsync("/gate/scan", new StringContent("code=1", Encoding.UTF8, "application/x-www-form-urlencoded"));
        form.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }
}
